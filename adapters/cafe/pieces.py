"""Colours, text styles and the small building stones of the CAFE."""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from core.codes import ItbmsRate

INK = HexColor("#1f2933")
GREY = HexColor("#7b8794")
LINE = HexColor("#cbd2d9")
SHADE = HexColor("#eef2f6")
ACCENT = HexColor("#0b4f8a")
RED = HexColor("#b42318")
WHITE = HexColor("#ffffff")

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=8, leading=10, textColor=INK, splitLongWords=1)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7, leading=9)
LABEL = ParagraphStyle("label", parent=SMALL, textColor=GREY)
STRONG = ParagraphStyle("strong", parent=BODY, fontName="Helvetica-Bold")
RIGHT = ParagraphStyle("right", parent=BODY, alignment=TA_RIGHT)
RIGHT_STRONG = ParagraphStyle("right_strong", parent=STRONG, alignment=TA_RIGHT)
GRAND_TOTAL = ParagraphStyle("grand_total", parent=RIGHT_STRONG, fontSize=10.5, leading=13, textColor=WHITE)
COLUMN = ParagraphStyle("column", parent=SMALL, fontName="Helvetica-Bold", textColor=WHITE)
COLUMN_RIGHT = ParagraphStyle("column_right", parent=COLUMN, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=BODY, fontName="Helvetica-Bold", fontSize=13, leading=15.5, textColor=ACCENT)
TITLE_RIGHT = ParagraphStyle("title_right", parent=TITLE, alignment=TA_RIGHT, fontSize=12, leading=14)
SECTION = ParagraphStyle("section", parent=BODY, fontName="Helvetica-Bold", fontSize=8, leading=10, textColor=ACCENT)
WARNING = ParagraphStyle(
    "warning",
    parent=BODY,
    fontName="Helvetica-Bold",
    fontSize=8.5,
    leading=11,
    alignment=TA_CENTER,
    textColor=RED,
)

StyleCommand = tuple[str, tuple[int, int], tuple[int, int], *tuple[Any, ...]]
Cell = Flowable | list[Flowable]

_PADDING: list[StyleCommand] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def paragraph(text: object, style: ParagraphStyle = BODY) -> Paragraph:
    """Plain text: markup in it stays text, and characters that the font lacks become a question mark."""
    return Paragraph(_printable(str(text)), style)


def labelled(label: str, text: object, style: ParagraphStyle = BODY) -> Paragraph:
    """``label`` in bold, then the text."""
    return Paragraph(f"<b>{escape(label)}</b> {_printable(str(text))}", style)


def table(rows: Sequence[list[Cell]], widths: Sequence[float], *extra: StyleCommand, repeat: int = 0) -> Table:
    """A table with the CAFE's padding; ``repeat`` heading rows come again on every page."""
    made = Table(rows, colWidths=list(widths), repeatRows=repeat, hAlign="LEFT")
    made.setStyle(TableStyle([*_PADDING, *extra]))
    return made


def boxed(colour: Color = LINE) -> StyleCommand:
    """A frame around the whole table."""
    return ("BOX", (0, 0), (-1, -1), 0.6, colour)


def rate_label(rate: ItbmsRate) -> str:
    """``7%``, or the word for none."""
    return "Exento" if rate is ItbmsRate.EXEMPT else f"{rate.fraction:.0%}"


def money(amount: Decimal) -> str:
    """``1,070.00``; more decimals only when the amount has them."""
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:,.{decimals}f}"


def quantity(amount: Decimal) -> str:
    """As few decimals as the quantity has."""
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{amount:,.{decimals}f}"


def plain(text: str) -> str:
    """The text in characters that the font has: accents composed, controls dropped, the rest a question mark."""
    composed = unicodedata.normalize("NFC", text)
    spaced = composed.replace("\t", " ")
    visible = "".join(each for each in spaced if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf"})
    return visible.encode("cp1252", errors="replace").decode("cp1252")


def _printable(text: str) -> str:
    return escape(plain(text)).replace("\n", "<br/>")
