"""CSV that a spreadsheet opens without running anything in it."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "﻿"  # without it Excel reads accents as something else


@dataclass(frozen=True, slots=True)
class _Written:
    parts: list[str]

    def write(self, text: str) -> None:
        self.parts.append(text)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated, CRLF, quoted where needed, with a byte order mark. None is an empty cell."""
    written = _Written([BYTE_ORDER_MARK])
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "".join(written.parts)


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
