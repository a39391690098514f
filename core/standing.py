"""Where a document stands in the books: its sums, its due day and its business status, from what is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.business_status import (
    BusinessStatus,
    CreditStatus,
    DuePart,
    Sums,
    business_status,
    credit_status,
    first_open_day,
    is_past_due,
)
from core.documents import DocumentMode, FiscalDocument, Submission
from core.issue_time import panama_date
from core.money import exact_arithmetic, sum_amounts
from core.payments import RecordedPayment

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of an invoice or a debit note at one day."""

    sums: Sums
    due_on: date | None  # None: nothing is owed
    is_past_due: bool
    status: BusinessStatus
    payments: tuple[RecordedPayment, ...]  # as they were recorded, reversed ones too


def standing_of(
    document: FiscalDocument, payments: Sequence[RecordedPayment], notes: Iterable[FiscalDocument], *, today: date
) -> Standing:
    """``notes``: those that name the document, of whatever kind and state. ``today`` is a day in Panama."""
    sums = _sums(document, payments, [note for note in notes if counts_as_credit(note)])
    is_withdrawn = document.withdrawn_at is not None
    due_on = None if document.is_void or is_withdrawn else first_open_day(due_parts(document), sums)
    status = business_status(sums, is_void=document.is_void, is_withdrawn=is_withdrawn, due_on=due_on, today=today)
    return Standing(
        sums=sums,
        due_on=due_on,
        is_past_due=is_past_due(sums, due_on=due_on, today=today),
        status=status,
        payments=tuple(payments),
    )


def is_owed(document: FiscalDocument) -> bool:
    """Whether a document asks its receiver for money: an invoice or a debit note of this issuer."""
    return not document.document_type.is_credit_note and document.mode is not DocumentMode.DGI_IMPORT


def counts_as_credit(note: FiscalDocument) -> bool:
    """Whether a note lowers what its invoice owes: a credit note that is authorised and not void."""
    return note.document_type.is_credit_note and credit_status_of(note) is CreditStatus.APPLIED


def credit_status_of(note: FiscalDocument) -> CreditStatus:
    """What became of a credit note."""
    is_authorised = note.standing_status.is_authorized or note.submission is Submission.ISSUED_ID_UNKNOWN
    return credit_status(is_void=note.is_void, is_dead=not note.may_count, is_authorised=is_authorised)


def due_parts(document: FiscalDocument) -> tuple[DuePart, ...]:
    """The instalments; what they leave of the total is due on the day of issue."""
    instalments = tuple(DuePart(due_on=each.due_on, amount=each.amount) for each in document.totals.instalments)
    with exact_arithmetic():
        at_once = document.totals.total - sum_amounts(part.amount for part in instalments)
    issued_on = panama_date(document.issued_at)
    return (DuePart(due_on=issued_on, amount=at_once), *instalments) if at_once > 0 else instalments


def _sums(document: FiscalDocument, payments: Iterable[RecordedPayment], credits_: Sequence[FiscalDocument]) -> Sums:
    withheld = document.totals.retention_amount or _NOTHING
    # what a credit note gives back of the ITBMS, its receiver does not withhold any more
    given_back = sum_amounts(note.totals.retention_amount or _NOTHING for note in credits_)
    with exact_arithmetic():
        retention = max(withheld - given_back, _NOTHING)
    return Sums(
        total=document.totals.total,
        payments=sum_amounts(payment.amount for payment in payments if payment.counts),
        credits=sum_amounts(note.totals.total for note in credits_),
        retention=retention,
    )
