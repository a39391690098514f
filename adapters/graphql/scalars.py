"""The scalars that GraphQL does not have: exact decimals, moments and days."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ariadne import ScalarType
from graphql import BooleanValueNode, FloatValueNode, IntValueNode, StringValueNode, ValueNode

from core.errors import Wording
from core.failures import MalformedInputError
from core.issue_time import panama_time
from core.money import ITEM_DECIMALS, TOTAL_INTEGER_DIGITS, MoneyNotAStringError, amount_text, parse_amount

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NOT_A_MOMENT = Wording(
    "a moment looks like 2026-11-24T15:04:05Z, with its offset",
    "un momento es como 2026-11-24T15:04:05Z, con su zona horaria",
)
_NOT_A_DAY = Wording("a day looks like 2026-11-24", "un día es como 2026-11-24")
_KINDS: tuple[tuple[type[ValueNode], str], ...] = (
    (FloatValueNode, "float"),
    (IntValueNode, "int"),
    (BooleanValueNode, "bool"),
)


def read_decimal(value: object) -> Decimal:
    """Raises MoneyNotAStringError for a JSON number and MalformedAmountError for NaN, signs and exponents."""
    return parse_amount(value, integer_digits=TOTAL_INTEGER_DIGITS, decimals=ITEM_DECIMALS)


def read_moment(value: object) -> datetime:
    """An aware moment in UTC that has a date in Panama too: the first hours of year 1 have none.

    Raises MalformedInputError.
    """
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return panama_time(datetime.fromisoformat(value)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise MalformedInputError(problem=_NOT_A_MOMENT)


def read_day(value: object) -> date:
    """Raises MalformedInputError."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise MalformedInputError(problem=_NOT_A_DAY)


def _literal(node: ValueNode) -> object:
    if isinstance(node, StringValueNode):
        return node.value
    return node


def _decimal_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> Decimal:
    for kind, name in _KINDS:
        if isinstance(node, kind):
            raise MoneyNotAStringError(kind=name)
    return read_decimal(_literal(node))


def _moment_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> datetime:
    return read_moment(_literal(node))


def _day_literal(node: ValueNode, _variables: dict[str, Any] | None = None) -> date:
    return read_day(_literal(node))


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def scalars() -> list[ScalarType]:
    """The scalars, ready to be bound to the schema."""
    return [
        ScalarType("Decimal", serializer=amount_text, value_parser=read_decimal, literal_parser=_decimal_literal),
        ScalarType("DateTime", serializer=_write_moment, value_parser=read_moment, literal_parser=_moment_literal),
        ScalarType("Date", serializer=date.isoformat, value_parser=read_day, literal_parser=_day_literal),
    ]
