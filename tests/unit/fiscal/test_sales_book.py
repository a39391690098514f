"""The sales book adds what the documents say, to the cent, and says when it is not final."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType, ItbmsRate, OperationType
from core.documents import DocumentMode, FiscalDocument, LegalStatus, SeriesKey, Submission
from core.drafts import DraftLine
from core.identifiers import TenantId
from core.months import Month
from core.sales_book import BookStanding, SalesBook, book_as_csv, sales_book
from core.voids import Void, VoidState, VoidWindow
from tests.builders import NOW, a_document, a_draft

MARCH = Month(2026, 3)
WINDOW = VoidWindow()
LATER = MARCH.ends + timedelta(hours=182, seconds=1)  # nothing of the month can be voided any more
TENANT = TenantId("01MINE")
TYPES = (DocumentType.DOMESTIC_INVOICE, DocumentType.GENERIC_CREDIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE)
VOID = Void(state=VoidState.VOIDED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v")


def issued(
    amount: str = "100.00",
    *,
    rate: ItbmsRate = ItbmsRate.GENERAL_7,
    document_type: DocumentType = DocumentType.DOMESTIC_INVOICE,
    **changes: object,
) -> FiscalDocument:
    line = DraftLine(description="Algo", quantity=Decimal(1), unit_price=Decimal(amount), itbms=rate)
    draft = replace(a_draft(), document_type=document_type, lines=(line,), payments=())
    series = SeriesKey(billing_point="001", document_type=document_type)
    known: dict[str, object] = {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_AUTHORIZED}
    return a_document(TENANT, draft=draft, series=series, **(known | changes))


def booked(documents: Iterable[FiscalDocument], now: datetime = LATER) -> SalesBook:
    return sales_book(MARCH, documents, now=now, window=WINDOW)


def figures(book: SalesBook) -> tuple[Decimal, Decimal, Decimal]:
    return book.net_base, book.net_itbms, book.total


def test_sales_and_debits_add_and_credits_subtract() -> None:
    amounts = ("100.00", "30.00", "5.00")
    sale, credit, debit = (issued(amount, document_type=kind) for amount, kind in zip(amounts, TYPES, strict=True))
    book = booked([sale, credit, debit])
    assert figures(book) == (Decimal("75.00"), Decimal("5.25"), Decimal("80.25"))
    (rate,) = [rate for rate in book.rates if rate.rate is ItbmsRate.GENERAL_7]
    assert (rate.sales_itbms, rate.credits_itbms, rate.debits_itbms) == (
        Decimal("7.00"),
        Decimal("2.10"),
        Decimal("0.35"),
    )
    assert book.is_final


def test_every_rate_stands_in_the_book() -> None:
    book = booked([issued(rate=ItbmsRate.EXEMPT), issued(rate=ItbmsRate.SPECIAL_15)])
    assert [rate.rate for rate in book.rates] == list(ItbmsRate)
    assert {rate.rate.value: rate.net_itbms for rate in book.rates} == {
        "00": Decimal("0.00"),
        "01": Decimal("0.00"),
        "02": Decimal("0.00"),
        "03": Decimal("15.00"),
    }


@pytest.mark.parametrize("state", [VoidState.REQUESTED, VoidState.IN_DOUBT])
def test_a_void_under_way_counts_still_and_the_book_is_not_final(state: VoidState) -> None:
    book = booked([issued(void=replace(VOID, state=state))])
    assert (book.net_base, book.open_count, book.is_final) == (Decimal("100.00"), 0, False)
    assert booked([issued(void=replace(VOID, state=VoidState.FAILED))]).is_final


def test_a_void_document_is_listed_and_counts_for_nothing() -> None:
    book = booked([issued(void=VOID), issued("1.00")])
    assert (book.void_count, book.net_base, book.is_final) == (1, Decimal("1.00"), True)


def test_a_document_that_is_not_decided_makes_the_book_not_final_and_counts_for_nothing() -> None:
    undecided = (
        issued(submission=Submission.IN_DOUBT, legal_status=LegalStatus.NONE),
        issued(legal_status=LegalStatus.PAC_AUTHORIZED),
        issued(submission=Submission.QUARANTINED, legal_status=LegalStatus.NONE),
    )
    book = booked(undecided)
    assert (book.open_count, book.is_final, book.net_base) == (3, False, Decimal("0.00"))


def test_what_is_no_sale_is_not_in_it() -> None:
    purchase = replace(a_draft(), operation=OperationType.INCOMING)
    others = [
        issued(submission=Submission.REFUSED, legal_status=LegalStatus.NONE),
        issued(legal_status=LegalStatus.DGI_REJECTED),
        a_document(TENANT, mode=DocumentMode.PROFORM, submission=Submission.DRAFT),
        a_document(TENANT, mode=DocumentMode.DGI_IMPORT, submission=Submission.IMPORTED),
        a_document(TENANT, draft=purchase, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED),
    ]
    assert booked(others).lines == ()


def test_a_document_that_was_confirmed_at_the_dgi_counts() -> None:
    known = issued(submission=Submission.ISSUED_ID_UNKNOWN, legal_status=LegalStatus.NONE)
    assert booked([known]).net_base == Decimal("100.00")


def test_the_csv_has_a_row_for_each_document_and_runs_nothing() -> None:
    receiver = replace(a_draft().receiver, name="=HYPERLINK(1)")
    one = issued()
    named = replace(one, draft=replace(one.draft, receiver=receiver))
    text = book_as_csv(booked([named, issued(void=VOID)]))
    header, first, second = text.removeprefix("﻿").strip().split("\r\n")
    assert header.startswith("issued_on,document_type,")
    assert "'=HYPERLINK(1)" in first
    assert ",SALE,COUNTS,100.00," in first
    assert ",VOID," in second


AMOUNTS = st.decimals(min_value="0.01", max_value="99999.99", places=2)
DOCUMENTS = st.lists(
    st.builds(
        lambda amount, rate, kind, void, late: issued(
            str(amount),
            rate=rate,
            document_type=kind,
            void=VOID if void else None,
            issued_at=NOW + timedelta(minutes=late),
        ),
        AMOUNTS,
        st.sampled_from(ItbmsRate),
        st.sampled_from(TYPES),
        st.booleans(),
        st.integers(0, 1000),
    ),
    max_size=8,
)


@given(DOCUMENTS, st.randoms())
def test_the_sums_are_those_of_the_documents_in_any_order(documents: list[FiscalDocument], random: object) -> None:
    book = booked(documents)
    signed = [
        (-1 if document.document_type.is_credit_note else 1, document.totals)
        for document in documents
        if document.void is None
    ]
    assert book.net_base == sum((sign * totals.net_total for sign, totals in signed), Decimal(0))
    assert book.net_itbms == sum((sign * totals.itbms_total for sign, totals in signed), Decimal(0))
    assert book.total == sum((sign * totals.total for sign, totals in signed), Decimal(0))
    shuffled = documents[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(booked(shuffled)) == figures(book)
    assert sum(line.standing is BookStanding.VOID for line in book.lines) == book.void_count
