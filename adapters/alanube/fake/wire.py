"""What crosses the fake PAC's door, without a socket: one request, one answer, and how the answer fails to arrive."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]
LARGEST_EXPONENT = 30


class TransportFault(StrEnum):
    """What the transport must do with an answer. The HTTP server does it for real, a test transport raises it."""

    NONE = "none"
    REFUSE = "refuse"  # no byte was read: the connection is refused
    CLOSE_WITHOUT_ANSWER = "close_without_answer"
    HANG = "hang"  # hold the connection for ``hold_seconds``, then close it without an answer
    CUT_MID_BODY = "cut_mid_body"  # announce the whole length, send half, close
    DRIP = "drip"  # one byte every ``hold_seconds``


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """One HTTP request as the fake reads it. Header names are lower case; ``path`` begins with ``/``."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAnswer:
    """One HTTP answer. ``body`` is None when nothing may be sent (see ``transport``).

    ``webhooks_first`` asks the transport to deliver the webhooks that are due before it sends the answer.
    ``faults`` names the faults that shaped the answer, for the record.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = b""
    transport: TransportFault = TransportFault.NONE
    hold_seconds: float = 0.0
    webhooks_first: bool = False
    faults: tuple[str, ...] = ()

    def json(self) -> Any:
        """The body as JSON with Decimal numbers. Raises ValueError for a body that is none."""
        return read_json(self.body or b"")


def read_json(body: bytes) -> Any:
    """JSON with exact decimals. Raises ValueError for anything else: NaN, half surrogates, nesting without end."""
    try:
        value = json.loads(body, parse_float=_exact, parse_constant=_refuse_constant)
    except RecursionError as error:
        message = "nested too deeply"
        raise ValueError(message) from error
    if b"\\u" in body:
        write_json(value)  # a half surrogate cannot be encoded: UnicodeEncodeError is a ValueError
    return value


def write_json(value: object) -> bytes:
    """Compact UTF-8 JSON; a Decimal is written as the number that it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_number).encode()


def json_answer(status: int, value: object) -> WireAnswer:
    """An answer with a JSON body."""
    return WireAnswer(
        status=status, headers={"content-type": "application/json; charset=utf-8"}, body=write_json(value)
    )


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        message = "a number's exponent is beyond reason"
        raise ValueError(message) from error


def _refuse_constant(name: str) -> Decimal:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _number(value: object) -> int | float | str:
    if isinstance(value, Decimal):
        if value.adjusted() > LARGEST_EXPONENT:
            return str(value)  # an extra field of someone's; as a number it would not fit any reader
        return int(value) if value == value.to_integral_value() else float(value)
    message = f"{type(value).__name__} is no JSON value"
    raise TypeError(message)
