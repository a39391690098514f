"""The word for what a document owes: total, in its order, and independent of the order in which money comes."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

TODAY = date(2026, 3, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

amounts = st.integers(0, 10**7).map(lambda cents: Decimal(cents).scaleb(-2))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
sums = st.builds(Sums, total=amounts, payments=amounts, credits=amounts, retention=amounts)
parts = st.lists(st.builds(DuePart, due_on=days, amount=amounts), max_size=5)


def told(
    total: str,
    payments: str = "0",
    credits_: str = "0",
    retention: str = "0",
    *,
    is_void: bool = False,
    is_withdrawn: bool = False,
    due_on: date | None = TOMORROW,
) -> BusinessStatus:
    given_sums = Sums(
        total=Decimal(total), payments=Decimal(payments), credits=Decimal(credits_), retention=Decimal(retention)
    )
    return business_status(given_sums, is_void=is_void, is_withdrawn=is_withdrawn, due_on=due_on, today=TODAY)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (told("10", "10", is_void=True), BusinessStatus.VOID),
        (told("10", "3", "10", is_void=True, is_withdrawn=True), BusinessStatus.VOID),
        (told("10", is_withdrawn=True), BusinessStatus.CANCELED),
        (told("10", "0", "10"), BusinessStatus.CANCELED),
        (told("10", "10", "10"), BusinessStatus.CANCELED),
        (told("10", "10.01"), BusinessStatus.OVERPAID),
        (told("10", "4", "6.01"), BusinessStatus.OVERPAID),
        (told("10", "10"), BusinessStatus.PAID),
        (told("10", "10", due_on=None), BusinessStatus.PAID),
        (told("10", "9.50", "0", "0.50"), BusinessStatus.PAID),
        (told("10", "4", "6"), BusinessStatus.PAID),
        (told("0"), BusinessStatus.PAID),
        (told("10", due_on=YESTERDAY), BusinessStatus.PAST_DUE),
        (told("10", "4", "3", due_on=YESTERDAY), BusinessStatus.PAST_DUE),
        (told("10", "4", "3"), BusinessStatus.PARTIALLY_CANCELED),
        (told("10", "0", "3"), BusinessStatus.PARTIALLY_CANCELED),
        (told("10", "3"), BusinessStatus.PARTIALLY_PAID),
        (told("10", due_on=TODAY), BusinessStatus.UNPAID),
        (told("10", "0", "0", "3"), BusinessStatus.UNPAID),
    ],
)
def test_the_first_word_that_fits_is_the_one(status: BusinessStatus, expected: BusinessStatus) -> None:
    assert status is expected


@given(sums=sums, is_void=st.booleans(), is_withdrawn=st.booleans(), due_on=st.none() | days, today=days)
def test_every_document_has_one_word_and_it_is_the_first_whose_condition_holds(
    sums: Sums, is_void: bool, is_withdrawn: bool, due_on: date | None, today: date
) -> None:
    balance = sums.total - sums.payments - sums.credits - sums.retention
    holds = {
        BusinessStatus.VOID: is_void,
        BusinessStatus.CANCELED: is_withdrawn or (sums.credits > 0 and sums.credits >= sums.total),
        BusinessStatus.OVERPAID: balance < 0,
        BusinessStatus.PAID: balance == 0,
        BusinessStatus.PAST_DUE: due_on is not None and due_on < today and balance > 0,
        BusinessStatus.PARTIALLY_CANCELED: sums.credits > 0,
        BusinessStatus.PARTIALLY_PAID: sums.payments > 0,
        BusinessStatus.UNPAID: True,
    }
    first = next(status for status in BusinessStatus if holds[status])
    found = business_status(sums, is_void=is_void, is_withdrawn=is_withdrawn, due_on=due_on, today=today)
    assert found is first


@given(sums=sums, payment=amounts)
def test_a_payment_lowers_the_balance_by_itself_and_taking_it_back_restores_it(sums: Sums, payment: Decimal) -> None:
    def with_payments(amount: Decimal) -> Sums:
        return Sums(total=sums.total, payments=amount, credits=sums.credits, retention=sums.retention)

    more = with_payments(sums.payments + payment)
    assert more.balance == sums.balance - payment
    assert with_payments(more.payments - payment) == sums
    assert sums.balance + sums.settled == sums.total


@given(sums=sums, parts=parts)
def test_the_open_day_is_that_of_a_part_and_only_what_is_owed_has_one(sums: Sums, parts: list[DuePart]) -> None:
    day = first_open_day(parts, sums)
    if sums.balance <= 0 or not parts:
        assert day is None
        return
    assert day in {part.due_on for part in parts}
    settled_before = sum((part.amount for part in parts if part.due_on < day), Decimal(0))
    assert settled_before <= sums.settled
    last = max(part.due_on for part in parts)
    asked_until = sum((part.amount for part in parts if part.due_on <= day), Decimal(0))
    assert asked_until > sums.settled or day == last


@given(sums=sums, parts=parts, payment=amounts)
def test_another_payment_never_makes_the_open_day_earlier(sums: Sums, parts: list[DuePart], payment: Decimal) -> None:
    more = Sums(total=sums.total, payments=sums.payments + payment, credits=sums.credits, retention=sums.retention)
    before, after = first_open_day(parts, sums), first_open_day(parts, more)
    assert after is None or (before is not None and after >= before)


@given(sums=sums, parts=parts, data=st.data())
def test_the_order_of_the_parts_does_not_matter(sums: Sums, parts: list[DuePart], data: st.DataObject) -> None:
    assert first_open_day(data.draw(st.permutations(parts)), sums) == first_open_day(parts, sums)


@given(sums=sums, due_on=days, today=days)
def test_what_is_due_today_is_not_past_due_yet(sums: Sums, due_on: date, today: date) -> None:
    assert not is_past_due(sums, due_on=today, today=today)
    assert is_past_due(sums, due_on=due_on, today=today) == (sums.balance > 0 and due_on < today)


def test_a_credit_note_is_void_then_cancelled_then_applied_then_unapplied() -> None:
    for is_void, is_dead, is_authorised in product((True, False), repeat=3):
        holds = {
            CreditStatus.VOID: is_void,
            CreditStatus.CANCELED: is_dead,
            CreditStatus.APPLIED: is_authorised,
            CreditStatus.UNAPPLIED: True,
        }
        first = next(status for status, fits in holds.items() if fits)
        assert credit_status(is_void=is_void, is_dead=is_dead, is_authorised=is_authorised) is first
