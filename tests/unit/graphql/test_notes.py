"""Credit and debit notes over GraphQL."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.documents import DocumentMode, FiscalDocument
from core.tenants import Role
from tests.notes_shop import an_authorised_invoice, credit, debit, one_unit, until_authorised
from tests.unit.graphql.api import Api, start_api

CREATE_CREDIT = """
mutation Credit($input: CreateCreditInput!, $key: String!, $mode: DocumentMode! = DGI) {
  createCredit(input: $input, mode: $mode, idempotencyKey: $key) {
    credit {
      id number documentType submission creditStatus modification
      parent { id creditRest { total lines { line quantity amount } } }
      lines { invoiceLine returned quantity netAmount }
      totals { total itbmsTotal }
    }
    errors { code message hint path }
  }
}
"""
CREATE_DEBIT = """
mutation Debit($input: CreateDebitInput!, $key: String!) {
  createDebit(input: $input, idempotencyKey: $key) {
    debit { id number documentType modification creditStatus parent { id } totals { total } information }
    errors { code path }
  }
}
"""


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    started = await start_api()
    yield started
    await started.http.aclose()


@pytest.fixture
async def invoice(api: Api) -> FiscalDocument:
    return await an_authorised_invoice(api.world, api.shop)


def wanted(invoice: FiscalDocument, *lines: dict[str, Any], key: str = "credit") -> dict[str, Any]:
    said = {"invoiceId": invoice.document_id, "reason": "Devolución"}
    return {"key": key, "input": said | ({"lines": list(lines)} if lines else {})}


async def test_a_part_is_credited_and_the_rest_is_shown(api: Api, invoice: FiscalDocument) -> None:
    made = (await api.run(CREATE_CREDIT, wanted(invoice, {"line": 1, "quantity": "1"})))["createCredit"]
    assert made["errors"] == []
    note = made["credit"]
    assert (note["documentType"], note["number"], note["modification"]) == (
        "REFERRING_CREDIT_NOTE",
        "0000000001",
        "PART",
    )
    assert note["creditStatus"] in {"UNAPPLIED", "APPLIED"}
    assert note["lines"] == [{"invoiceLine": 1, "returned": "1", "quantity": "1", "netAmount": "12.50"}]
    assert note["totals"] == {"total": "13.38", "itbmsTotal": "0.88"}
    assert note["parent"] == {
        "id": invoice.document_id,
        "creditRest": {"total": "26.75", "lines": [{"line": 1, "quantity": "2", "amount": "25.00"}]},
    }
    again = (await api.run(CREATE_CREDIT, wanted(invoice, {"line": 1, "quantity": "1.00"})))["createCredit"]
    assert again["credit"]["id"] == note["id"]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ({"line": 1, "quantity": "4"}, "credit_exceeds_invoice", ["input", "lines", "0"]),
        ({"line": 7}, "malformed_credit", ["input", "lines", "0"]),
        ({"line": 1, "amount": "37.51"}, "credit_exceeds_invoice", ["input", "lines", "0"]),
    ],
)
async def test_what_cannot_be_credited_is_said_as_data(
    api: Api, invoice: FiscalDocument, line: dict[str, Any], code: str, path: list[str]
) -> None:
    made = (await api.run(CREATE_CREDIT, wanted(invoice, line)))["createCredit"]
    assert made["credit"] is None
    assert [(error["code"], error["path"]) for error in made["errors"]] == [(code, path)]
    assert made["errors"][0]["hint"]


async def test_an_invoice_past_the_age_limit_is_named_as_the_place_of_the_error(
    api: Api, invoice: FiscalDocument
) -> None:
    api.world.wait(days=181)
    made = (await api.run(CREATE_CREDIT, wanted(invoice)))["createCredit"]
    assert [(error["code"], error["path"]) for error in made["errors"]] == [
        ("credit_note_too_late", ["input", "invoiceId"])
    ]


async def test_a_reason_that_is_too_long_is_named_by_its_own_name(api: Api, invoice: FiscalDocument) -> None:
    said = wanted(invoice)
    said["input"]["reason"] = "x" * 5001
    made = (await api.run(CREATE_CREDIT, said))["createCredit"]
    assert [error["path"] for error in made["errors"]] == [["input", "reason"]]


async def test_an_empty_name_of_a_thing_is_a_slip(api: Api, invoice: FiscalDocument) -> None:
    said = wanted(invoice)
    said["input"]["officeId"] = ""
    made = (await api.run(CREATE_CREDIT, said))["createCredit"]
    assert [(error["code"], error["path"]) for error in made["errors"]] == [("malformed_input", ["input", "officeId"])]


async def test_interest_is_charged_on_an_invoice(api: Api, invoice: FiscalDocument) -> None:
    line = {"description": "Interés por mora", "quantity": "1", "unitPrice": "5.00", "itbms": "EXEMPT"}
    said = {"invoiceId": invoice.document_id, "purpose": "INTEREST", "lines": [line], "reason": "Mora de marzo"}
    made = (await api.run(CREATE_DEBIT, {"input": said, "key": "debit"}))["createDebit"]
    assert made["errors"] == []
    assert made["debit"] | {"id": ""} == {
        "id": "",
        "number": "0000000001",
        "documentType": "REFERRING_DEBIT_NOTE",
        "modification": "INTEREST",
        "creditStatus": None,
        "parent": {"id": invoice.document_id},
        "totals": {"total": "5.00"},
        "information": "Mora de marzo",
    }


@pytest.mark.parametrize(
    ("name", "payload", "kind"),
    [
        ("createGenericCredit", "credit", "GENERIC_CREDIT_NOTE"),
        ("createGenericDebit", "debit", "GENERIC_DEBIT_NOTE"),
    ],
)
async def test_a_generic_note_may_name_paper_and_no_invoice(api: Api, name: str, payload: str, kind: str) -> None:
    query = f"""mutation Generic($input: C{name[1:]}Input!) {{
      {name}(input: $input, idempotencyKey: "generic") {{
        {payload} {{ id documentType parent {{ id }} receiver {{ ruc }} creditRest {{ total }} }} errors {{ code path }}
      }}
    }}"""
    said = {
        "lines": [{"description": "Descuento por volumen", "quantity": "1", "unitPrice": "25.00"}],
        "reason": "Ventas de enero",
        "clientId": api.shop.client.client_id,
        "references": [{"issuedAt": "2025-12-01T10:00:00-05:00", "paperNumber": "F-1020"}],
    }
    made = (await api.run(query, {"input": said}))[name]
    assert made["errors"] == []
    note = made[payload]
    assert (note["documentType"], note["parent"], note["creditRest"]) == (kind, None, None)
    assert note["receiver"]["ruc"] == api.shop.client.ruc


async def test_notes_are_found_by_their_invoice_and_their_state(api: Api, invoice: FiscalDocument) -> None:
    first = await until_authorised(api.world, await credit(api.world, invoice, one_unit(), key="1"))
    second = await credit(api.world, invoice, one_unit(), key="2", mode=DocumentMode.PROFORM)
    third = await debit(api.world, invoice)
    page = """query Notes($filter: NoteFilter) {
      credits(filter: $filter) { edges { node { id } } } debits(filter: $filter) { edges { node { id } } }
    }"""

    async def found(**filters: Any) -> tuple[list[str], list[str]]:
        data = await api.run(page, {"filter": filters})
        credits_, debits = ([edge["node"]["id"] for edge in data[name]["edges"]] for name in ("credits", "debits"))
        return credits_, debits

    of_invoice = {"invoiceId": invoice.document_id}
    assert await found(**of_invoice) == ([second.document_id, first.document_id], [third.document_id])
    assert await found(**of_invoice, submission=["DRAFT"]) == ([second.document_id], [])
    assert await found(legalStatus=["DGI_AUTHORIZED"]) == ([first.document_id], [])
    assert await found(invoiceId=first.document_id) == ([], [])
    invoices = (await api.run("query { invoices { edges { node { id } } } }"))["invoices"]["edges"]
    assert [edge["node"]["id"] for edge in invoices] == [invoice.document_id]


async def test_one_note_is_found_by_its_kind_alone(api: Api, invoice: FiscalDocument) -> None:
    note, charge = await credit(api.world, invoice, one_unit()), await debit(api.world, invoice)
    query = "query One($id: ID!) { credit(id: $id) { id } debit(id: $id) { id } }"
    assert await api.run(query, {"id": note.document_id}) == {"credit": {"id": note.document_id}, "debit": None}
    assert await api.run(query, {"id": charge.document_id}) == {"credit": None, "debit": {"id": charge.document_id}}
    assert await api.run(query, {"id": invoice.document_id}) == {"credit": None, "debit": None}


async def test_another_tenants_notes_and_invoices_are_not_found(api: Api, invoice: FiscalDocument) -> None:
    note = await credit(api.world, invoice, one_unit())
    other = await api.world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    key = await api.new_key(Role.OPERATOR, other)
    read = """query One($id: ID!, $invoice: ID!) {
      credit(id: $id) { id } credits(filter: {invoiceId: $invoice}) { edges { node { id } } }
    }"""
    seen = await api.run(read, {"id": note.document_id, "invoice": invoice.document_id}, key=key)
    assert seen == {"credit": None, "credits": {"edges": []}}
    made = (await api.run(CREATE_CREDIT, wanted(invoice), key=key))["createCredit"]
    assert [error["code"] for error in made["errors"]] == ["document_not_found"]
    convert = """mutation Convert($id: ID!) { convertCreditToDgi(id: $id) { credit { id } errors { code } } }"""
    draft = await credit(api.world, invoice, one_unit(), key="draft", mode=DocumentMode.PROFORM)
    made = (await api.run(convert, {"id": draft.document_id}, key=key))["convertCreditToDgi"]
    assert made == {"credit": None, "errors": [{"code": "document_not_found"}]}


async def test_drafted_notes_are_converted_by_their_own_mutations(api: Api, invoice: FiscalDocument) -> None:
    drafts = [
        await credit(api.world, invoice, mode=DocumentMode.PROFORM),
        await debit(api.world, invoice, mode=DocumentMode.PROFORM),
    ]
    convert = """mutation Convert($credit: ID!, $debit: ID!) {
      convertCreditToDgi(id: $credit) { credit { id mode number } errors { code } }
      convertDebitToDgi(id: $debit) { debit { id mode number } errors { code } }
      wrong: convertDebitToDgi(id: $credit) { debit { id } errors { code path } }
    }"""
    made = await api.run(convert, {"credit": drafts[0].document_id, "debit": drafts[1].document_id})
    for name, payload, draft in (("Credit", "credit", drafts[0]), ("Debit", "debit", drafts[1])):
        assert made[f"convert{name}ToDgi"] == {
            payload: {"id": draft.document_id, "mode": "DGI", "number": "0000000001"},
            "errors": [],
        }
    assert made["wrong"] == {"debit": None, "errors": [{"code": "document_not_found", "path": []}]}


async def test_a_page_of_invoices_with_their_notes_costs_as_many_reads_as_one(
    api: Api, invoice: FiscalDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoices = [invoice, *[await an_authorised_invoice(api.world, api.shop) for _ in range(2)]]
    for place, each in enumerate(invoices):
        for unit in range(2):
            await credit(api.world, each, one_unit(), key=f"{place}-{unit}")
    reads: list[str] = []
    for name in ("notes_of", "several"):
        real = getattr(api.world.stores.documents, name)

        async def counted(*arguments: Any, name: str = name, real: Any = real) -> Any:
            reads.append(name)
            return await real(*arguments)

        monkeypatch.setattr(api.world.stores.documents, name, counted)
    query = """query Page {
      invoices(first: 20) { edges { node {
        id parent { id } creditRest { total }
        notes(first: 1) { edges { node { parent { id } } } pageInfo { hasNextPage } }
      } } }
    }"""
    shown = (await api.run(query))["invoices"]["edges"]
    assert reads.count("notes_of") == 1, "for the notes and for what is left, of all entries"
    assert reads.count("several") == 1, "for the parents of all notes"
    by_id = {edge["node"]["id"]: edge["node"] for edge in shown}
    for each in invoices:
        node = by_id[each.document_id]
        assert node["notes"] == {
            "edges": [{"node": {"parent": {"id": each.document_id}}}],
            "pageInfo": {"hasNextPage": True},
        }


async def test_notes_of_an_invoice_come_page_by_page(api: Api, invoice: FiscalDocument) -> None:
    notes = [await credit(api.world, invoice, one_unit(), key=f"{place}") for place in range(3)]
    query = """query Page($id: ID!, $after: String) {
      invoice(id: $id) { notes(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }
    }"""
    first = (await api.run(query, {"id": invoice.document_id}))["invoice"]["notes"]
    after = first["pageInfo"]["endCursor"]
    second = (await api.run(query, {"id": invoice.document_id, "after": after}))["invoice"]["notes"]
    shown = [edge["node"]["id"] for page in (first, second) for edge in page["edges"]]
    assert shown == [note.document_id for note in reversed(notes)]
    assert second["pageInfo"]["hasNextPage"] is False
