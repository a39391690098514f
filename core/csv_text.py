"""CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "﻿"  # without it Excel reads accents as something else


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated, CRLF, quoted where needed, with a byte order mark. None is an empty cell."""
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: object) -> str:
    """The cell as text. One that a spreadsheet would take for a formula begins with an apostrophe, which shows it as
    text; a negative number stays a number."""
    text = "" if cell is None else str(cell)
    if not text.lstrip(" ").startswith(_RUNS):
        return text
    return text if _is_number(text) else f"'{text}"


def _is_number(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))
