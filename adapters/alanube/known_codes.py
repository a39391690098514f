"""Which error code proves what. Data, to be extended when the PAC shows a new one.

ASSUME-001: how the PAC answers a repeated number is not published; 1002 is the DGI's own number for it.
ASSUME-010: DGI rule numbers (technical sheet section 8.4) reach us unchanged in ``code``.
ASSUME-011: the vendor's AP and EPR codes are known from another country and from one Panamanian client (AP1010).
ASSUME-012: AP1011 and ``AEP20xx`` are guesses by analogy; only AP1010 was seen in Panama.
"""

import re
from dataclasses import dataclass

DUPLICATE = frozenset({"1002"})

MISCONFIGURED = frozenset(
    {
        "AP1010",  # company qr not requested or wrong (S2); in another country: wrong certificate password
        "AP1011",  # company not affiliated (ASSUME-012)
    }
)

_HEADER = (
    "1000 1001 1500 1502 1503 1504 1505 1506 1507 1509 1510 1511 1512 1514 1515 1516 1517 1518 1520 1521 1524 1525 1526"
    " 1527 1528 1529 1530 1531 1533 1534"
)
_PARTIES = (
    "1560 1564 1565 1566 1567 1568 1600 1601 1602 1605 1607 1608 1609 1611 1612 1616 1617 1618 1619 1620 1621 1623"
    " 1650 1651"
)
_REFERENCES = "1703 1704 1705 1706 1708 1709 1712 1713 1715 1716"
_ITEMS = "2000 2001 2051 2052 2053 2054 2055 2056 2150 2152 2300"
_TOTALS = "2500 2501 2503 2505 2506 2507 2510 2512 2513 2514 2600 2601 2602"
_NOTIFICATIONS = "1508 1519 1535 1606 2050 2509 2515"  # never reject alone, but come along
_VENDOR = "AP10067 AP10068 AP10069 AP10070 AP10071 AP10078 AP10079 AP10100"

ALREADY_VOIDED = frozenset({"0622"})  # the document has a void event already (DGI)

REJECTION = frozenset(f"0100 {_HEADER} {_PARTIES} {_REFERENCES} {_ITEMS} {_TOTALS} {_NOTIFICATIONS} {_VENDOR}".split())

VOID_REFUSAL = frozenset(
    {
        "AP10140",  # not authorised, so that there is nothing to void (ASSUME-037: the number is invented)
        "AP10141",  # outside the window (ASSUME-037: invented too)
        *_VENDOR.split(),  # the validator of bodies: a reason that is too short
    }
)

_SCHEMA_TEXT = re.compile(r"instance(?:[.\[][^\n]{0,300})? (?:requires|is not|does not|must|additionalProperty)\b")


def is_schema_text(message: str) -> bool:
    """Whether a message is the vendor's JSON-Schema validator speaking: ``instance requires property "type"``."""
    return _SCHEMA_TEXT.match(message) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCodes:
    """The tables in force; an installation may add what its PAC told it."""

    duplicate: frozenset[str] = DUPLICATE
    misconfigured: frozenset[str] = MISCONFIGURED
    rejection: frozenset[str] = REJECTION
    already_voided: frozenset[str] = ALREADY_VOIDED
    void_refusal: frozenset[str] = VOID_REFUSAL

    def duplicate_in(self, codes: tuple[str, ...]) -> bool:
        """Whether any code says that the number is taken."""
        return not self.duplicate.isdisjoint(codes)

    def misconfigured_in(self, codes: tuple[str, ...]) -> str | None:
        """The first code that says that no document of this company can pass."""
        return next((code for code in codes if code in self.misconfigured), None)

    def already_voided_in(self, codes: tuple[str, ...]) -> bool:
        """Whether any code says that the document is void already."""
        return not self.already_voided.isdisjoint(codes)

    def recognises_void_refusal(self, codes: tuple[str, ...], messages: tuple[str, ...]) -> bool:
        """Whether the refusal of a void is understood whole, as ``recognises``."""
        if codes:
            return all(code in self.void_refusal for code in codes)
        return bool(messages) and all(is_schema_text(message) for message in messages)

    def recognises(self, codes: tuple[str, ...], messages: tuple[str, ...]) -> bool:
        """Whether a refusal is understood whole: every code in the table, or only schema texts and no code."""
        if codes:
            return all(code in self.rejection for code in codes)
        return bool(messages) and all(is_schema_text(message) for message in messages)
