"""The CAFE on a roll of 80 mm (iFormCAFE 2): one page as long as its content.

PDF ends a page at 14,400 points (5.08 m). A ticket that is longer goes on on further pages of the same width.
"""

from collections.abc import Iterable
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from adapters.cafe.pieces import plain
from adapters.cafe.qr_square import QrSquare
from adapters.cafe.ticket_blocks import MARGIN, ROLL, WIDTH, ticket_blocks
from core.cafe import CafePage

LONGEST_PAGE = 14_400.0  # points, the format's limit (ISO 32000-1, annex C)
_END = 6 * mm  # white below the last line, for the cutter
_NUMBERED = 4 * mm  # room for the number of a page where there are several

Placed = tuple[Flowable, float]


def draw_ticket(page: CafePage, creator: str) -> bytes:
    """PDF bytes; they depend on the arguments alone."""
    output = BytesIO()
    canvas = Canvas(output, pagesize=(ROLL, LONGEST_PAGE), invariant=1)
    canvas.setTitle(f"CAFE {page.number}")
    canvas.setAuthor(plain(page.issuer.name))
    canvas.setSubject(page.authorisation.cufe or "")
    canvas.setCreator(creator)
    sheets = _sheets(canvas, ticket_blocks(page))
    for place, sheet in enumerate(sheets, start=1):
        height = sum(each for _, each in sheet) + MARGIN + _END + (_NUMBERED if len(sheets) > 1 else 0)
        canvas.setPageSize((ROLL, height))
        y = height - MARGIN
        for block, room in sheet:
            y -= room
            indent = (WIDTH - block.width) / 2 if isinstance(block, QrSquare) else 0
            block.drawOn(canvas, MARGIN + indent, y + block.getSpaceAfter())
        if len(sheets) > 1:
            canvas.setFont("Helvetica", 7)
            canvas.drawCentredString(ROLL / 2, _END - 2 * mm, f"{page.heading}   {place} de {len(sheets)}")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _sheets(canvas: Canvas, blocks: Iterable[Flowable]) -> list[list[Placed]]:
    """The blocks by page, each with the height that it takes, its own space before and after included."""
    room = whole = LONGEST_PAGE - MARGIN - _END - _NUMBERED
    sheets: list[list[Placed]] = [[]]
    for block in blocks:
        waiting = [block]
        while waiting:
            part = waiting.pop(0)
            needed = _height(canvas, part)
            if needed > room:
                pieces = part.split(WIDTH, room) if needed > whole else []
                if pieces:
                    waiting[:0] = pieces
                    continue
                sheets.append([])
                room = whole
            sheets[-1].append((part, needed))
            room -= needed
    return sheets


def _height(canvas: Canvas, block: Flowable) -> float:
    _, height = block.wrapOn(canvas, WIDTH, LONGEST_PAGE)
    return float(height + block.getSpaceBefore() + block.getSpaceAfter())
