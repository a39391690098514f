"""The typed client of examples/typed_client is the one that the schema and its operations make."""

import re
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    OperationDefinitionNode,
    is_required_input_field,
    parse,
    print_ast,
    validate,
)
from pydantic import BaseModel

from adapters.graphql.schema_building import build_schema
from examples.typed_client.istmo_client import enums, fragments, inputs, who_am_i
from tests.docs.marked_places import ROOT

FOLDER = ROOT / "examples" / "typed_client"
WRITTEN = parse((FOLDER / "operations.graphql").read_text(encoding="utf-8"))
CLIENT = (FOLDER / "istmo_client" / "client.py").read_text(encoding="utf-8")
REMEDY = "run `make typed-client`"


def definitions_of(document: DocumentNode) -> dict[str, str]:
    """Operations and fragments by their names, printed in one way."""
    found = (
        each for each in document.definitions if isinstance(each, OperationDefinitionNode | FragmentDefinitionNode)
    )
    return {each.name.value: print_ast(each) for each in found if each.name}


def generated(module: ModuleType, kind: type) -> dict[str, type]:
    """The classes of one kind that a generated module defines."""
    return {
        name: each
        for name, each in vars(module).items()
        if isinstance(each, type) and issubclass(each, kind) and each.__module__ == module.__name__
    }


ENUMS = {name: cast("type[Enum]", each) for name, each in generated(enums, Enum).items()}
INPUTS = {name: cast("type[BaseModel]", each) for name, each in generated(inputs, BaseModel).items()}


def shown_enums() -> set[str]:
    """The enums that answers hold: a value that the client does not know would be an error of the program."""
    return {name for module in (fragments, who_am_i) for name in ENUMS if name in vars(module)}


def test_its_operations_fit_the_schema() -> None:
    assert validate(build_schema(), WRITTEN) == []


def test_it_asks_what_the_operations_say() -> None:
    asked: dict[str, str] = {}
    for text in re.findall(r'gql\("""(.*?)"""\)', CLIENT, re.DOTALL):
        asked |= definitions_of(parse(text))
    assert asked == definitions_of(WRITTEN), REMEDY


def test_its_connection_is_the_one_beside_it() -> None:
    source = (FOLDER / "istmo_connection.py").read_text(encoding="utf-8")
    copy = (FOLDER / "istmo_client" / "istmo_connection.py").read_text(encoding="utf-8")
    assert copy.partition("\n\n")[2] == source, REMEDY


@pytest.mark.parametrize("name", ENUMS)
def test_its_enums_are_the_schemas(name: str) -> None:
    kind = build_schema().type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    values = {member.value for member in ENUMS[name]}
    assert values <= kind.values.keys(), REMEDY
    if name in shown_enums():
        assert values == kind.values.keys(), REMEDY


@pytest.mark.parametrize("name", INPUTS)
def test_its_inputs_say_all_that_must_be_said_and_nothing_unheard_of(name: str) -> None:
    kind = build_schema().type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    fields = INPUTS[name].model_fields
    assert fields.keys() <= kind.fields.keys(), REMEDY
    demanded = {field for field, entry in kind.fields.items() if is_required_input_field(entry)}
    assert {field for field, info in fields.items() if info.is_required()} == demanded, REMEDY


def test_the_enums_of_answers_are_found() -> None:
    assert shown_enums() == {"Submission", "LegalStatus", "Role", "Environment"}
    assert {"CreateInvoiceInput", "LineInput"} <= INPUTS.keys()


def test_the_generator_is_pinned() -> None:
    (line,) = Path(FOLDER / "requirements.txt").read_text(encoding="utf-8").split()
    assert re.fullmatch(r"ariadne-codegen==\d+\.\d+\.\d+", line)
