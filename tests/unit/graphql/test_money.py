"""Money is a string of digits, on the way in and on the way out."""

from typing import Any

import pytest

from tests.unit.graphql.api import CREATE_ORDER, Api


def order_with_price(price: Any) -> dict[str, Any]:
    return {"input": {"lines": [{"description": "Martillo", "quantity": "1", "unitPrice": price}]}}


@pytest.mark.parametrize(
    ("price", "kind"), [(12.5, "float"), (12, "int"), (True, "bool"), (["1"], "list"), ({}, "dict")]
)
async def test_a_json_number_is_refused_with_its_path_and_what_to_send(api: Api, price: Any, kind: str) -> None:
    error = await api.refused(CREATE_ORDER, order_with_price(price))
    assert error["extensions"]["code"] == "money_not_a_string"
    assert error["extensions"]["path"] == ["input", "lines", "0", "unitPrice"]
    assert error["message"] == f'The amount must be a string such as "12.50", not {kind}.'


@pytest.mark.parametrize("literal", ["12.5", "12", "-1.0", "true"])
async def test_a_number_in_the_query_itself_is_refused_too(api: Api, literal: str) -> None:
    query = (
        'mutation { createOrder(input: {lines: [{description: "x", quantity: "1", unitPrice: %s}]}) { order { id } } }'
    )
    error = await api.refused(query % literal)
    assert error["extensions"]["code"] == "money_not_a_string"
    assert error["locations"]


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "-1",
        "-0",
        "+1",
        "1e308",
        "1E2",
        "1,000.00",
        "0x10",
        "١",
        " 1",
        "1 ",
        "",
        ".5",
        "1.",
        "1.0000001",
        "999999999999",
        "9" * 5000,
        "1_000",
        "12.50 USD",
    ],
)
async def test_text_that_is_no_plain_amount_is_refused(api: Api, text: str) -> None:
    error = await api.refused(CREATE_ORDER, order_with_price(text))
    assert error["extensions"]["code"] == "malformed_amount"
    assert error["extensions"]["path"] == ["input", "lines", "0", "unitPrice"]
    assert len(error["message"]) < 300


async def test_an_amount_that_reaches_a_store_comes_back_with_its_digits(api: Api) -> None:
    created = await api.run(CREATE_ORDER, order_with_price("0.005"))
    order_id = created["createOrder"]["order"]["id"]
    read = await api.run("query($id: ID!) { order(id: $id) { lines { unitPrice quantity } } }", {"id": order_id})
    assert read["order"]["lines"] == [{"unitPrice": "0.005", "quantity": "1"}]


@pytest.mark.parametrize(
    "moment", ["2026-11-24", "2026-11-24T10:00:00", "yesterday", "2026-13-01T00:00:00Z", 1700000000]
)
async def test_a_moment_without_its_offset_is_refused(api: Api, moment: Any) -> None:
    query = "query($f: DocumentFilter) { invoices(filter: $f) { edges { cursor } } }"
    error = await api.refused(query, {"f": {"updatedSince": moment}})
    assert error["extensions"]["code"] == "malformed_input"
    assert error["extensions"]["path"] == ["f", "updatedSince"]


@pytest.mark.parametrize("day", ["2026-02-30", "24/11/2026", "2026-11-24T00:00:00Z", 20261124])
async def test_a_day_that_does_not_exist_is_refused(api: Api, day: Any) -> None:
    order = order_with_price("1.00")
    order["input"]["instalments"] = [{"dueOn": day, "amount": "1.00"}]
    error = await api.refused(CREATE_ORDER, order)
    assert error["extensions"]["path"] == ["input", "instalments", "0", "dueOn"]
