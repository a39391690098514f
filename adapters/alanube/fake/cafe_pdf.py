"""The printed form of a document, the CAFE, on letter paper (iFormCAFE 3): what a person prints, signs and files.

CAFE is *Comprobante Auxiliar de Factura Electrónica*. The bytes depend on the document alone.
"""

from io import BytesIO

from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from adapters.alanube.fake.amounts import document_amounts
from adapters.alanube.fake.cafe_authorisation import authorisation_block
from adapters.alanube.fake.cafe_blocks import (
    closing_block,
    heading_block,
    information_block,
    instalments_block,
    lines_block,
    parties_block,
    references_block,
)
from adapters.alanube.fake.cafe_style import GREY, INK, RED
from adapters.alanube.fake.cafe_words import DOCUMENT_TITLES
from adapters.alanube.fake.records import TEST_ENVIRONMENT_NAME, Company, FakeDocument

MARGIN = 14 * mm
BOTTOM = 20 * mm
WIDTH = letter[0] - 2 * MARGIN


def render_cafe(document: FakeDocument, company: Company, qr: str) -> bytes:
    """PDF bytes of one document; ``qr`` is the address that its code holds."""
    amounts = document_amounts(document.payload)
    office = next((each for each in company.offices.values() if each.code == document.office_code), None)
    story: list[Flowable] = [
        *heading_block(document, company, office, WIDTH),
        *parties_block(document, WIDTH),
        *references_block(document, WIDTH),
        *lines_block(document, amounts, WIDTH),
        *closing_block(document, amounts, WIDTH),
        *instalments_block(document, WIDTH),
        *information_block(document),
        *authorisation_block(document, qr, WIDTH),
    ]
    output = BytesIO()
    template = BaseDocTemplate(
        output,
        pagesize=letter,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        title=f"CAFE {document.numeration}",
        author=company.name,
        subject=document.cufe or "",
        creator="Istmo fake PAC",
        invariant=1,
    )
    frame = Frame(
        MARGIN,
        BOTTOM,
        WIDTH,
        letter[1] - MARGIN - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    furniture = _PageFurniture(document, company)
    template.addPageTemplates([PageTemplate(id="cafe", frames=[frame], onPage=furniture.draw)])
    template.build(story)
    return output.getvalue()


class _PageFurniture:
    """What stands on every page: the foot with the CUFE and, in the test environment, the warning."""

    def __init__(self, document: FakeDocument, company: Company) -> None:
        self._cufe = document.cufe or ""
        self._title = f"{DOCUMENT_TITLES[document.document_type]} N.º {document.numeration}"
        self._is_test = company.environment == 2

    def draw(self, canvas: Canvas, template: BaseDocTemplate) -> None:
        """Draw on the page that has just begun."""
        canvas.saveState()
        canvas.setStrokeColor(GREY)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, BOTTOM - 3 * mm, letter[0] - MARGIN, BOTTOM - 3 * mm)
        canvas.setFillColor(INK)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(MARGIN, BOTTOM - 7 * mm, f"CUFE {self._cufe}")
        canvas.drawRightString(letter[0] - MARGIN, BOTTOM - 7 * mm, f"Página {template.page}")
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, BOTTOM - 10.5 * mm, self._title)
        if self._is_test:
            canvas.setFillColor(RED)
            canvas.setFont("Helvetica-Bold", 7)
            canvas.drawRightString(letter[0] - MARGIN, BOTTOM - 10.5 * mm, TEST_ENVIRONMENT_NAME)
        canvas.restoreState()
