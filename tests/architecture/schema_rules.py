"""The conventions of the API, each a pure function from a schema to what breaks it, as ``Type.field: why``.

They are written for callers in docs/api-conventions.md.
"""

import re
from collections.abc import Callable, Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_list_type,
    is_specified_scalar_type,
)

Rule = Callable[[GraphQLSchema], Iterator[str]]

CREATING = ("create", "generate", "issue", "reissue", "record", "import")
CHANGING = (
    *("update", "set", "cancel", "delete", "void", "convert", "reverse", "resend", "request", "attach"),
    *("adopt", "confirm", "giveUp", "archive", "restore", "revoke", "close"),
    *("onboard", "resume", "replace"),  # a saga by RUC: asked again it goes on where it stands, so it takes no key
    "make",  # packs what is there: asked again it gives the same bytes, so it takes no key
)
NAMES_OF_MOMENTS = re.compile(r"[a-z]At$|Until$|Since$")
NAMES_OF_MONEY = re.compile(r"^(amount|total|balance|price)$|(Amount|Total|Price|Discount|Balance)$")
DEPRECATION = re.compile(
    r"Use `(?P<successor>[^`]+)`\. Deprecated since (?P<since>[0-9.]+), removed in (?P<gone>[0-9.]+)\."
)


def mutations_answer_with_payloads(schema: GraphQLSchema) -> Iterator[str]:
    """Each mutation gives a payload type with ``errors: [UserError!]!``; what else it has may be null."""
    for name, field in _mutations(schema):
        payload = get_named_type(field.type)
        if not payload.name.endswith("Payload") or not isinstance(payload, GraphQLObjectType):
            yield f"Mutation.{name}: gives {payload.name}, not a payload"
            continue
        if isinstance(field.type, GraphQLNonNull):
            yield f"Mutation.{name}: must be nullable, so that one denied mutation leaves the others alone"
        if "errors" not in payload.fields or str(payload.fields["errors"].type) != "[UserError!]!":
            yield f"{payload.name}: has no errors: [UserError!]!"
        for each, result in payload.fields.items():
            if each != "errors" and isinstance(result.type, GraphQLNonNull):
                yield f"{payload.name}.{each}: must be nullable: a refusal has none"


def lists_of_things_are_connections(schema: GraphQLSchema) -> Iterator[str]:
    """What has an id and may be many is given page by page."""
    for owner, name, field in _fields(schema):
        entry = get_named_type(field.type)
        has_id = isinstance(entry, GraphQLObjectType) and "id" in entry.fields
        if has_id and is_list_type(get_nullable_type(field.type)):
            yield f"{owner}.{name}: is a list of {entry.name}, not a connection"


def pages_have_one_shape(schema: GraphQLSchema) -> Iterator[str]:
    """``edges { node cursor } pageInfo``, asked for with ``first`` and ``after``."""
    for kind in _objects(schema):
        subject = kind.name.removesuffix("Connection")
        if subject == kind.name:
            continue
        shape = {name: str(field.type) for name, field in kind.fields.items()}
        if shape.get("edges") != f"[{subject}Edge!]!" or shape.get("pageInfo") != "PageInfo!":
            yield f"{kind.name}: must have edges: [{subject}Edge!]! and pageInfo: PageInfo!"
            continue
        edge = schema.type_map[f"{subject}Edge"]
        if isinstance(edge, GraphQLObjectType) and not {"node", "cursor"} <= edge.fields.keys():
            yield f"{edge.name}: must have node and cursor"
    for owner, name, field in _fields(schema):
        arguments = {each: str(argument.type) for each, argument in field.args.items()}
        is_page = get_named_type(field.type).name.endswith("Connection")
        if is_page and (arguments.get("first") != "Int!" or arguments.get("after") != "String"):
            yield f"{owner}.{name}: a page is asked for with first: Int! = ... and after: String"
        if not is_page and "after" in arguments:
            yield f"{owner}.{name}: is paged, and gives no connection"


def creating_takes_a_key(schema: GraphQLSchema) -> Iterator[str]:
    """A call that makes something can be repeated after a lost answer."""
    for name, field in _mutations(schema):
        if not name.startswith((*CREATING, *CHANGING)):
            yield f"Mutation.{name}: does it create? name its verb in CREATING or CHANGING of schema_rules.py"
        if name.startswith(CREATING) and not _takes_a_key(field):
            yield f"Mutation.{name}: must take idempotencyKey: String!"


def _takes_a_key(field: GraphQLField) -> bool:
    """One for the call, or, where many are made at once, one in each entry of the list."""
    key = field.args.get("idempotencyKey")
    if key is not None:
        return str(key.type) == "String!"
    lists = [argument.type for argument in field.args.values() if re.fullmatch(r"\[\w+!\]!", str(argument.type))]
    entries = [get_named_type(kind) for kind in lists]
    return any(
        isinstance(entry, GraphQLInputObjectType)
        and "idempotencyKey" in entry.fields
        and str(entry.fields["idempotencyKey"].type) == "String!"
        for entry in entries
    )


def everything_is_described(schema: GraphQLSchema) -> Iterator[str]:
    """Types and operations say what they are; parts of a page and payloads are what their names say."""
    for kind in _types(schema):
        if (
            not kind.name.endswith(("Connection", "Edge", "Payload"))
            and not kind.description
            and kind not in _roots(schema)
        ):
            yield f"{kind.name}: has no description"
    for root in _roots(schema):
        for name, field in root.fields.items():
            if not field.description:
                yield f"{root.name}.{name}: has no description"


def names_keep_their_form(schema: GraphQLSchema) -> Iterator[str]:
    """Types like ``DebitNote``, fields like ``issuedAt``, values like ``IN_DOUBT``; inputs end in Input or Filter."""
    for kind in _types(schema):
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", kind.name):
            yield f"{kind.name}: a type is named like DebitNote"
        if isinstance(kind, GraphQLInputObjectType) and not kind.name.endswith(("Input", "Filter")):
            yield f"{kind.name}: an input is named like SaleInput"
        if isinstance(kind, GraphQLEnumType):
            for value in kind.values:
                if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", value):
                    yield f"{kind.name}.{value}: a value is named like IN_DOUBT"
    for owner, name, field in _fields(schema):
        for each in (name, *field.args):
            if not re.fullmatch(r"[a-z][a-zA-Z0-9]*", each):
                yield f"{owner}.{each}: a field is named like issuedAt"


def money_and_time_have_their_types(schema: GraphQLSchema) -> Iterator[str]:
    """Money is Decimal, a moment DateTime; a binary fraction is nowhere."""
    for owner, name, kind in _values(schema):
        if kind.name == "Float":
            yield f"{owner}.{name}: Float cannot hold cents"
        if NAMES_OF_MONEY.search(name) and kind.name != "Decimal":
            yield f"{owner}.{name}: is money, and no Decimal"
        if NAMES_OF_MOMENTS.search(name) and kind.name not in {"DateTime", "Date"}:
            yield f"{owner}.{name}: is a moment, and no DateTime"


def lists_have_no_holes(schema: GraphQLSchema) -> Iterator[str]:
    """A list holds no nulls and is itself there; only a root may fail alone, and a refused payload has none."""
    roots = {root.name for root in _roots(schema)}
    for owner, name, field in _fields(schema):
        text = str(field.type)
        may_be_null = owner in roots or owner.endswith("Payload")
        if text.startswith("[") and not re.fullmatch(r"\[\w+!\]!?" if may_be_null else r"\[\w+!\]!", text):
            yield f"{owner}.{name}: {text} may have holes"


def deprecations_say_what_next(schema: GraphQLSchema) -> Iterator[str]:
    """The reason names a successor that exists, since when, and the version that has it no more."""
    for name, reason in _deprecated(schema):
        said = DEPRECATION.fullmatch(reason)
        if said is None:
            yield f"{name}: the reason must read: Use `Type.field`. Deprecated since 1.2.0, removed in 2.0.0."
        elif not _exists(schema, said["successor"]):
            yield f"{name}: its successor {said['successor']} does not exist"
        elif not _is_late_enough(said["since"], said["gone"]):
            yield f"{name}: goes too early: in a new major version, before 1.0.0 two minor versions later"


def _is_late_enough(since: str, gone: str) -> bool:
    """The policy of docs/api-conventions.md."""
    told, end = ([int(part) for part in version.split(".")] for version in (since, gone))
    if len(told) != 3 or len(end) != 3:
        return False
    soonest = [0, told[1] + 2, 0] if told[0] == 0 else [told[0] + 1, 0, 0]
    return end >= soonest


def _exists(schema: GraphQLSchema, coordinate: str) -> bool:
    owner, _, member = coordinate.partition(".")
    kind = schema.type_map.get(owner)
    if not member:
        return kind is not None or any(owner in root.fields for root in _roots(schema))
    if isinstance(kind, GraphQLEnumType):
        return member in kind.values
    field, _, argument = member.partition("(")
    parts = kind.fields if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType) else {}
    if not argument:
        return field in parts
    found = parts.get(field)
    return isinstance(found, GraphQLField) and argument.removesuffix(":)") in found.args


def _deprecated(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    for kind in _types(schema):
        if isinstance(kind, GraphQLEnumType):
            entries = [(name, value.deprecation_reason) for name, value in kind.values.items()]
        elif isinstance(kind, GraphQLInputObjectType | GraphQLObjectType):
            entries = [(name, field.deprecation_reason) for name, field in kind.fields.items()]
        else:
            continue
        yield from ((f"{kind.name}.{name}", reason) for name, reason in entries if reason is not None)
    for owner, name, field in _fields(schema):
        for each, argument in field.args.items():
            if argument.deprecation_reason is not None:
                yield f"{owner}.{name}({each}:)", argument.deprecation_reason


def _values(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLNamedType]]:
    """Fields of objects and inputs, and arguments, each with its named type."""
    for kind in _types(schema):
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            yield from ((kind.name, name, get_named_type(field.type)) for name, field in kind.fields.items())
    for owner, name, field in _fields(schema):
        yield from ((f"{owner}.{name}", each, get_named_type(argument.type)) for each, argument in field.args.items())


def _types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for kind in schema.type_map.values():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            yield kind


def _objects(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    yield from (kind for kind in _types(schema) if isinstance(kind, GraphQLObjectType))


def _fields(schema: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    for kind in _objects(schema):
        yield from ((kind.name, name, field) for name, field in kind.fields.items())


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    return [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]


def _mutations(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    yield from schema.mutation_type.fields.items() if schema.mutation_type else ()
