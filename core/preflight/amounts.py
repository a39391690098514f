"""The shape of every amount (section 5.1): finite, unsigned, within its digits."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.drafts import Draft, DraftLine
from core.errors import Path, Wording
from core.money import (
    ITEM_DECIMALS,
    ITEM_INTEGER_DIGITS,
    TOTAL_DECIMALS,
    TOTAL_INTEGER_DIGITS,
    decimals_of,
    integer_digits_of,
)
from core.preflight.lines import MOST_LINES
from core.preflight.verdict import Case, Confidence, Finding, Rule

MOST_JUDGED = 1000  # of any list; a longer one has a finding of its own

AMOUNT_NOT_FINITE = Rule(
    code="amount_not_finite",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The amount is not a number.", "El monto no es un número."),
    hint=Wording("Give a plain amount.", "Indique un monto simple."),
)
NEGATIVE_AMOUNT = Rule(
    code="negative_amount",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("No amount carries a sign.", "Ningún monto lleva signo."),
    hint=Wording("A credit note carries positive amounts.", "Una nota de crédito lleva montos positivos."),
)
TOO_MANY_DIGITS = Rule(
    code="too_many_digits",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording(
        "The amount has more than {most} digits before the point.", "El monto tiene más de {most} dígitos enteros."
    ),
    hint=Wording("Check the amount.", "Revise el monto."),
)
TOO_MANY_DECIMALS = Rule(
    code="too_many_decimals",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The amount has more than {most} decimals.", "El monto tiene más de {most} decimales."),
    hint=Wording("Round it.", "Redondéelo."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Width:
    integer_digits: int
    decimals: int


_ITEM = _Width(integer_digits=ITEM_INTEGER_DIGITS, decimals=ITEM_DECIMALS)
_ITEM_CENTS = _Width(integer_digits=ITEM_INTEGER_DIGITS, decimals=TOTAL_DECIMALS)
_TOTAL = _Width(integer_digits=TOTAL_INTEGER_DIGITS, decimals=TOTAL_DECIMALS)


def judge(case: Case) -> Iterator[Finding]:
    """Every amount of the draft against the width of its field."""
    for path, amount, width in _amounts(case.draft):
        if not amount.is_finite():
            yield AMOUNT_NOT_FINITE.at(*path)
            continue
        if amount.is_signed():
            yield NEGATIVE_AMOUNT.at(*path)
        if integer_digits_of(amount) > width.integer_digits:
            yield TOO_MANY_DIGITS.at(*path, most=width.integer_digits)
        if decimals_of(amount) > width.decimals:
            yield TOO_MANY_DECIMALS.at(*path, most=width.decimals)


def _amounts(draft: Draft) -> Iterator[tuple[Path, Decimal, _Width]]:
    for place, line in enumerate(draft.lines[:MOST_LINES]):
        yield from _line_amounts(("lines", place), line)
    yield ("freight",), draft.freight, _TOTAL
    yield ("insurance",), draft.insurance, _TOTAL
    yield ("otherCharges",), draft.other_charges, _TOTAL
    for place, discount in enumerate(draft.discounts[:MOST_JUDGED]):
        yield ("discounts", place, "amount"), discount.amount, _TOTAL
    for place, payment in enumerate(draft.payments[:MOST_JUDGED]):
        yield ("payments", place, "amount"), payment.amount, _TOTAL
    for place, instalment in enumerate(draft.instalments[:MOST_JUDGED]):
        yield ("instalments", place, "amount"), instalment.amount, _TOTAL
    if draft.retention_amount is not None:
        yield ("retentionAmount",), draft.retention_amount, _TOTAL
    if draft.export is not None and draft.export.exchange_rate is not None:
        yield ("export", "exchangeRate"), draft.export.exchange_rate, _ITEM


def _line_amounts(path: Path, line: DraftLine) -> Iterator[tuple[Path, Decimal, _Width]]:
    yield (*path, "quantity"), line.quantity, _ITEM
    yield (*path, "unitPrice"), line.unit_price, _ITEM
    yield (*path, "unitDiscount"), line.unit_discount, _ITEM
    yield (*path, "freight"), line.freight, _ITEM_CENTS
    yield (*path, "insurance"), line.insurance, _ITEM_CENTS
    if line.isc_rate is not None:
        yield (*path, "iscRate"), line.isc_rate, _ITEM
    if line.isc_amount is not None:
        yield (*path, "iscAmount"), line.isc_amount, _ITEM
    for position, charge in enumerate(line.oti[:MOST_JUDGED]):
        yield (*path, "oti", position, "amount"), charge.amount, _ITEM
