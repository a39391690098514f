"""An idempotency key makes createOffice, createClient and createOrder safe to repeat, over HTTP."""

from typing import Any

import pytest

from tests.unit.graphql.api import AN_ORDER, Api

OFFICE = {
    "code": "0002",
    "address": "Vía España",
    "coordinates": "+8.9892,-79.5201",
    "locationCode": "8-8-7",
    "telephone": "200-0102",
}
CLIENT = {"name": "Panadería Sol", "receiverType": "FINAL_CONSUMER", "emails": ["sol@example.com"]}
KINDS = {
    "office": ("createOffice", "CreateOfficeInput", OFFICE, {"address": "Calle 50"}),
    "client": ("createClient", "CreateClientInput", CLIENT, {"emails": []}),
    "order": ("createOrder", "CreateOrderInput", AN_ORDER, {"externalId": "POS-1"}),
}


def mutation(kind: str) -> str:
    name, input_type, _, _ = KINDS[kind]
    return f"""mutation($input: {input_type}!, $key: String) {{ {name}(input: $input, idempotencyKey: $key) {{
      {kind} {{ id }} errors {{ code path }} }} }}"""


async def create(api: Api, kind: str, given: dict[str, Any], key: str | None) -> dict[str, Any]:
    (payload,) = (await api.run(mutation(kind), {"input": given, "key": key})).values()
    return dict(payload)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_call_again_gives_the_same_thing_back(api: Api, kind: str) -> None:
    _, _, given, changed = KINDS[kind]
    first = await create(api, kind, given, "once")
    assert first["errors"] == []
    assert await create(api, kind, given, "once") == first
    again = await create(api, kind, dict(reversed(given.items())), "once")
    assert again == first
    refused = await create(api, kind, given | changed, "once")
    assert refused == {kind: None, "errors": [{"code": "idempotency_conflict", "path": []}]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_malformed_key_is_refused_with_its_path(api: Api, kind: str, key: str) -> None:
    refused = await create(api, kind, KINDS[kind][2], key)
    assert refused == {kind: None, "errors": [{"code": "malformed_idempotency_key", "path": ["idempotencyKey"]}]}


@pytest.mark.parametrize("kind", ["client", "order"])
async def test_without_a_key_every_call_makes_a_new_one(api: Api, kind: str) -> None:
    given = KINDS[kind][2]
    made = {(await create(api, kind, given, None))[kind]["id"] for _ in range(2)}
    assert len(made) == 2


async def test_amounts_that_mean_the_same_are_the_same_input(api: Api) -> None:
    line = AN_ORDER["lines"][0]
    first = await create(api, "order", AN_ORDER, "once")
    respelled = {"lines": [line | {"quantity": "3.000", "unitPrice": "12.5", "itbms": None}]}
    assert await create(api, "order", respelled, "once") == first
