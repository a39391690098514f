"""What differs between two schemas, name by name, and which of it the changelog must say.

A name is a schema coordinate: ``Type``, ``Type.field``, ``Type.field(argument:)``, ``Enum.VALUE``, ``@directive``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    find_breaking_changes,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)
from graphql.utilities.get_default_value_ast import get_default_value_ast

from tests.architecture.schema_rules import DEPRECATION

ROOTS = ("Query.", "Mutation.")


class Kind(Enum):
    """What became of a name; the value says under which headings of the changelog that may stand."""

    ADDED = ("Added", "Changed")
    CHANGED = ("Changed",)
    DEPRECATED = ("Deprecated",)
    REMOVED = ("Removed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a schema says about one name. ``owner`` is the type that the name belongs to."""

    owner: str
    signature: str
    is_demanded: bool = False  # an argument or input field that must be given
    deprecation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One name that is not what it was."""

    kind: Kind
    name: str

    @property
    def spelling(self) -> str:
        """How the changelog writes it: operations without the name of their root."""
        for root in ROOTS:
            if self.name.startswith(root):
                return self.name.removeprefix(root)
        return self.name


def parts_of(schema: GraphQLSchema) -> dict[str, Part]:
    """Every name of a schema. Descriptions are no part of it: they may be mended at any time."""
    found: dict[str, Part] = {}
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        found[name] = Part(owner=name, signature=_shape(kind))
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                found |= _field(name, f"{name}.{field_name}", field)
        elif isinstance(kind, GraphQLInputObjectType):
            for input_name, entry in kind.fields.items():
                found[f"{name}.{input_name}"] = _given(name, entry, is_demanded=is_required_input_field(entry))
        elif isinstance(kind, GraphQLEnumType):
            for value_name, value in kind.values.items():
                found[f"{name}.{value_name}"] = Part(owner=name, signature="", deprecation=value.deprecation_reason)
    for directive in schema.directives:
        if not is_specified_directive(directive):
            places = ", ".join(sorted(place.name for place in directive.locations))
            arguments = ", ".join(f"{name}: {each.type}" for name, each in sorted(directive.args.items()))
            found[f"@{directive.name}"] = Part(owner=f"@{directive.name}", signature=f"({arguments}) on {places}")
    return found


def changes_between(before: Mapping[str, Part], after: Mapping[str, Part]) -> list[Change]:
    """Every difference, in the order of names. What a new and demanded name breaks counts as changed."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None:
            found.append(Change(kind=Kind.REMOVED, name=name))
        elif old is None:
            breaks = new.is_demanded and _stands_in(name, before)
            found.append(Change(kind=Kind.CHANGED if breaks else Kind.ADDED, name=name))
        else:
            if old.signature != new.signature:
                found.append(Change(kind=Kind.CHANGED, name=name))
            if old.deprecation != new.deprecation:
                found.append(Change(kind=Kind.DEPRECATED if new.deprecation else Kind.CHANGED, name=name))
    return found


def worth_saying(before: Mapping[str, Part], after: Mapping[str, Part]) -> list[Change]:
    """The changes that need a line of their own.

    What comes or goes with something larger is said with it: the fields of a type with the type, the arguments of a
    field with the field, a new type with the new field or argument that brings it, a removed type with the last field
    that led to it.
    """
    changes = changes_between(before, after)
    added = {change.name for change in changes if change.kind is Kind.ADDED}
    removed = {change.name for change in changes if change.kind is Kind.REMOVED}
    brought, taken = _led_to(added, after), _led_to(removed, before)
    return [
        change
        for change in changes
        if not (change.kind is Kind.ADDED and _comes_with(change.name, added, brought, after))
        and not (change.kind is Kind.REMOVED and _comes_with(change.name, removed, taken, before))
    ]


def unsaid(changes: list[Change], unreleased: str) -> list[str]:
    """What the changelog does not say: one sentence for each change, with the heading and the spelling."""
    sections: dict[str, set[str]] = {}
    for heading, text in _sections(unreleased):
        sections.setdefault(heading, set()).update(re.findall(r"`([^`]+)`", text))
    return [
        f"{change.kind.name}: say `{change.spelling}` under {' or '.join(change.kind.value)}"
        for change in changes
        if not any({change.spelling, change.name} & sections.get(heading, set()) for heading in change.kind.value)
    ]


def broken_promises(before: GraphQLSchema, after: GraphQLSchema, since: str, version: str) -> list[str]:
    """What a version takes from callers of the release ``since`` against the policy of docs/api-conventions.md.

    Nothing that breaks them comes within a major version, and what goes was deprecated with that very version or an
    earlier one as its end.
    """
    problems = []
    if (major := _numbers(version)[0]) >= 1 and major == _numbers(since)[0]:
        problems += [
            f"breaks callers within version {major}: {each.description}"
            for each in find_breaking_changes(before, after)
        ]
    known = parts_of(before)
    for change in worth_saying(known, parts_of(after)):
        if change.kind is Kind.REMOVED:
            announced = DEPRECATION.fullmatch(known[change.name].deprecation or "")
            if announced is None or _numbers(announced["gone"]) > _numbers(version):
                problems.append(f"{change.name} goes in {version} and was not deprecated for it")
    return problems


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _sections(text: str) -> Iterator[tuple[str, str]]:
    pieces = re.split(r"^### (.+)$", text, flags=re.MULTILINE)[1:]
    yield from zip(pieces[::2], pieces[1::2], strict=True)


def _field(owner: str, name: str, field: GraphQLField) -> dict[str, Part]:
    found = {name: Part(owner=owner, signature=str(field.type), deprecation=field.deprecation_reason)}
    for argument_name, argument in field.args.items():
        found[f"{name}({argument_name}:)"] = _given(owner, argument, is_demanded=is_required_argument(argument))
    return found


def _given(owner: str, entry: GraphQLArgument | GraphQLInputField, *, is_demanded: bool) -> Part:
    default = get_default_value_ast(entry)
    return Part(
        owner=owner,
        signature=f"{entry.type} = {print_ast(default)}" if default else str(entry.type),
        is_demanded=is_demanded,
        deprecation=entry.deprecation_reason,
    )


def _shape(kind: object) -> str:
    shape = type(kind).__name__
    if isinstance(kind, GraphQLUnionType):
        return f"{shape} of {', '.join(sorted(member.name for member in kind.types))}"
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return f"{shape} {', '.join(sorted(face.name for face in kind.interfaces))}".strip()
    return shape


def _stands_in(name: str, parts: Mapping[str, Part]) -> bool:
    """Whether what a name belongs to was there: the field of an argument, the type of a field."""
    return _holder(name) in parts


def _holder(name: str) -> str:
    return name.partition("(")[0] if "(" in name else name.partition(".")[0]


def _comes_with(name: str, moved: set[str], led_to: set[str], parts: Mapping[str, Part]) -> bool:
    if name == parts[name].owner:
        return name in led_to
    return _holder(name) in moved or parts[name].owner in moved


def _led_to(moved: set[str], parts: Mapping[str, Part]) -> set[str]:
    """The types that moved and that a name of its own leads to, through any number of them."""
    fields_of: dict[str, list[str]] = {}
    for name, part in parts.items():
        fields_of.setdefault(part.owner, []).append(name)
    waiting = [name for name in moved if parts[name].owner not in moved]
    found: set[str] = set()
    while waiting:
        for word in re.findall(r"\w+", parts[waiting.pop()].signature):
            if word in moved and word in fields_of and word not in found:
                found.add(word)
                waiting += fields_of[word]
    return found
