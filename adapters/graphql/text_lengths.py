"""How long a text in the variables may be, by the type that it is meant for: a file in base64 is no name."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    OperationDefinitionNode,
    type_from_ast,
)

from adapters.graphql.plain_text import refuse_length
from core.errors import Path

FILE_SCALAR = "Base64"


def refuse_long_texts(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any], characters_max: int
) -> None:
    """Files excepted, which are bounded before. Raises MalformedInputError with the path of the text.

    What the operation does not declare is not looked at, for nothing reads it.
    """
    for definition in operation.variable_definitions or ():
        name, kind = definition.variable.name.value, type_from_ast(schema, definition.type)
        if name in variables and kind is not None:
            _refuse(variables[name], kind, (name,), characters_max)


def _refuse(value: object, kind: GraphQLType, path: Path, characters_max: int) -> None:
    if isinstance(kind, GraphQLNonNull):
        _refuse(value, kind.of_type, path, characters_max)
    elif isinstance(kind, GraphQLList):
        if not isinstance(value, list):  # one value stands for a list of one
            _refuse(value, kind.of_type, path, characters_max)
            return
        for place, entry in enumerate(value):
            _refuse(entry, kind.of_type, (*path, place), characters_max)
    elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, dict):
        for name in kind.fields.keys() & value.keys():
            _refuse(value[name], kind.fields[name].type, (*path, name), characters_max)
    elif isinstance(value, str) and getattr(kind, "name", None) != FILE_SCALAR:
        refuse_length(value, path, characters_max=characters_max)
