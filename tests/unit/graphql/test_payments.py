"""Payments over the API: what is recorded, what the document then owes, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from core.tenants import Role
from core.use_cases.read_standings import ReadStandings
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, Api, operations_of

PAY = """
mutation Pay($id: ID!, $input: RecordPaymentInput!, $key: String!) {
  recordPayment(documentId: $id, input: $input, idempotencyKey: $key) {
    payment { id documentId amount method paidAt recordedAt recordedBy reference externalId reversal { reason } }
    document { balance paidTotal businessStatus recordedPayments { id } }
    errors { code message hint path }
  }
}
"""
TAKE_BACK = """
mutation TakeBack($id: ID!, $reason: String!, $key: String!) {
  reversePayment(paymentId: $id, reason: $reason, idempotencyKey: $key) {
    payment { id reversal { reversedAt reversedBy reason } }
    document { balance paidTotal businessStatus recordedPayments { id reversal { reason } } }
    errors { code message hint path }
  }
}
"""
OWED = """
query Owed($id: ID!) { invoice(id: $id) {
  businessStatus balance isPastDue dueOn paidTotal creditedTotal withheldTotal recordedPayments { amount }
} }
"""


def payment_input(amount: str = "10.00", **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "method": "TRANSFER", "paidAt": "2026-01-01T12:00:00-05:00"} | changes


async def an_invoice(api: Api, key: str = "sale", **changes: Any) -> str:
    created = (await api.run(CREATE_INVOICE, {"input": AN_ORDER | changes, "key": key}))["createInvoice"]
    assert created["errors"] == []
    document_id: str = created["invoice"]["id"]
    return document_id


async def pay(api: Api, document_id: str, amount: str = "10.00", *, key: str = "k", **changes: Any) -> Any:
    variables = {"id": document_id, "input": payment_input(amount, **changes), "key": key}
    return (await api.run(PAY, variables))["recordPayment"]


async def take_back(api: Api, payment_id: str, *, key: str = "k", reason: str = "cheque devuelto") -> Any:
    return (await api.run(TAKE_BACK, {"id": payment_id, "reason": reason, "key": key}))["reversePayment"]


async def owed(api: Api, document_id: str) -> Any:
    return (await api.run(OWED, {"id": document_id}))["invoice"]


async def test_an_invoice_owes_its_total_until_money_comes(api: Api) -> None:
    document_id = await an_invoice(api)
    assert await owed(api, document_id) == {
        "businessStatus": "UNPAID",
        "balance": "40.13",
        "isPastDue": False,
        "dueOn": "2026-01-15",
        "paidTotal": "0.00",
        "creditedTotal": "0.00",
        "withheldTotal": "0.00",
        "recordedPayments": [],
    }
    paid = await pay(api, document_id, "10.00", reference="ACH 1", externalId="POS-1")
    assert paid["errors"] == []
    assert paid["payment"] == {
        "id": paid["payment"]["id"],
        "documentId": document_id,
        "amount": "10.00",
        "method": "TRANSFER",
        "paidAt": "2026-01-01T17:00:00Z",
        "recordedAt": paid["payment"]["recordedAt"],
        "recordedBy": paid["payment"]["recordedBy"],
        "reference": "ACH 1",
        "externalId": "POS-1",
        "reversal": None,
    }
    assert paid["payment"]["recordedBy"].startswith("caller:")
    assert paid["document"] == {
        "balance": "30.13",
        "paidTotal": "10.00",
        "businessStatus": "PARTIALLY_PAID",
        "recordedPayments": [{"id": paid["payment"]["id"]}],
    }
    assert (await pay(api, document_id, "30.13", key="rest"))["document"]["businessStatus"] == "PAID"
    assert (await pay(api, document_id, "0.01", key="more"))["document"]["businessStatus"] == "OVERPAID"
    assert (await owed(api, document_id))["dueOn"] is None


async def test_what_the_fiscal_block_says_of_payment_records_none(api: Api) -> None:
    document_id = await an_invoice(api, payments=[{"form": "CASH", "amount": "40.13"}], paymentTime="IMMEDIATE")
    assert (await owed(api, document_id))["balance"] == "40.13"


async def test_taking_a_payment_back_restores_what_is_owed_and_hides_nothing(api: Api) -> None:
    document_id = await an_invoice(api)
    payment_id = (await pay(api, document_id, "40.13"))["payment"]["id"]
    back = await take_back(api, payment_id)
    assert back["errors"] == []
    assert back["payment"]["reversal"]["reason"] == "cheque devuelto"
    assert back["document"] == {
        "balance": "40.13",
        "paidTotal": "0.00",
        "businessStatus": "UNPAID",
        "recordedPayments": [{"id": payment_id, "reversal": {"reason": "cheque devuelto"}}],
    }
    assert await take_back(api, payment_id) == back
    again = await take_back(api, payment_id, key="other")
    assert [error["code"] for error in again["errors"]] == ["payment_already_reversed"]
    other = await take_back(api, payment_id, reason="otro motivo distinto")
    assert [error["code"] for error in other["errors"]] == ["idempotency_conflict"]


async def test_the_same_key_pays_once(api: Api) -> None:
    document_id = await an_invoice(api)
    first = await pay(api, document_id, "10.00")
    assert await pay(api, document_id, "10.0") == first
    conflict = await pay(api, document_id, "10.01")
    assert [error["code"] for error in conflict["errors"]] == ["idempotency_conflict"]
    assert (await owed(api, document_id))["balance"] == "30.13"


async def test_two_payments_in_one_request_each_show_what_is_then_owed(api: Api) -> None:
    document_id = await an_invoice(api)
    query = """mutation($id: ID!, $input: RecordPaymentInput!) {
      one: recordPayment(documentId: $id, input: $input, idempotencyKey: "1") { document { balance } }
      two: recordPayment(documentId: $id, input: $input, idempotencyKey: "2") { document { balance } }
    }"""
    data = await api.run(query, {"id": document_id, "input": payment_input()})
    assert [data[name]["document"]["balance"] for name in ("one", "two")] == ["30.13", "20.13"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "100000000000.00"}, "amount"),
        ({"method": "CREDIT"}, "method"),
        ({"paidAt": "2026-01-15T23:00:00-05:00"}, "paidAt"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 201}, "reference"),
        ({"externalId": " "}, "externalId"),
        ({"externalId": "a\tb"}, "externalId"),
    ],
)
async def test_a_malformed_payment_is_refused_by_field(api: Api, changes: dict[str, str], path: str) -> None:
    document_id = await an_invoice(api)
    variables = {"id": document_id, "input": payment_input() | changes, "key": "k"}
    answer = (await api.post(PAY, variables)).json()
    if "errors" in answer:  # too many digits are no Decimal of this API at all
        assert answer["errors"][0]["extensions"]["path"] == ["input", path]
    else:
        (error,) = answer["data"]["recordPayment"]["errors"]
        assert (error["code"], error["path"]) == ("malformed_payment", ["input", path])
        assert answer["data"]["recordPayment"]["payment"] is None
    assert (await owed(api, document_id))["recordedPayments"] == []


@pytest.mark.parametrize("reason", ["", "  no   ", "x" * 1001])
async def test_a_reversal_has_a_reason(api: Api, reason: str) -> None:
    payment_id = (await pay(api, await an_invoice(api)))["payment"]["id"]
    (error,) = (await take_back(api, payment_id, reason=reason))["errors"]
    assert (error["code"], error["path"]) == ("malformed_payment", ["reason"])


async def test_a_refused_payment_says_what_to_do_in_spanish_too(api: Api) -> None:
    answer = await api.post(
        PAY,
        {"id": await an_invoice(api), "input": payment_input(method="CREDIT"), "key": "k"},
        headers={"Accept-Language": "es"},
    )
    (error,) = answer.json()["data"]["recordPayment"]["errors"]
    assert "CREDIT es una promesa" in error["message"]


async def test_the_timeline_says_who_recorded_and_took_back(api: Api) -> None:
    document_id = await an_invoice(api)
    payment_id = (await pay(api, document_id))["payment"]["id"]
    await take_back(api, payment_id)
    query = "query($id: ID!) { invoice(id: $id) { events { kind actor facts { name value } } } }"
    events = (await api.run(query, {"id": document_id}))["invoice"]["events"]
    last = [(each["kind"], {fact["name"]: fact["value"] for fact in each["facts"]}) for each in events[-2:]]
    assert last == [
        ("PAYMENT_RECORDED", {"payment": payment_id, "amount": "10.00", "method": "TRANSFER"}),
        ("PAYMENT_REVERSED", {"payment": payment_id, "amount": "10.00", "reason": "cheque devuelto"}),
    ]
    assert {each["actor"] for each in events[-2:]} == {events[0]["actor"]}


async def test_a_viewer_reads_what_is_owed_and_records_nothing(api: Api) -> None:
    document_id = await an_invoice(api)
    viewer = await api.new_key(Role.VIEWER)
    assert (await api.run(OWED, {"id": document_id}, key=viewer))["invoice"]["balance"] == "40.13"
    answer = await api.post(PAY, {"id": document_id, "input": payment_input(), "key": "k"}, key=viewer)
    assert answer.json()["errors"][0]["extensions"]["code"] == "not_allowed"


class CountedReads:
    """Both ports that standings are read from, over the world's, with a count of what was asked."""

    def __init__(self, api: Api) -> None:
        self._stores = api.world.stores
        self.calls: list[str] = []

    async def payments_of(self, *asked: Any) -> Any:
        self.calls.append("payments")
        return await self._stores.payments.payments_of(*asked)

    async def notes_of(self, *asked: Any) -> Any:
        self.calls.append("notes")
        return await self._stores.documents.notes_of(*asked)


async def test_a_page_of_documents_reads_payments_and_credits_once(api: Api) -> None:
    for place in range(12):
        await pay(api, await an_invoice(api, key=f"sale-{place}"), key=f"pay-{place}")
    counted: Any = CountedReads(api)
    operations = replace(operations_of(api.world), read_standings=ReadStandings(counted, counted, api.world.clock))
    query = """{ invoices(first: 100) { edges { node {
      balance businessStatus isPastDue dueOn creditedTotal recordedPayments { amount } } } } }"""
    edges = (await Api(api.world, api.shop, api.key, operations=operations).run(query))["invoices"]["edges"]
    assert {edge["node"]["balance"] for edge in edges} == {"30.13"}
    assert (len(edges), counted.calls) == (12, ["payments", "notes"])


async def test_recorded_payments_count_among_the_rows_of_an_answer(api: Api) -> None:
    document_id = await an_invoice(api)
    for place in range(3):
        await pay(api, document_id, "1.00", key=str(place))
    small = await api.with_settings(rows_max=2)
    answer = (await small.post(OWED, {"id": document_id})).json()
    assert answer["errors"][0]["extensions"]["code"] == "query_limit_exceeded"
