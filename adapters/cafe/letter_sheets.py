"""The CAFE on letter paper (iFormCAFE 3): what a person prints, signs and files."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from adapters.cafe.letter_blocks import heading_block, lines_block, parties_block, references_block
from adapters.cafe.letter_closing import authorisation_block, closing_block, information_block, instalments_block
from adapters.cafe.pieces import GREY, INK, RED, plain
from core.cafe import TEST_ENVIRONMENT_TEXT, CafePage

MARGIN = 14 * mm
BOTTOM = 20 * mm
WIDTH = letter[0] - 2 * MARGIN
TOP = 16 * mm  # of pages after the first: one line that says whose page it is
_TITLE_MAX = 90


def draw_letter(page: CafePage, creator: str) -> bytes:
    """PDF bytes; they depend on the arguments alone."""
    story: list[Flowable] = [
        *heading_block(page, WIDTH),
        *parties_block(page, WIDTH),
        *references_block(page, WIDTH),
        *lines_block(page, WIDTH),
        *closing_block(page, WIDTH),
        *instalments_block(page, WIDTH),
        *information_block(page),
        *authorisation_block(page, WIDTH),
    ]
    output = BytesIO()
    template = BaseDocTemplate(
        output,
        pagesize=letter,
        title=f"CAFE {page.number}",
        author=plain(page.issuer.name),
        subject=page.authorisation.cufe or "",
        creator=creator,
        invariant=1,
    )
    furniture = _PageFurniture(page)
    template.addPageTemplates(
        [
            PageTemplate(id="first", frames=[_frame(MARGIN)], onPage=furniture.first, autoNextPageTemplate="later"),
            PageTemplate(id="later", frames=[_frame(TOP)], onPage=furniture.later),
        ]
    )
    template.build(story, canvasmaker=_CountingCanvas)
    return output.getvalue()


def _frame(top: float) -> Frame:
    return Frame(
        MARGIN,
        BOTTOM,
        WIDTH,
        letter[1] - top - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


class _CountingCanvas(Canvas):
    """Writes ``Página 2 de 7`` when the last page is known."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the library's name
        """Keep the page until all are drawn."""
        self._waiting.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the stubs leave it out

    def save(self) -> None:
        """Number the pages and write the file."""
        for place, state in enumerate(self._waiting, start=1):
            waiting = self._waiting
            self.__dict__.update(state)
            self._waiting = waiting
            self.setFillColor(INK)
            self.setFont("Helvetica", 7)
            self.drawRightString(letter[0] - MARGIN, BOTTOM - 7 * mm, f"Página {place} de {len(waiting)}")
            super().showPage()
        super().save()


class _PageFurniture:
    """What stands on every page: the mark across it, whose page it is, the CUFE and the warning of a test."""

    def __init__(self, page: CafePage) -> None:
        self._page = page

    def first(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        """Draw on the first page, which has its own heading."""
        del template
        self._mark(canvas)
        self._foot(canvas)

    def later(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        """Draw on any other page."""
        self.first(canvas, template)
        canvas.saveState()
        canvas.setFillColor(GREY)
        canvas.setFont("Helvetica", 7)
        y = letter[1] - 10 * mm
        canvas.drawString(MARGIN, y, _cut(plain(self._page.issuer.trade_name or self._page.issuer.name)))
        canvas.drawRightString(letter[0] - MARGIN, y, self._page.heading)
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, y - 2 * mm, letter[0] - MARGIN, y - 2 * mm)
        canvas.restoreState()

    def _foot(self, canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, BOTTOM - 3 * mm, letter[0] - MARGIN, BOTTOM - 3 * mm)
        canvas.setFillColor(INK)
        canvas.setFont("Helvetica", 7)
        said = self._page.authorisation
        if said.cufe:
            label = "CUFE previsto" if said.is_cufe_expected else "CUFE"
            canvas.drawString(MARGIN, BOTTOM - 7 * mm, f"{label} {said.cufe}")
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, BOTTOM - 10.5 * mm, self._page.heading)
        if self._page.is_test:
            canvas.setFillColor(RED)
            canvas.setFont("Helvetica-Bold", 7)
            canvas.drawRightString(letter[0] - MARGIN, BOTTOM - 10.5 * mm, TEST_ENVIRONMENT_TEXT)
        canvas.restoreState()

    def _mark(self, canvas: Canvas) -> None:
        mark = self._page.standing.mark
        if mark is None:
            return
        canvas.saveState()
        canvas.setFillColor(RED)
        canvas.setFillAlpha(0.10)
        canvas.translate(letter[0] / 2, letter[1] / 2)
        canvas.rotate(52)
        canvas.setFont("Helvetica-Bold", 84)
        canvas.drawCentredString(0, 0, mark[0])
        canvas.setFont("Helvetica-Bold", 22)
        canvas.drawCentredString(0, -34, mark[1])
        canvas.restoreState()


def _cut(text: str) -> str:
    return text if len(text) <= _TITLE_MAX else f"{text[: _TITLE_MAX - 1]}…"
