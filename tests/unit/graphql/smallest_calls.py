"""The smallest well-formed call of any operation, made from the schema: no list of operations to keep in step."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

_SCALARS: dict[str, Any] = {
    "ID": "x",
    "String": "x",
    "Int": 1,
    "Boolean": True,
    "Decimal": "1.00",
    "DateTime": "2026-01-15T12:00:00-05:00",
    "Date": "2026-01-15",
    "Secret": "x",
    "Base64": "eA==",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A query text with its variables."""

    query: str
    variables: dict[str, Any]


def smallest_calls(schema: GraphQLSchema) -> dict[str, Call]:
    """One call for each query and mutation, by its name, with the arguments that must be given and no other."""
    calls: dict[str, Call] = {}
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, field in root.fields.items() if root else ():
            calls[name] = _call(kind, name, field)
    return calls


def smallest_value(kind: GraphQLInputType) -> Any:
    """A value that the type accepts. Raises KeyError for a scalar that this module does not know yet."""
    if isinstance(kind, GraphQLNonNull):
        return smallest_value(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [smallest_value(kind.of_type)]
    if isinstance(kind, GraphQLScalarType):
        return _SCALARS[kind.name]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        demanded = {name: entry for name, entry in kind.fields.items() if is_required_input_field(entry)}
        if kind.is_one_of and not demanded:
            demanded = dict([next(iter(kind.fields.items()))])
        return {name: smallest_value(entry.type) for name, entry in demanded.items()}
    raise TypeError(f"{kind} is no input type")


def _call(kind: str, name: str, field: GraphQLField) -> Call:
    demanded = {each: argument for each, argument in field.args.items() if is_required_argument(argument)}
    declared = ", ".join(f"${each}: {argument.type}" for each, argument in demanded.items())
    passed = ", ".join(f"{each}: ${each}" for each in demanded)
    selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return Call(
        query=f"{kind}{f'({declared})' if declared else ''} {{ {name}{f'({passed})' if passed else ''}{selection} }}",
        variables={each: smallest_value(argument.type) for each, argument in demanded.items()},
    )
