"""previewInvoice shows credit and debit notes too, whatever they name, and takes no number of theirs either."""

import json
from typing import Any

import pytest
from graphql import GraphQLInputObjectType

from adapters.graphql.schema_building import build_schema
from core.codes import DocumentType
from core.documents import SeriesKey
from core.tenants import Role
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, Api
from tests.unit.graphql.test_previewing import PREVIEW, a_preview
from tests.world import tenant_of

REFERRING = ("REFERRING_CREDIT_NOTE", "REFERRING_DEBIT_NOTE")
GENERIC = ("GENERIC_CREDIT_NOTE", "GENERIC_DEBIT_NOTE")
CREDIT = ("REFERRING_CREDIT_NOTE", "GENERIC_CREDIT_NOTE")
NOTES = (*REFERRING, *GENERIC)
PAPER = {"issuedAt": "2026-01-15T12:00:00-05:00", "paperNumber": "F-0001"}


async def an_invoice(api: Api) -> dict[str, Any]:
    """An issued invoice, as a reference to it."""
    given = AN_ORDER | {"clientId": api.shop.client.client_id}
    issued = (await api.run(CREATE_INVOICE, {"input": given, "key": "sale"}))["createInvoice"]["invoice"]
    read = await api.run("query($id: ID!) { invoice(id: $id) { issuedAt cufe } }", {"id": issued["id"]})
    invoice: dict[str, Any] = read["invoice"]
    return invoice


def told(preview: dict[str, Any]) -> set[tuple[str | None, tuple[str, ...]]]:
    """Rule and path of every error."""
    return {(each["rule"], tuple(each["path"])) for each in preview["findings"] if each["severity"] == "ERROR"}


def header(preview: dict[str, Any]) -> dict[str, Any]:
    """The payload's ``information``."""
    information: dict[str, Any] = json.loads(preview["payload"])["information"]
    return information


@pytest.mark.parametrize("kind", REFERRING)
async def test_a_referring_note_names_an_invoice(api: Api, kind: str) -> None:
    named = await an_invoice(api)
    preview = await a_preview(api, documentType=kind, references=[named])
    assert (preview["isRefused"], preview["findings"]) == (False, [])
    assert preview["totals"] == {"netTotal": "37.50", "itbmsTotal": "2.63", "total": "40.13"}
    (reference,) = json.loads(preview["payload"])["referencedDocuments"]
    assert (reference["emissionType"], reference["cufeIdentification"]) == ("CUFE", named["cufe"])
    assert reference["issueDate"].endswith("-05:00")


@pytest.mark.parametrize("kind", REFERRING)
async def test_a_referring_note_that_names_nothing_breaks_1705(api: Api, kind: str) -> None:
    ways: tuple[dict[str, Any], ...] = ({}, {"references": None}, {"references": []})
    for left_out in ways:
        preview = await a_preview(api, documentType=kind, **left_out)
        assert told(preview) == {("1705", ("input", "references"))}
        assert "referencedDocuments" not in json.loads(preview["payload"])


@pytest.mark.parametrize("kind", GENERIC)
async def test_a_generic_note_may_name_paper_and_nothing_at_all(api: Api, kind: str) -> None:
    printed = {"issuedAt": PAPER["issuedAt"], "printerNumber": "P-77"}
    preview = await a_preview(api, documentType=kind, references=[PAPER, printed])
    assert preview["isRefused"] is False
    named = json.loads(preview["payload"])["referencedDocuments"]
    assert [(each["emissionType"], each["otherIdentification"]) for each in named] == [
        ("PAPER", "F-0001"),
        ("PRINTER", "P-77"),
    ]
    preview = await a_preview(api, documentType=kind)
    assert preview["isRefused"] is False
    assert "referencedDocuments" not in json.loads(preview["payload"])


@pytest.mark.parametrize("kind", GENERIC)
async def test_a_generic_note_that_names_an_invoice_breaks_1706(api: Api, kind: str) -> None:
    preview = await a_preview(api, documentType=kind, references=[PAPER, await an_invoice(api)])
    assert told(preview) == {("1706", ("input", "references", "1", "cufe"))}


async def test_an_invoice_that_names_an_invoice_breaks_1708(api: Api) -> None:
    preview = await a_preview(api, references=[await an_invoice(api)])
    assert told(preview) == {("1708", ("input", "references", "0", "cufe"))}


@pytest.mark.parametrize("kind", NOTES)
async def test_what_a_note_leaves_out_is_what_its_type_usually_says(api: Api, kind: str) -> None:
    preview = await a_preview(api, documentType=kind, references=[PAPER], nature=None, saleType=None)
    information = header(preview)
    assert information["documentType"] == DocumentType[kind].value
    assert information["nature"] == ("11" if kind in CREDIT else "01")
    assert information["modificationCode"] == 3
    assert "saleType" not in information
    assert preview["cufe"]["pattern"].startswith(f"FE{DocumentType[kind]}")


async def test_what_a_note_says_itself_stands(api: Api) -> None:
    sold = await a_preview(api, documentType="GENERIC_CREDIT_NOTE", nature="SALE")
    assert (sold["isRefused"], header(sold)["nature"]) == (False, "01")
    returned = await a_preview(api, documentType="GENERIC_DEBIT_NOTE", nature="RETURN")
    assert told(returned) == {("1524", ("input", "nature"))}
    typed = await a_preview(api, documentType="GENERIC_CREDIT_NOTE", saleType="ORDINARY")
    assert ("input", "saleType") in {path for _, path in told(typed)}


async def test_an_invoice_keeps_its_own_defaults(api: Api) -> None:
    information = header(await a_preview(api, documentType=None))
    assert (information["documentType"], information["nature"], information["saleType"]) == ("01", "01", 1)
    assert "modificationCode" not in information


@pytest.mark.parametrize(
    ("reference", "rule", "path"),
    [
        ({"cufe": "FE04"}, "1703", ("references", "0", "cufe")),
        ({"cufe": "FE" + "0" * 64}, "1704", ("references", "0", "cufe")),
        ({}, None, ("references", "0")),
        ({"paperNumber": "1", "printerNumber": "2"}, None, ("references", "0")),
        ({"paperNumber": ""}, None, ("references", "0", "paperNumber")),
        ({"printerNumber": "9" * 23}, None, ("references", "0", "printerNumber")),
        ({"paperNumber": "1", "issuedAt": "2099-01-01T00:00:00Z"}, None, ("references", "0", "issuedAt")),
    ],
)
async def test_a_reference_that_names_no_document_is_told_with_its_place(
    api: Api, reference: dict[str, str], rule: str | None, path: tuple[str, ...]
) -> None:
    named = {"issuedAt": PAPER["issuedAt"]} | reference
    preview = await a_preview(api, documentType="REFERRING_CREDIT_NOTE", references=[named])
    assert told(preview) == {(rule, ("input", *path))}


async def test_no_number_is_taken_for_any_note(api: Api) -> None:
    tenant_id = tenant_of(api.shop)
    for kind in NOTES:
        await a_preview(api, documentType=kind, references=[PAPER])
        series = SeriesKey(billing_point="001", document_type=DocumentType[kind])
        assert await api.world.stores.series.find(tenant_id, series) is None
        assert await api.world.stores.marks.read(tenant_id, series) == 0
    assert (await api.run("{ invoices { edges { cursor } } }"))["invoices"]["edges"] == []
    assert list(api.world.engine.documents) == []


async def test_a_viewer_may_preview_a_note_and_a_stranger_may_not(api: Api) -> None:
    given = {"input": AN_ORDER | {"documentType": "GENERIC_CREDIT_NOTE"}}
    data = await api.run(PREVIEW, given, key=await api.new_key(Role.VIEWER))
    assert data["previewInvoice"]["isRefused"] is False
    answer = await api.post(PREVIEW, given, key="istmo_nobody")
    assert (answer.status_code, "data" in answer.json()) == (401, False)


async def test_at_most_99_documents_may_be_named(api: Api) -> None:
    named = [PAPER | {"paperNumber": f"F-{place}"} for place in range(100)]
    assert (await a_preview(api, documentType="REFERRING_CREDIT_NOTE", references=named[:99]))["isRefused"] is False
    preview = await a_preview(api, documentType="REFERRING_CREDIT_NOTE", references=named)
    assert [each["code"] for each in preview["findings"]] == ["too_many_references"]
    assert preview["findings"][0]["path"] == ["input", "references"]


@pytest.mark.parametrize(
    ("references", "code"),
    [
        ([PAPER] * 1_001, "malformed_input"),
        ([PAPER | {"paperNumber": "9" * 10_001}], "malformed_input"),
        ([PAPER | {"paperNumber": "F\u0007"}], "malformed_input"),
        ([PAPER | {"issuedAt": "2026-01-15T12:00:00"}], "malformed_input"),
        ([PAPER | {"issuedAt": "0001-01-01T00:00:00Z"}], "malformed_input"),  # no such moment on a clock in Panama
        ([PAPER | {"colour": "blue"}], "invalid_variable"),
        ([{"paperNumber": "F-0001"}], "invalid_variable"),
        ([None], "invalid_variable"),
        ("F-0001", "invalid_variable"),
    ],
)
async def test_references_that_are_none_are_refused_before_anything_is_computed(
    api: Api, references: Any, code: str
) -> None:
    given = AN_ORDER | {"documentType": "REFERRING_CREDIT_NOTE", "references": references}
    refusal = await api.refused(PREVIEW, {"input": given})
    assert refusal["extensions"]["code"] == code


@pytest.mark.parametrize("change", [{"documentType": "REFERRING_CREDIT_NOTE"}, {"references": [PAPER]}])
async def test_create_invoice_still_takes_no_notes(api: Api, change: dict[str, Any]) -> None:
    await api.refused(CREATE_INVOICE, {"input": AN_ORDER | change, "key": "k"})


def test_the_two_inputs_differ_in_what_only_notes_have() -> None:
    schema = build_schema()
    issued, previewed = schema.type_map["CreateInvoiceInput"], schema.type_map["PreviewInvoiceInput"]
    assert isinstance(issued, GraphQLInputObjectType)
    assert isinstance(previewed, GraphQLInputObjectType)
    ours = {name: str(field.type) for name, field in issued.fields.items()}
    theirs = {name: str(field.type) for name, field in previewed.fields.items()}
    assert theirs == ours | {"documentType": "DocumentType", "references": "[ReferenceInput!]"}
