"""Voids over HTTP: who may ask for them, what comes back, and what stays another tenant's own."""

from typing import Any

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.identifiers import DocumentId
from core.tenants import Role
from tests.notes_shop import credit, debit, one_unit
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api
from tests.world import tenant_of

REASON = "El cliente desistió de la compra"
VOID = """
mutation($id: ID!, $reason: String!, $key: String!, $credit: Boolean! = false, $wait: Int! = 5) {
  voidInvoice(invoiceId: $id, reason: $reason, idempotencyKey: $key, creditInstead: $credit, waitSeconds: $wait) {
    invoice { id isVoid legalStatus businessStatus voidableUntil voidWindowWarning
      void { state reason requestedBy attempts dueAt codes message isRecognised doubtReason settlesAt } }
    credit { id documentType totals { total } }
    errors { code path hint } } }
"""
VOID_CREDIT = """
mutation($id: ID!, $reason: String!, $key: String!) {
  voidCredit(creditId: $id, reason: $reason, idempotencyKey: $key) {
    credit { isVoid void { state } } errors { code path } } }
"""
CONFIRM = """
mutation($id: ID!, $note: String!) { confirmVoided(documentId: $id, note: $note) {
  document { isVoid void { state requestedBy } } errors { code path } } }
"""
GIVE_UP = """
mutation($id: ID!, $reason: String!) { giveUpVoid(documentId: $id, reason: $reason) {
  document { isVoid void { state } } errors { code path } } }
"""
SHOWN = """
query($id: ID!) { invoice(id: $id) { isVoid voidableUntil voidWindowWarning void { state }
  diagnosis { cause actions } events { kind } totals { total } } }
"""


async def an_authorised_invoice(api: Api) -> str:
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER})
    issued = await api.run(GENERATE, {"orderId": created["createOrder"]["order"]["id"], "key": "sale"})
    await api.world.sweep(times=6, every_seconds=10)
    return str(issued["generateInvoice"]["invoice"]["id"])


async def void(api: Api, invoice_id: str, key: str = "void", **more: Any) -> dict[str, Any]:
    variables = {"id": invoice_id, "reason": REASON, "key": key} | more
    answered: dict[str, Any] = (await api.run(VOID, variables))["voidInvoice"]
    return answered


def lose_the_answer(api: Api, kind: FaultKind = FaultKind.DROP_AFTER_ACCEPT) -> None:
    rule = FaultRule(kind=kind, match=RequestMatch(method="DELETE"), times=1)
    api.world.engine.set_faults(FaultPlan(rules=(rule,)))


async def test_an_invoice_is_voided_and_keeps_its_legal_status(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    answered = await void(api, invoice_id)
    invoice = answered["invoice"]
    assert answered["errors"] == []
    assert (invoice["isVoid"], invoice["legalStatus"], invoice["businessStatus"]) == (True, "DGI_AUTHORIZED", "VOID")
    assert (invoice["void"]["state"], invoice["void"]["reason"]) == ("VOIDED", REASON)
    assert invoice["void"]["requestedBy"].startswith("caller:")
    assert invoice["voidableUntil"] is None
    assert await void(api, invoice_id) == answered, "the same key gives the same answer"
    other = await void(api, invoice_id, "another")
    assert [error["code"] for error in other["errors"]] == ["void_stands"]
    shown = (await api.run(SHOWN, {"id": invoice_id}))["invoice"]
    kinds = [event["kind"] for event in shown["events"]]
    assert kinds[-3:] == ["VOID_REQUESTED", "VOID_SENDING", "VOIDED"]


@pytest.mark.parametrize(
    ("reason", "code"),
    [("corta", "malformed_input"), (" " * 50, "malformed_input"), ("\u200b" * 50, "malformed_input")],
)
async def test_a_reason_that_says_nothing_is_an_error_at_its_field(api: Api, reason: str, code: str) -> None:
    answered = await void(api, await an_authorised_invoice(api), reason=reason)
    assert [(error["code"], error["path"]) for error in answered["errors"]] == [(code, ["reason"])]


NOTES_IN_THE_WAY = [
    (False, "void that first", "anule primero esa nota"),
    (True, "cannot be voided itself", "ella no se puede anular"),
]


async def test_the_warning_speaks_the_callers_language(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    assert (await api.run(SHOWN, {"id": invoice_id}))["invoice"]["voidWindowWarning"] is None
    api.world.wait(hours=170)
    english = (await api.run(SHOWN, {"id": invoice_id}))["invoice"]
    spanish = (await api.run(SHOWN, {"id": invoice_id}, headers={"Accept-Language": "es"}))["invoice"]
    assert "can be voided until" in english["voidWindowWarning"]
    assert "Se puede anular hasta" in spanish["voidWindowWarning"]
    assert english["voidableUntil"] is not None


@pytest.mark.parametrize(("is_debit", "english", "spanish"), NOTES_IN_THE_WAY)
async def test_the_warning_names_the_note_that_keeps_it_from_being_voided(
    api: Api, *, is_debit: bool, english: str, spanish: str
) -> None:
    invoice_id = await an_authorised_invoice(api)
    invoice = await api.world.stores.documents.get(tenant_of(api.shop), DocumentId(invoice_id))
    note = await credit(api.world, invoice, one_unit())
    if is_debit:
        note = await debit(api.world, invoice)
    api.world.wait(hours=170)
    for language, words in (("en", english), ("es", spanish)):
        shown = (await api.run(SHOWN, {"id": invoice_id}, headers={"Accept-Language": language}))["invoice"]
        assert words in shown["voidWindowWarning"]
        assert note.document_id in shown["voidWindowWarning"]
    refused = await void(api, invoice_id)
    assert refused["errors"][0]["code"] == "void_has_notes", "what the warning says is so"


async def test_outside_the_window_all_that_is_left_is_credited_in_the_same_call(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    api.world.wait(hours=183)
    refused = await void(api, invoice_id)
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [("void_window_closed", ["invoiceId"])]
    assert "creditInstead" in refused["errors"][0]["hint"]
    credited = await void(api, invoice_id, credit=True)
    total = (await api.run(SHOWN, {"id": invoice_id}))["invoice"]["totals"]["total"]
    assert credited["errors"] == []
    assert credited["credit"]["documentType"] == "REFERRING_CREDIT_NOTE"
    assert credited["credit"]["totals"]["total"] == total
    assert credited["invoice"]["isVoid"] is False
    again = await void(api, invoice_id, credit=True)
    assert again["credit"]["id"] == credited["credit"]["id"], "the same key makes one note"
    empty = await void(api, invoice_id, "another", credit=True)
    assert [error["code"] for error in empty["errors"]] == ["nothing_left_to_credit"]


async def test_inside_the_window_credit_instead_changes_nothing(api: Api) -> None:
    answered = await void(api, await an_authorised_invoice(api), credit=True)
    assert answered["invoice"]["isVoid"] is True
    assert answered["credit"] is None


async def test_an_invoice_with_a_credit_note_is_not_voided_until_the_note_is(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    api.world.wait(hours=183)
    note = (await void(api, invoice_id, credit=True))["credit"]
    await api.world.sweep(times=6, every_seconds=10)
    voided = (await api.run(VOID_CREDIT, {"id": note["id"], "reason": REASON, "key": "note"}))["voidCredit"]
    assert voided == {"credit": {"isVoid": True, "void": {"state": "VOIDED"}}, "errors": []}
    wrong = (await api.run(VOID_CREDIT, {"id": invoice_id, "reason": REASON, "key": "x"}))["voidCredit"]
    assert wrong["errors"] == [{"code": "document_not_found", "path": ["creditId"]}]


async def test_a_void_in_doubt_is_shown_and_decided_by_an_operator(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    lose_the_answer(api)
    doubted = (await void(api, invoice_id))["invoice"]["void"]
    assert doubted["state"] == "IN_DOUBT"
    assert doubted["doubtReason"]
    shown = (await api.run(SHOWN, {"id": invoice_id}))["invoice"]["diagnosis"]
    assert {"CONFIRM_VOIDED", "GIVE_UP_VOID"} <= set(shown["actions"])
    early = (await api.run(GIVE_UP, {"id": invoice_id, "reason": "El PAC dice que no"}))["giveUpVoid"]
    assert early["errors"][0]["code"] == "void_decision_refused"
    confirmed = (await api.run(CONFIRM, {"id": invoice_id, "note": "Visto en el portal"}))["confirmVoided"]
    assert confirmed["document"]["isVoid"] is True


async def test_an_issuer_asks_for_voids_and_decides_none(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    issuer, viewer = await api.new_key(Role.ISSUER), await api.new_key(Role.VIEWER)
    denied = await api.post(CONFIRM, {"id": invoice_id, "note": "Visto en el portal"}, key=issuer)
    assert denied.json()["errors"][0]["extensions"]["code"] == "not_allowed"
    weak = await api.post(VOID, {"id": invoice_id, "reason": REASON, "key": "void"}, key=viewer)
    assert weak.json()["errors"][0]["extensions"]["code"] == "not_allowed"
    voided = await api.run(VOID, {"id": invoice_id, "reason": REASON, "key": "void"}, key=issuer)
    assert voided["voidInvoice"]["invoice"]["isVoid"] is True


async def test_another_tenants_document_is_simply_not_found(api: Api) -> None:
    invoice_id = await an_authorised_invoice(api)
    other = await api.world.open_shop(ruc="155000099-2-2020", name="Otra, S.A.")
    key = await api.new_key(Role.OPERATOR, other)
    voided = (await api.run(VOID, {"id": invoice_id, "reason": REASON, "key": "void"}, key=key))["voidInvoice"]
    confirmed = (await api.run(CONFIRM, {"id": invoice_id, "note": "Visto en el portal"}, key=key))["confirmVoided"]
    given_up = (await api.run(GIVE_UP, {"id": invoice_id, "reason": "Visto en el portal"}, key=key))["giveUpVoid"]
    noted = (await api.run(VOID_CREDIT, {"id": invoice_id, "reason": REASON, "key": "void"}, key=key))["voidCredit"]
    for answered in (voided, confirmed, given_up, noted):
        assert [error["code"] for error in answered["errors"]] == ["document_not_found"]
    assert (await api.run(SHOWN, {"id": invoice_id}))["invoice"]["void"] is None
