"""Input that a business should not send: a stable code, a clear message, no number taken, nothing left behind."""

from typing import Any

import pytest

from tests.unit.graphql.api import CREATE_INVOICE, CREATE_ORDER, Api, start_api


@pytest.fixture
async def api() -> Api:
    return await start_api()


def line(**changes: Any) -> dict[str, Any]:
    """A good line with changes."""
    return {"description": "Martillo", "quantity": "1", "unitPrice": "10.00"} | changes


async def refused_codes(api: Api, **invoice: Any) -> set[str]:
    """The codes that an invoice is refused with, and that nothing was recorded."""
    answer = await api.post(CREATE_INVOICE, {"input": {"lines": [line()]} | invoice, "key": "k"})
    content = answer.json()
    assert answer.status_code in (200, 400)
    listed = await api.run("{ invoices { edges { cursor } } }")
    assert listed == {"invoices": {"edges": []}}
    if "errors" in content:
        return {error["extensions"]["code"] for error in content["errors"]}
    errors = content["data"]["createInvoice"]["errors"]
    assert all(error["message"] and error["hint"] for error in errors)
    return {error["code"] for error in errors if error["severity"] == "ERROR"}


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line(quantity="-1")],
        [line(quantity="0")],
        [line(quantity="NaN")],
        [line(unitPrice="-0")],
        [line(unitPrice="1e308")],
        [line(unitPrice="1000000000000000")],
        [line(quantity=1)],
        [line(unitPrice=10.0)],
        [line(description="")],
        [line(description="x" * 501)],
        [line(description="bad\u0007bell")],
        [line(unitDiscount="11.00")],
        [line()] * 1_001,
        [line()] * 10_000,
    ],
    ids=[
        "none",
        "negative",
        "zero",
        "NaN",
        "minus zero",
        "1e308",
        "10^15",
        "an int",
        "a float",
        "no description",
        "a long description",
        "a control character",
        "a discount above the price",
        "1,001 lines",
        "10,000 lines",
    ],
)
async def test_lines_that_cannot_be_billed_are_refused(api: Api, lines: list[Any]) -> None:
    assert await refused_codes(api, lines=lines)


@pytest.mark.parametrize(
    "receiver",
    [
        {"receiverType": "TAXPAYER"},
        {"receiverType": "TAXPAYER", "ruc": "155777777-2-2021"},
        {"receiverType": "TAXPAYER", "ruc": "155777777-2-2021", "contributorType": "JURIDICO", "dv": "99"},
        {"receiverType": "TAXPAYER", "ruc": "  155777777 - 2 - 2021  x", "contributorType": "JURIDICO"},
        {"receiverType": "TAXPAYER", "ruc": "9" * 500, "contributorType": "NATURAL"},
        {"receiverType": "TAXPAYER", "ruc": "'; DROP TABLE documents; --", "contributorType": "NATURAL"},
        {"receiverType": "FOREIGNER"},
        {"receiverType": "GOVERNMENT", "name": "Ministerio"},
        {"emails": ["not an address"]},
        {"emails": ["a@example.com"] * 4},
    ],
)
async def test_receivers_that_the_dgi_would_refuse_are_refused(api: Api, receiver: dict[str, Any]) -> None:
    assert await refused_codes(api, receiver=receiver)


@pytest.mark.parametrize("point", ["000", "1000", "999", "1", "abc", "００１"])
async def test_a_billing_point_of_no_office_is_refused(api: Api, point: str) -> None:
    assert await refused_codes(api, billingPoint=point) == {"billing_point_not_of_office"}


@pytest.mark.parametrize("name", ["clientId", "officeId", "billingPoint"])
async def test_an_empty_name_is_no_wish_for_the_default(api: Api, name: str) -> None:
    assert await refused_codes(api, **{name: ""}) == {"malformed_input"}


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "malformed_idempotency_key"),
        ("x" * 201, "malformed_idempotency_key"),
        ("a\nb", "malformed_idempotency_key"),
    ],
)
async def test_a_key_that_is_none_is_refused(api: Api, key: str, code: str) -> None:
    data = await api.run(CREATE_INVOICE, {"input": {"lines": [line()]}, "key": key})
    error = data["createInvoice"]["errors"][0]
    assert (error["code"], error["path"]) == (code, ["idempotencyKey"])


@pytest.mark.parametrize("wait", [-1, 31, 10_000])
async def test_waiting_longer_than_half_a_minute_is_refused(api: Api, wait: int) -> None:
    data = await api.run(CREATE_INVOICE, {"input": {"lines": [line()]}, "key": "k", "wait": wait})
    error = data["createInvoice"]["errors"][0]
    assert (error["code"], error["path"]) == ("malformed_input", ["waitSeconds"])


async def test_a_payment_that_misses_the_total_is_refused(api: Api) -> None:
    assert await refused_codes(api, payments=[{"form": "CASH", "amount": "10.69"}])


async def test_a_tie_is_rounded_half_up(api: Api) -> None:
    invoice = {"lines": [line(quantity="1", unitPrice="0.50", itbms="GENERAL_7")]}
    payload = (await api.run(CREATE_INVOICE, {"input": invoice, "key": "k"}))["createInvoice"]
    assert payload["invoice"]["totals"]["total"] == "0.54"


async def test_every_script_of_the_world_may_name_an_item(api: Api) -> None:
    description = "Café ☕ ñandú e\u0301 𝔘𝔫𝔦 👩‍👩‍👧 日本"
    created = await api.run(CREATE_ORDER, {"input": {"lines": [line(description=description)]}})
    assert created["createOrder"]["errors"] == []
    order_id = created["createOrder"]["order"]["id"]
    read = await api.run("query($id: ID!) { order(id: $id) { lines { description } } }", {"id": order_id})
    assert read["order"]["lines"][0]["description"] == description


@pytest.mark.parametrize(
    ("client", "path"),
    [
        ({"name": ""}, ["input", "name"]),
        ({"name": "x" * 201}, ["input", "name"]),
        ({"name": "Sol", "ruc": "8-1-1"}, ["input", "contributorType"]),
        ({"name": "Sol", "ruc": "8-8", "contributorType": "NATURAL", "receiverType": "TAXPAYER"}, ["input", "ruc"]),
        ({"name": "Sol", "receiverType": "TAXPAYER"}, ["input", "ruc"]),
        ({"name": "Sol"}, ["input", "receiverType"]),
    ],
)
async def test_a_client_that_is_none_is_refused(api: Api, client: dict[str, Any], path: list[str]) -> None:
    query = "mutation($i: CreateClientInput!) { createClient(input: $i) { client { id } errors { code path } } }"
    payload = (await api.run(query, {"i": client}))["createClient"]
    assert payload["client"] is None
    assert payload["errors"][0]["path"] == path
