"""The JSON schemas of the wire contract, by name."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft7Validator

_FILE = Path(__file__).parents[2] / "vectors" / "alanube_schema.json"


@cache
def schema(name: str) -> Draft7Validator:
    """The validator of one definition: a resource of documents, ``post``, ``get``, ``webhook`` and so on."""
    whole = json.loads(_FILE.read_text(encoding="utf-8"))
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": whole["definitions"]})
