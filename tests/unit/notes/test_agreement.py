"""What an invoice answers to a note that names it, by itself."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.documents import FiscalDocument, LegalStatus
from core.drafts import Draft
from core.events import EventKind
from core.failures import CreditOvertakenError, MalformedCreditError
from core.identifiers import DocumentId
from core.notes.agreement import NamingNote, credited, debited
from core.notes.crediting import CreditTerms, draft_credit
from core.notes.remaining import creditable_of
from core.notes.taking import LineCredit
from core.voids import Void, VoidState
from tests.builders import NOW, a_document, a_draft, a_line
from tests.unit.notes.sequences import REASON, TENANT, issued


@pytest.fixture
def invoice() -> FiscalDocument:
    return issued(a_draft(lines=(a_line(), a_line()), payments=()))


def naming(draft: Draft) -> NamingNote:
    return NamingNote(document_id=DocumentId("note"), draft=draft, at=NOW, actor="caller:test")


def planned(invoice: FiscalDocument, *lines: LineCredit) -> Draft:
    return draft_credit(invoice, (), CreditTerms(lines=lines, reason=REASON))


def test_the_invoice_notes_who_credited_it_and_how_much(invoice: FiscalDocument) -> None:
    agreed = credited(invoice.document_id, naming(planned(invoice))).agree(invoice, ())
    assert agreed is not None
    assert agreed.document == invoice
    assert [(event.kind, dict(event.facts)) for event in agreed.events] == [
        (EventKind.CREDITED, {"note": "note", "total": "80.26"})
    ]
    charged = debited(invoice.document_id, naming(planned(invoice))).agree(invoice, ())
    assert charged is not None
    assert charged.events[0].kind is EventKind.DEBITED


def test_a_note_that_was_planned_on_more_than_is_left_is_refused(invoice: FiscalDocument) -> None:
    first = a_document(TENANT, draft=planned(invoice, LineCredit(line=1, quantity=Decimal(1))))
    relative = credited(invoice.document_id, naming(planned(invoice)))
    with pytest.raises(CreditOvertakenError):
        relative.agree(invoice, [first])


def test_a_note_that_would_leave_a_cent_to_nobody_is_refused(invoice: FiscalDocument) -> None:
    """Each of two notes took its share of the charges for the other not being there."""
    billed = issued(replace(invoice.draft, other_charges=Decimal("0.01")))
    first = planned(billed, LineCredit(line=1))
    second = planned(billed, LineCredit(line=2))
    assert first.other_charges + second.other_charges == Decimal("0.02")
    with pytest.raises(CreditOvertakenError):
        credited(billed.document_id, naming(second)).agree(billed, [a_document(TENANT, draft=first)])


def test_an_item_that_takes_no_line_back_is_refused(invoice: FiscalDocument) -> None:
    draft = planned(invoice)
    loose = replace(draft.lines[0], invoice_line=None)
    with pytest.raises(MalformedCreditError) as refused:
        credited(invoice.document_id, naming(replace(draft, lines=(draft.lines[1], loose))))
    assert refused.value.path == ("lines", 1)


def test_nothing_can_be_credited_of_an_invoice_whose_void_stands(invoice: FiscalDocument) -> None:
    asked = Void(
        state=VoidState.IN_DOUBT, reason="r" * 20, requested_at=NOW, requested_by="caller:test", idempotency_key="void"
    )
    assert creditable_of(invoice, ()).total == invoice.totals.total
    for state in (VoidState.REQUESTED, VoidState.IN_DOUBT, VoidState.VOIDED):
        rest = creditable_of(replace(invoice, void=replace(asked, state=state)), ())
        assert (rest.total, rest.lines) == (Decimal("0.00"), ())
    failed = replace(invoice, void=replace(asked, state=VoidState.FAILED))
    assert creditable_of(failed, ()).total == invoice.totals.total
    rejected = replace(invoice, legal_status=LegalStatus.DGI_REJECTED)
    assert creditable_of(rejected, ()).lines == ()
