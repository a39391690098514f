"""Drafts over HTTP: kept, shown, said anew, taken back, issued."""

from typing import Any

import pytest

from core.codes import DocumentType
from core.documents import DocumentMode
from core.tenants import Role
from core.use_cases.create_invoice import NewInvoice
from tests.builders import a_draft, a_line
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api

SHOWN = """
  id mode number billingPoint submission legalStatus expectedCufe isSettled version withdrawnAt externalId
  totals { total } draftFindings { code severity message path rule } diagnosis { nextActionAt actions }
"""
ERRORS = "errors { code severity message hint path rule }"
DRAFT = f"""mutation($input: CreateInvoiceInput!, $key: String!) {{
  createInvoice(input: $input, mode: PROFORM, idempotencyKey: $key) {{ invoice {{ {SHOWN} }} {ERRORS} }} }}"""
UPDATE = f"""mutation($id: ID!, $input: CreateInvoiceInput!, $version: Int) {{
  updateInvoice(id: $id, input: $input, expectedVersion: $version) {{ invoice {{ {SHOWN} }} {ERRORS} }} }}"""
CANCEL = f"""mutation($id: ID!, $reason: String! = "") {{
  cancelInvoice(id: $id, reason: $reason) {{ invoice {{ {SHOWN} }} {ERRORS} }} }}"""
CONVERT = f"mutation($id: ID!) {{ convertInvoiceToDgi(id: $id) {{ invoice {{ {SHOWN} }} {ERRORS} }} }}"
DELETE = f"mutation($id: ID!) {{ deleteCredit(id: $id) {{ credit {{ {SHOWN} }} {ERRORS} }} }}"


async def done(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    """The payload of a mutation that is not refused."""
    (payload,) = (await api.run(query, variables)).values()
    assert payload["errors"] == []
    document: dict[str, Any] = payload.get("invoice") or payload["credit"]
    return document


async def refusal(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    (payload,) = (await api.run(query, variables)).values()
    assert [value for name, value in payload.items() if name != "errors"] == [None]
    error: dict[str, Any] = payload["errors"][0]
    return error


async def a_draft_of(api: Api, key: str = "draft-1", **given: Any) -> dict[str, Any]:
    return await done(api, DRAFT, input=AN_ORDER | given, key=key)


async def a_credit_draft(api: Api) -> str:
    """Nobody makes one over the API yet, so it is recorded below it."""
    note = NewInvoice(draft=a_draft(document_type=DocumentType.GENERIC_CREDIT_NOTE, payments=(), lines=(a_line(),)))
    recorded = await api.world.create_invoice(
        api.shop.tenant.tenant_id,
        note,
        mode=DocumentMode.PROFORM,
        idempotency_key="credit-draft",
        wait_seconds=0,
        actor="caller:test",
    )
    return recorded.document_id


async def test_a_draft_shows_that_it_is_one(api: Api) -> None:
    draft = await a_draft_of(api)
    assert draft | {"id": "", "version": 0} == {
        "id": "",
        "mode": "PROFORM",
        "number": "0000000001",
        "billingPoint": "000",
        "submission": "DRAFT",
        "legalStatus": "NONE",
        "expectedCufe": None,
        "isSettled": False,
        "version": 0,
        "withdrawnAt": None,
        "externalId": None,
        "totals": {"total": "40.13"},
        "draftFindings": [],
        "diagnosis": {"nextActionAt": None, "actions": ["CONVERT"]},
    }
    assert (await a_draft_of(api))["id"] == draft["id"]


async def test_an_order_gives_a_draft_too(api: Api) -> None:
    order = (await api.run(CREATE_ORDER, {"input": AN_ORDER}))["createOrder"]["order"]["id"]
    for mode, number in (("PROFORM", "0000000001"), ("DGI", "0000000001")):
        payload = await api.run(GENERATE, {"orderId": order, "key": mode, "mode": mode})
        assert payload["generateInvoice"]["errors"] == []
        assert payload["generateInvoice"]["invoice"]["number"] == number


async def test_a_draft_shows_what_would_keep_it_from_being_issued(api: Api) -> None:
    broken = {"lines": [{"description": "", "quantity": "3", "unitPrice": "12.50"}]}
    draft = await done(api, DRAFT, input=broken, key="draft-1")
    paths = [finding["path"] for finding in draft["draftFindings"] if finding["severity"] == "ERROR"]
    assert ["input", "lines", "0", "description"] in paths
    error = await refusal(api, CONVERT, id=draft["id"])
    assert error["code"] in {finding["code"] for finding in draft["draftFindings"]}
    mended = await done(api, UPDATE, id=draft["id"], input=AN_ORDER)
    assert mended["draftFindings"] == []


async def test_a_draft_is_said_anew_by_whoever_read_it_last(api: Api) -> None:
    draft = await a_draft_of(api, externalId="POS-1")
    other = {"lines": [{"description": "Clavos", "quantity": "1", "unitPrice": "10.00"}]}
    after = await done(api, UPDATE, id=draft["id"], input=other, version=draft["version"])
    assert (after["totals"]["total"], after["externalId"], after["version"]) == ("10.70", None, draft["version"] + 1)
    error = await refusal(api, UPDATE, id=draft["id"], input=AN_ORDER, version=draft["version"])
    assert (error["code"], error["path"]) == ("draft_changed", ["expectedVersion"])
    other_type = other | {"documentType": "EXPORT_INVOICE"}
    error = await refusal(api, UPDATE, id=draft["id"], input=other_type)
    assert (error["code"], error["path"]) == ("malformed_input", ["input", "documentType"])


async def test_a_draft_becomes_a_dgi_document_under_its_own_id(api: Api) -> None:
    draft = await a_draft_of(api)
    for _ in range(2):
        issued = await done(api, CONVERT, id=draft["id"])
        assert (issued["id"], issued["mode"], issued["submission"]) == (draft["id"], "DGI", "ACCEPTED")
        assert (issued["billingPoint"], issued["number"]) == ("001", "0000000001")
        assert len(issued["expectedCufe"]) == 66
    assert len(api.world.engine.documents) == 1


async def test_a_draft_that_was_taken_back_is_listed_apart(api: Api) -> None:
    kept, gone = await a_draft_of(api), await a_draft_of(api, "draft-2")
    withdrawn = await done(api, CANCEL, id=gone["id"], reason="el cliente desistió")
    assert withdrawn["withdrawnAt"] is not None
    assert withdrawn["isSettled"] is True
    assert withdrawn["diagnosis"]["actions"] == []
    assert (await done(api, CANCEL, id=gone["id"])) == withdrawn
    query = "query($w: Boolean) { invoices(filter: {withdrawn: $w}) { edges { node { id } } } }"
    for wanted, expected in ((None, {kept["id"], gone["id"]}), (True, {gone["id"]}), (False, {kept["id"]})):
        edges = (await api.run(query, {"w": wanted}))["invoices"]["edges"]
        assert {edge["node"]["id"] for edge in edges} == expected
    assert (await refusal(api, CONVERT, id=gone["id"]))["code"] == "not_a_draft"


async def test_a_dgi_document_refuses_and_says_what_to_do(api: Api) -> None:
    draft = await a_draft_of(api)
    await done(api, CONVERT, id=draft["id"])
    api.world.wait(minutes=10)
    await api.world.deliver_webhooks()
    for query, given in ((UPDATE, {"input": AN_ORDER}), (CANCEL, {})):
        error = await refusal(api, query, id=draft["id"], **given)
        assert error["code"] == "not_a_draft"
        assert "voidInvoice" in error["hint"]
        assert "createCredit" in error["hint"]


async def test_only_a_credit_note_is_deleted_as_one(api: Api) -> None:
    invoice, credit = (await a_draft_of(api))["id"], await a_credit_draft(api)
    assert (await done(api, DELETE, id=credit))["withdrawnAt"] is not None
    assert (await refusal(api, DELETE, id=invoice))["code"] == "document_not_found"
    assert (await refusal(api, CANCEL, id=credit))["code"] == "document_not_found"


@pytest.mark.parametrize("query", [UPDATE, CANCEL, CONVERT, DELETE], ids=["update", "cancel", "convert", "delete"])
async def test_drafts_of_another_tenant_are_not_found(api: Api, query: str) -> None:
    theirs = (await a_draft_of(api))["id"] if query != DELETE else await a_credit_draft(api)
    stranger = await api.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    key = await api.new_key(Role.ISSUER, stranger)
    told = []
    for document_id in (theirs, "01NOBODYNOBODYNOBODYNOBODY"):
        given = {"id": document_id} | ({"input": AN_ORDER} if query == UPDATE else {})
        (payload,) = (await api.run(query, given, key=key)).values()
        told.append(repr(payload).replace(document_id, ""))
        assert payload["errors"][0]["code"] == "document_not_found"
    assert told[0] == told[1]
