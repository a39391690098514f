"""Credit notes within their invoice (I12), and never beside a void (A25)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.codes import ItbmsRate
from core.documents import FiscalDocument, LegalStatus, Submission
from core.invariants.credits import check_credits
from core.invariants.faults import Fault
from core.notes.taking import LineCredit
from core.voids import Void, VoidState
from tests.builders import NOW, a_draft, a_line
from tests.unit.notes.sequences import credited, issued


@pytest.fixture
def invoice() -> FiscalDocument:
    return issued(a_draft(lines=(a_line(), a_line(itbms=ItbmsRate.EXEMPT)), payments=()))


def faults(invoice: FiscalDocument, *notes: FiscalDocument) -> list[Fault]:
    return [finding.fault for finding in check_credits(invoice, notes)]


def test_credits_that_reach_their_invoice_are_no_finding(invoice: FiscalDocument) -> None:
    first = credited(invoice, (), LineCredit(line=1, quantity=Decimal(1)))
    assert faults(invoice) == []
    assert faults(invoice, first, credited(invoice, [first])) == []


def test_a_refused_note_that_lives_again_is_a_finding(invoice: FiscalDocument) -> None:
    refused = replace(credited(invoice, ()), submission=Submission.REFUSED)
    again = credited(invoice, [refused])
    assert faults(invoice, refused, again) == []
    revived = replace(refused, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED)
    assert faults(invoice, revived, again) == [Fault.CREDITS_EXCEED_INVOICE]


def test_a_line_that_is_taken_back_twice_is_a_finding_although_the_total_is_not_reached(
    invoice: FiscalDocument,
) -> None:
    one_line = credited(invoice, (), LineCredit(line=2))
    found = list(check_credits(invoice, [one_line, one_line]))
    assert [finding.fault for finding in found] == [Fault.CREDITS_EXCEED_INVOICE]
    assert "line 2" in found[0].detail
    assert "ITBMS rate 00" in found[0].detail


def test_an_invoice_that_is_void_and_credited_is_a_finding(invoice: FiscalDocument) -> None:
    void = Void(
        state=VoidState.VOIDED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="void"
    )
    note = credited(invoice, ())
    assert faults(replace(invoice, void=void), note) == [Fault.CREDITED_AND_VOID]
    assert faults(replace(invoice, void=void), replace(note, submission=Submission.REFUSED)) == []
