"""The total that the legal document itself states."""

import re
from decimal import Decimal

_TOTAL = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?dVTot>\s*([0-9]{1,11}(?:\.[0-9]{1,6})?)\s*</", re.ASCII)


def total_in_xml(xml: bytes) -> Decimal | None:
    """dVTot (2507) of a signed XML in balboas, or None where it states none, or two that differ.

    The bytes are searched and not parsed: nothing in a hostile file is expanded or followed.
    """
    stated = {Decimal(text.decode("ascii")) for text in _TOTAL.findall(xml)}
    return stated.pop() if len(stated) == 1 else None
