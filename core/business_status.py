"""What a document owes, and the word for it. Independent of what the PAC and the DGI say about the document.

Everything here is a pure function of sums and days, so that whoever has the sums can ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from core.money import exact_arithmetic

_NOTHING = Decimal("0.00")


class BusinessStatus(Enum):
    """Of an invoice or a debit note; the first that fits, in this order."""

    VOID = "VOID"
    CANCELED = "CANCELED"
    OVERPAID = "OVERPAID"
    PAID = "PAID"
    PAST_DUE = "PAST_DUE"
    PARTIALLY_CANCELED = "PARTIALLY_CANCELED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    UNPAID = "UNPAID"


class CreditStatus(Enum):
    """Of a credit note."""

    UNAPPLIED = "UNAPPLIED"
    APPLIED = "APPLIED"
    CANCELED = "CANCELED"
    VOID = "VOID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What was billed and what came against it, in balboas with two decimals, none of them negative."""

    total: Decimal
    payments: Decimal = _NOTHING  # those that were not reversed
    credits: Decimal = _NOTHING  # of credit notes that count
    retention: Decimal = _NOTHING  # what the receiver withholds and pays to the tax authority itself

    @property
    def settled(self) -> Decimal:
        """What came, in whatever way."""
        with exact_arithmetic():
            return self.payments + self.credits + self.retention

    @property
    def balance(self) -> Decimal:
        """What is still owed; negative when too much came."""
        with exact_arithmetic():
            return self.total - self.settled


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePart:
    """A part of the total with its last day in Panama."""

    due_on: date
    amount: Decimal


def first_open_day(parts: Iterable[DuePart], sums: Sums) -> date | None:
    """The last day of the earliest part that is not wholly settled; None when nothing is owed.

    What came settles the earliest part first, whatever it was meant for. Parts beyond the total ask for nothing, and
    what is owed beyond all parts is due with the last of them.
    """
    if sums.balance <= 0:
        return None
    asked, last = _NOTHING, None
    with exact_arithmetic():
        for part in sorted(parts, key=lambda one: one.due_on):
            asked, last = asked + part.amount, part.due_on
            if asked > sums.settled:
                break
    return last


def is_past_due(sums: Sums, *, due_on: date | None, today: date) -> bool:
    """Whether something is owed whose last day is over. ``due_on`` as ``first_open_day`` gives it."""
    return sums.balance > 0 and due_on is not None and due_on < today


def business_status(
    sums: Sums, *, is_void: bool, is_withdrawn: bool, due_on: date | None, today: date
) -> BusinessStatus:
    """The first that fits. ``is_withdrawn``: a draft that its owner cancelled, which leaves no credit note behind.

    A total of zero without credits is PAID: nobody cancelled it.
    """
    if is_void:
        return BusinessStatus.VOID
    if is_withdrawn or 0 < sums.credits >= sums.total:
        return BusinessStatus.CANCELED
    if sums.balance < 0:
        return BusinessStatus.OVERPAID
    if sums.balance == 0:
        return BusinessStatus.PAID
    if is_past_due(sums, due_on=due_on, today=today):
        return BusinessStatus.PAST_DUE
    if sums.credits > 0:
        return BusinessStatus.PARTIALLY_CANCELED
    return BusinessStatus.PARTIALLY_PAID if sums.payments > 0 else BusinessStatus.UNPAID


def credit_status(*, is_void: bool, is_dead: bool, is_authorised: bool) -> CreditStatus:
    """The first that fits. ``is_dead``: refused, rejected, given up or a cancelled draft."""
    if is_void:
        return CreditStatus.VOID
    if is_dead:
        return CreditStatus.CANCELED
    return CreditStatus.APPLIED if is_authorised else CreditStatus.UNAPPLIED
