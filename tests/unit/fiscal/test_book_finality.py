"""A sales book is final only when its month is over in Panama and nothing of it can change; else it says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.book_finality import BookOpenReason
from core.codes import DocumentType
from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId
from core.months import Month
from core.sales_book import SalesBook, book_as_csv, sales_book
from core.voids import VoidState, VoidWindow
from tests.unit.fiscal.test_sales_book import LATER, MARCH, VOID, WINDOW, issued

ENDS = datetime(2026, 4, 1, 5, tzinfo=UTC)  # midnight in Panama
LAST_MOMENT = ENDS - timedelta(seconds=1)
TYPES = st.sampled_from(
    [DocumentType.DOMESTIC_INVOICE, DocumentType.GENERIC_CREDIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE]
)


def reasons(*documents: FiscalDocument, now: datetime = LATER, month: Month = MARCH) -> dict[BookOpenReason, int]:
    book = sales_book(month, documents, now=now, window=WINDOW)
    assert book.is_final is (not book.openings)
    return {opening.reason: opening.count for opening in book.openings}


def test_a_month_that_is_still_running_is_not_final_even_when_nothing_is_in_it() -> None:
    assert reasons(now=LAST_MOMENT) == {BookOpenReason.MONTH_RUNNING: 0}
    assert reasons(now=datetime(2026, 4, 1, 1, tzinfo=UTC)) == {BookOpenReason.MONTH_RUNNING: 0}, "UTC is no matter"
    assert reasons(now=ENDS) == {}
    assert reasons(now=LAST_MOMENT, month=Month(2026, 5)) == {BookOpenReason.MONTH_RUNNING: 0}, "nor one to come"


def test_a_month_is_final_when_its_last_window_has_closed_and_not_before() -> None:
    sale = issued(issued_at=LAST_MOMENT)
    closes = LAST_MOMENT + timedelta(hours=182)
    assert reasons(sale, now=closes) == {BookOpenReason.VOID_WINDOW_OPEN: 1}, "it may still be asked for"
    assert reasons(sale, now=closes + timedelta(microseconds=1)) == {}
    (opening,) = sales_book(MARCH, [sale], now=ENDS, window=WINDOW).openings
    assert opening.until == closes
    assert "2026-04-08T13:59:59-05:00" in opening.wording.english
    assert "2026-04-08T13:59:59-05:00" in opening.wording.spanish


def test_the_window_is_the_one_that_is_set() -> None:
    sale = issued(issued_at=LAST_MOMENT)
    assert sales_book(MARCH, [sale], now=ENDS, window=VoidWindow(hours=0.0001, warn_hours=0)).is_final


def test_what_can_never_be_voided_keeps_no_window_open() -> None:
    at = LAST_MOMENT
    debit = issued(document_type=DocumentType.GENERIC_DEBIT_NOTE, issued_at=at)
    unknown = issued(submission=Submission.ISSUED_ID_UNKNOWN, legal_status=LegalStatus.NONE, issued_at=at)
    assert reasons(debit, unknown, issued(void=VOID, issued_at=at), now=ENDS) == {}
    beside = issued(legal_status=LegalStatus.DGI_REJECTED, authorised_beside=(PacDocumentId("other"),), issued_at=at)
    assert reasons(beside, now=ENDS) == {BookOpenReason.VOID_WINDOW_OPEN: 1}


@pytest.mark.parametrize("submission", [Submission.IN_DOUBT, Submission.QUARANTINED])
def test_doubt_is_told_apart_from_waiting(submission: Submission) -> None:
    doubted = issued(submission=submission, legal_status=LegalStatus.NONE)
    waiting = (
        issued(submission=Submission.QUEUED, legal_status=LegalStatus.NONE),
        issued(submission=Submission.SENDING, legal_status=LegalStatus.NONE),
        issued(legal_status=LegalStatus.PAC_AUTHORIZED),
        issued(legal_status=LegalStatus.DGI_REJECTED, hinted_ids=(PacDocumentId("other"),)),
    )
    assert reasons(doubted, *waiting) == {
        BookOpenReason.DOCUMENT_UNDER_WAY: 4,
        BookOpenReason.DOCUMENT_IN_DOUBT: 1,
    }


@pytest.mark.parametrize("state", [VoidState.REQUESTED, VoidState.IN_DOUBT])
def test_a_void_that_is_not_settled_is_told_however_late_it_is(state: VoidState) -> None:
    assert reasons(issued(void=replace(VOID, state=state)), now=LATER + timedelta(days=400)) == {
        BookOpenReason.VOID_UNDER_WAY: 1
    }
    assert reasons(issued(void=replace(VOID, state=VoidState.FAILED))) == {}


def test_each_reason_is_said_in_both_languages_with_its_number() -> None:
    documents = (
        issued(submission=Submission.IN_DOUBT, legal_status=LegalStatus.NONE),
        issued(legal_status=LegalStatus.PAC_AUTHORIZED),
        issued(void=replace(VOID, state=VoidState.IN_DOUBT)),
        issued(issued_at=LAST_MOMENT),
    )
    openings = sales_book(MARCH, documents, now=LAST_MOMENT, window=WINDOW).openings
    assert [opening.reason for opening in openings] == list(BookOpenReason)
    for opening in openings:
        assert opening.wording.english != opening.wording.spanish
        for text in (opening.wording.english, opening.wording.spanish):
            assert "{" not in text
            assert opening.count == 0 or str(opening.count) in text


def test_a_row_of_the_csv_says_what_may_change_it() -> None:
    documents = [issued(), issued(void=replace(VOID, state=VoidState.IN_DOUBT)), issued(void=VOID)]

    def cells(book: SalesBook) -> list[str]:
        header, *rows = book_as_csv(book).removeprefix("\ufeff").strip().split("\r\n")
        assert header.endswith(",retention,may_change")
        return [row.rsplit(",", 1)[1] for row in rows]

    assert cells(sales_book(MARCH, documents, now=LATER, window=WINDOW)) == ["", "VOID_UNDER_WAY", ""]
    running = cells(sales_book(MARCH, documents, now=documents[0].issued_at, window=WINDOW))
    assert running == ["MONTH_RUNNING VOID_WINDOW_OPEN", "MONTH_RUNNING VOID_UNDER_WAY", "MONTH_RUNNING"]


@given(
    TYPES,
    st.sampled_from(Submission),
    st.sampled_from(LegalStatus),
    st.none() | st.sampled_from(VoidState),
    st.integers(0, 400),
)
def test_a_final_book_is_one_that_no_step_of_a_void_or_a_document_can_change(
    kind: DocumentType, submission: Submission, legal: LegalStatus, void: VoidState | None, hours: int
) -> None:
    document = issued(
        document_type=kind,
        submission=submission,
        legal_status=legal,
        void=None if void is None else replace(VOID, state=void),
        issued_at=LAST_MOMENT,
    )
    now = ENDS + timedelta(hours=hours)
    book = sales_book(MARCH, [document], now=now, window=WINDOW)
    is_undecided = any(line.standing.value == "OPEN" for line in book.lines)
    has_open_void = bool(book.lines) and void in (VoidState.REQUESTED, VoidState.IN_DOUBT)
    counts = any(line.standing.value == "COUNTS" for line in book.lines)
    can_be_voided = (
        counts and submission is Submission.ACCEPTED and not kind.is_debit_note and now <= WINDOW.closes_at(LAST_MOMENT)
    )
    assert book.is_final is not (is_undecided or has_open_void or can_be_voided)
