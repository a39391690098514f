"""docs/corrections.md: its examples run in their order, and its table is what the program does."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.codes import DocumentType
from core.corrections import Correction, correction_of
from core.documents import FiscalDocument, LegalStatus, SeriesKey, Submission
from core.identifiers import TenantId
from core.tenants import Role
from core.voids import Void, VoidState
from tests.builders import NOW, a_document
from tests.unit.graphql.api import AN_ORDER, Api
from tests.unit.use_cases.reissuing import refused
from tests.unit.use_cases.told_pac import a_world

PAGE = (Path(__file__).parents[3] / "docs" / "corrections.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| .*\|$", PAGE, re.MULTILINE)[2:]
]
ACCEPTED = Submission.ACCEPTED
DEBITS = SeriesKey(billing_point="001", document_type=DocumentType.REFERRING_DEBIT_NOTE)
VOID = Void(state=VoidState.VOIDED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v")
SAID = {
    Correction.EDIT: "updateInvoice",
    Correction.WAIT: "isSettled",
    Correction.DECIDE: "diagnosis",
    Correction.REISSUE: "reissueDocument",
    Correction.READ_SUCCESSOR: "successor",
    Correction.VOID_OR_CREDIT: "createCredit",
    Correction.CREDIT_GENERICALLY: "createGenericCredit",
    Correction.NONE: "make a new document",
}


def a(submission: Submission, legal: LegalStatus = LegalStatus.NONE, **changes: Any) -> FiscalDocument:
    return replace(a_document(TenantId("01T")), submission=submission, legal_status=legal, **changes)


STATES = [
    ("`DRAFT`", a(Submission.DRAFT)),
    ("`QUEUED`", a(Submission.QUEUED)),
    ("`SENDING`", a(Submission.SENDING)),
    ("`REGISTERED`", a(ACCEPTED, LegalStatus.REGISTERED)),
    ("`PAC_AUTHORIZED`", a(ACCEPTED, LegalStatus.PAC_AUTHORIZED)),
    ("`IN_DOUBT`", a(Submission.IN_DOUBT)),
    ("`QUARANTINED`", a(Submission.QUARANTINED)),
    ("`REFUSED`", a(Submission.REFUSED)),
    ("`REFUSED`", a(Submission.REFUSED, replaced_by="01NEXT")),
    ("`PAC_REJECTED`", a(ACCEPTED, LegalStatus.PAC_REJECTED)),
    ("`DGI_REJECTED`", a(ACCEPTED, LegalStatus.DGI_REJECTED)),
    ("`DGI_AUTHORIZED`, later", a(ACCEPTED, LegalStatus.DGI_AUTHORIZED)),
    ("`ISSUED_ID_UNKNOWN`", a(Submission.ISSUED_ID_UNKNOWN)),
    ("a debit note", a(ACCEPTED, LegalStatus.DGI_AUTHORIZED, series=DEBITS)),
    ("void", a(ACCEPTED, LegalStatus.DGI_AUTHORIZED, void=VOID)),
    ("withdrawn", a(Submission.DRAFT, withdrawn_at=NOW)),
    ("import", a(Submission.IMPORTED)),
]


@pytest.mark.parametrize(("named", "document"), STATES)
def test_the_table_says_what_the_program_does(named: str, document: FiscalDocument) -> None:
    (row,) = [row for row in ROWS if named in row[0]]
    assert SAID[correction_of(document)] in row[1]


def test_the_table_forgets_no_state() -> None:
    states = {each.submission for _, each in STATES}
    assert states == set(Submission)
    assert {correction_of(each) for _, each in STATES} == set(Correction)


async def test_the_examples_run_in_their_order() -> None:
    world, pac = a_world()
    shop = await world.open_shop()
    api = Api(world, shop, "")
    api.key = await api.new_key(Role.ISSUER)
    rejected = (await refused(world, pac, shop=shop)).document_id
    draft: dict[str, Any] = {}
    ran = []
    for example in EXAMPLES:
        variables: dict[str, Any] = {"input": AN_ORDER}
        if "reissueDocument" in example:
            variables["id"] = rejected
        elif "$id" in example:
            variables |= {"id": draft["id"], "version": draft.get("version")}
        if "cancelInvoice" in example:  # the draft of the page was issued before: another one is taken back
            create = EXAMPLES[0].replace("quote-77", "quote-78")
            variables["id"] = (await api.run(create, {"input": AN_ORDER}))["createInvoice"]["invoice"]["id"]
        ((name, payload),) = (await api.run(example, _used(example, variables))).items()
        assert payload["errors"] == [], (name, payload)
        ran.append(name)
        draft = payload.get("invoice") or draft
    assert ran == ["createInvoice", "updateInvoice", "convertInvoiceToDgi", "cancelInvoice", "reissueDocument"]


def _used(example: str, variables: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if f"${name}:" in example}
