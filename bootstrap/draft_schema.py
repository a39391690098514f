"""The JSON schema of a preview's file, made from the GraphQL schema so that the two cannot part ways."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)

from bootstrap.draft_files import preview_input_type

JsonSchema = dict[str, Any]

_SCALARS: dict[str, JsonSchema] = {
    "Decimal": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,6})?$", "maxLength": 40},
    "DateTime": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    },
    "Date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Int": {"type": "integer"},
}


def preview_schema() -> JsonSchema:
    """Draft 2020-12; closed everywhere, amounts are strings, null means left out."""
    definitions: dict[str, JsonSchema] = {}
    root = _object(preview_input_type(), definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A document for istmo preview: the input of previewInvoice",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(shape: GraphQLInputObjectType, definitions: dict[str, JsonSchema]) -> JsonSchema:
    properties = {name: _described(field, definitions) for name, field in shape.fields.items()}
    required = [name for name, field in shape.fields.items() if isinstance(field.type, GraphQLNonNull)]
    described = {"description": shape.description} if shape.description else {}
    return {
        **described,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
    }


def _described(field: Any, definitions: dict[str, JsonSchema]) -> JsonSchema:
    described = {"description": field.description} if field.description else {}
    return {**described, **_value(field.type, definitions)}


def _value(kind: GraphQLInputType, definitions: dict[str, JsonSchema]) -> JsonSchema:
    if isinstance(kind, GraphQLNonNull):
        return _present(kind.of_type, definitions)
    return {"anyOf": [_present(kind, definitions), {"type": "null"}]}


def _present(kind: Any, definitions: dict[str, JsonSchema]) -> JsonSchema:
    if isinstance(kind, GraphQLList):
        return {"type": "array", "items": _value(kind.of_type, definitions)}
    if isinstance(kind, GraphQLScalarType):
        return dict(_SCALARS[kind.name])
    if kind.name not in definitions:
        definitions[kind.name] = {}  # holds the place of a type that names itself
        definitions[kind.name] = (
            {"enum": list(kind.values)} if isinstance(kind, GraphQLEnumType) else _object(kind, definitions)
        )
    return {"$ref": f"#/$defs/{kind.name}"}
