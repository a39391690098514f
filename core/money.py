"""The one rounding rule, and amounts as text.

Every amount is a Decimal in balboas. An amount is rounded half-up to the cent, per line, and lines are summed
after rounding (rules 2053, 2152). The DGI does not state how ties round; half-up passed in every document
seen (confidence M). All arithmetic runs in ``exact_arithmetic``: the caller's context can change nothing.
"""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

from core.errors import IstmoError, Path, Wording

UNIT = Decimal("0.01")
SIXTH = Decimal("0.000001")
TOLERANCE = Decimal("0.01")  # of each of the DGI's comparisons (8.4.1; M)
ITEM_INTEGER_DIGITS = 9
ITEM_DECIMALS = 6
TOTAL_INTEGER_DIGITS = 11
TOTAL_DECIMALS = 2
LONGEST_AMOUNT_TEXT = 40

_CONTEXT = Context(prec=100, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
_PLAIN = re.compile(r"([0-9]+)(?:\.([0-9]+))?", re.ASCII)


class MoneyNotAStringError(IstmoError):
    """A float or another type arrived where an amount as text belongs."""

    code = "money_not_a_string"
    wording = Wording(
        'The amount must be a string such as "12.50", not {kind}.',
        'El monto debe ser un texto como "12.50", no {kind}.',
    )
    advice = Wording(
        "Send amounts as strings: a binary fraction cannot hold cents.",
        "Envíe los montos como texto: una fracción binaria no guarda centavos exactos.",
    )


class MalformedAmountError(IstmoError):
    """Text that is not a plain, unsigned, finite amount within its digits (section 5.1 of the format)."""

    code = "malformed_amount"
    wording = Wording(
        '"{text}" is not an amount: at most {integer_digits} digits, then at most {decimals} decimals.',
        '"{text}" no es un monto: hasta {integer_digits} dígitos enteros y hasta {decimals} decimales.',
    )
    advice = Wording(
        "Write digits and one point, without a sign, a thousands separator or an exponent.",
        "Escriba dígitos y un punto, sin signo, separador de miles ni exponente.",
    )


def exact_arithmetic() -> AbstractContextManager[Context]:
    """A private decimal context, wide enough that sums and products of valid amounts are exact."""
    return localcontext(_CONTEXT)


def round_amount(amount: Decimal) -> Decimal:
    """``amount`` to the cent, ties away from zero."""
    return amount.quantize(UNIT, rounding=ROUND_HALF_UP, context=_CONTEXT)


def round_to_six(amount: Decimal) -> Decimal:
    """``amount`` to the six decimals that an item may carry, ties away from zero."""
    return amount.quantize(SIXTH, rounding=ROUND_HALF_UP, context=_CONTEXT)


def trim_decimals(amount: Decimal) -> Decimal:
    """The same value with at least two decimals and no more zeros than that."""
    return amount.quantize(Decimal(1).scaleb(-max(decimals_of(amount), 2)), context=_CONTEXT)


def sum_amounts(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, whatever the order and the caller's context; zero is 0.00."""
    with exact_arithmetic():
        return sum(amounts, start=Decimal("0.00"))


def amount_text(amount: Decimal) -> str:
    """Plain digits, never an exponent and never ``-0``; keeps the decimals that ``amount`` has."""
    if not amount.is_finite():
        raise MalformedAmountError(text=amount, integer_digits=TOTAL_INTEGER_DIGITS, decimals=ITEM_DECIMALS)
    return f"{amount.copy_abs() if amount.is_zero() else amount:f}"


def parse_amount(
    text: object,
    path: Path = (),
    *,
    integer_digits: int = ITEM_INTEGER_DIGITS,
    decimals: int = ITEM_DECIMALS,
) -> Decimal:
    """An amount from its text.

    Raises MoneyNotAStringError for any other type (a float above all) and MalformedAmountError for signs,
    NaN, infinity, exponents, separators and too many digits.
    """
    if not isinstance(text, str):
        raise MoneyNotAStringError(path=path, kind=type(text).__name__)
    match = _PLAIN.fullmatch(text) if len(text) <= LONGEST_AMOUNT_TEXT else None
    if match is None or len(match[1].lstrip("0")) > integer_digits or len(match[2] or "") > decimals:
        raise MalformedAmountError(
            path=path, text=text[:LONGEST_AMOUNT_TEXT], integer_digits=integer_digits, decimals=decimals
        )
    return Decimal(text)


def integer_digits_of(amount: Decimal) -> int:
    """Digits before the point: 0 for 0.25, 3 for 120.5."""
    return max(amount.adjusted() + 1, 0) if amount else 0


def decimals_of(amount: Decimal) -> int:
    """Decimals that carry value: 2 for 1.25 and for 1.2500, 0 for 120."""
    if not amount or not amount.is_finite():
        return 0
    text = str(amount)  # much cheaper than as_tuple
    if "E" not in text:
        return len(text.partition(".")[2].rstrip("0"))
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int):
        return 0
    digits = amount.as_tuple().digits
    trailing = 0
    for digit in reversed(digits):
        if digit:
            break
        trailing += 1
    return max(-exponent - trailing, 0)
