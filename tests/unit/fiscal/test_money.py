from decimal import ROUND_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    MalformedAmountError,
    MoneyNotAStringError,
    amount_text,
    decimals_of,
    integer_digits_of,
    parse_amount,
    round_amount,
    sum_amounts,
    trim_decimals,
)

FINITE = st.decimals(Decimal("-1e12"), Decimal("1e12"), allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("1.005", "1.01"), ("7", "7.00"), ("0.015", "0.02")],
)
def test_ties_are_rounded_away_from_zero(exact, rounded):
    assert str(round_amount(Decimal(exact))) == rounded


@given(FINITE)
def test_the_callers_decimal_context_changes_nothing(amount):
    expected = round_amount(amount), sum_amounts([amount, amount])
    with localcontext() as context:
        context.prec, context.rounding = 3, ROUND_UP
        assert (round_amount(amount), sum_amounts([amount, amount])) == expected


@given(FINITE)
def test_rounding_moves_an_amount_by_half_a_cent_at_most(amount):
    with localcontext() as context:
        context.prec = 60
        assert abs(round_amount(amount) - amount) <= Decimal("0.005")


@pytest.mark.parametrize("value", [1.5, 1, True, None, Decimal("1.5"), b"1.5", ["1"]])
def test_an_amount_is_text_and_never_a_float(value):
    with pytest.raises(MoneyNotAStringError) as caught:
        parse_amount(value, ("lines", 0, "unitPrice"))
    assert caught.value.path == ("lines", 0, "unitPrice")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "sNaN",
        "Infinity",
        "-1",
        "-0",
        "+1",
        "1e308",
        "1E+2",
        "1,000.00",
        "1.",
        ".5",
        " 1",
        "1\n",
        "1_0",
        "١",
        "0.1234567",
        "1234567890",
        "0" * 5000,
    ],
)
def test_refuses_text_that_is_no_plain_amount(text):
    with pytest.raises(MalformedAmountError):
        parse_amount(text)


@given(st.integers(0, 999_999_999), st.integers(0, 999_999))
def test_reads_back_the_amount_that_it_writes(whole, fraction):
    text = f"{whole}.{fraction:06d}"
    assert amount_text(parse_amount(text)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1E+3", "1000"), ("-0", "0"), ("0E-7", "0.0000000"), ("1.50", "1.50"), ("1E-6", "0.000001")],
)
def test_writes_plain_digits(amount, text):
    assert amount_text(Decimal(amount)) == text


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_does_not_write_what_is_no_amount(amount):
    with pytest.raises(MalformedAmountError):
        amount_text(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "digits", "decimals"),
    [("0", 0, 0), ("0.25", 0, 2), ("120.50", 3, 1), ("1E+5", 6, 0), ("0.000000", 0, 0), ("999999999.1", 9, 1)],
)
def test_counts_the_digits_that_carry_value(amount, digits, decimals):
    assert (integer_digits_of(Decimal(amount)), decimals_of(Decimal(amount))) == (digits, decimals)


@pytest.mark.parametrize(
    ("amount", "text"), [("1", "1.00"), ("1.230000", "1.23"), ("0.934579", "0.934579"), ("0", "0.00")]
)
def test_trims_zeros_down_to_two_decimals(amount, text):
    assert str(trim_decimals(Decimal(amount))) == text
