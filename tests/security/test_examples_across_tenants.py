"""Every documented call, made by another taxpayer with the ids of the first: nothing is found, nothing changes."""

import re
from typing import Any

import pytest

from core.tenants import Role
from tests.docs.api_examples import PAGE, Example, examples_in, replaced
from tests.docs.example_scenes import SCENES
from tests.unit.graphql.api import start_api

# Words of the page that stand for something else than an id of the taxpayer's own.
NO_IDS_OF_OURS = frozenset({"<id at the PAC>"})


def ids_in(variables: Any) -> list[str]:
    """The words in angle brackets that stand for ids of the taxpayer."""
    if isinstance(variables, dict):
        return [word for value in variables.values() for word in ids_in(value)]
    if isinstance(variables, list):
        return [word for value in variables for word in ids_in(value)]
    is_word = isinstance(variables, str) and re.fullmatch(r"<[^<>]+>", variables)
    return [variables] if is_word and variables not in NO_IDS_OF_OURS else []


EXAMPLES = [example for example in examples_in(PAGE.read_text(encoding="utf-8")) if ids_in(example.variables)]
OTHER_RUC = "155000002-2-2020"


def codes_of(content: dict[str, Any]) -> list[str]:
    """The codes of the answer's errors, wherever they stand."""
    payloads = [payload for payload in (content.get("data") or {}).values() if isinstance(payload, dict)]
    found = [error["code"] for payload in payloads for error in payload.get("errors", ())]
    return found + [error["extensions"]["code"] for error in content.get("errors", ())]


def results_of(content: dict[str, Any]) -> list[Any]:
    """What the answer shows besides its errors: null where nothing was found, also for a list without an entry."""
    shown: list[Any] = []
    for result in (content.get("data") or {}).values():
        is_payload = isinstance(result, dict) and "errors" in result
        shown += [value for name, value in result.items() if name != "errors"] if is_payload else [result]
    return [None if isinstance(each, dict) and each.get("edges") == [] else each for each in shown]


async def asked_by_another(example: Example) -> dict[str, Any]:
    api = await start_api()
    known = {f"<{word}>": value for word, value in (await SCENES[example.scene](api)).items()}
    other = await api.world.open_shop(ruc=OTHER_RUC, name="Otra Tienda, S.A.")
    key = await api.new_key(Role.OPERATOR, other)
    answer = await api.post(example.query, replaced(example.variables, known), key=key)
    content: dict[str, Any] = answer.json()
    return content


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
async def test_another_taxpayer_finds_nothing(example: Example) -> None:
    content = await asked_by_another(example)
    assert results_of(content), content
    assert all(result is None for result in results_of(content)), content
    assert all(code.endswith("_not_found") for code in codes_of(content)), content


def test_calls_with_ids_are_walked() -> None:
    operations = {name for example in EXAMPLES for name in example.operations}
    assert {"invoice", "order", "client", "generateInvoice", "giveUpDocument", "numberLedger"} <= operations


def test_what_is_shown_is_told_from_what_is_refused() -> None:
    content = {"data": {"a": {"thing": None, "errors": [{"code": "x_not_found"}]}, "b": {"id": 1}, "c": None}}
    assert results_of(content) == [None, {"id": 1}, None]
    assert codes_of(content) == ["x_not_found"]
    assert codes_of({"errors": [{"extensions": {"code": "not_allowed"}}]}) == ["not_allowed"]
