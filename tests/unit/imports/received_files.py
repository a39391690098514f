"""Files as a business receives them: the PAC's own PDF, and photos of it."""

from io import BytesIO

import pypdfium2
from PIL import Image
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas

from core.documents import FileKind, FiscalDocument
from tests.world import Shop, World


async def issued_by(world: World, seller: Shop) -> tuple[FiscalDocument, bytes]:
    """A document of a seller that the DGI authorised, with its PDF."""
    document = await world.invoice(seller, await world.an_order(seller))
    await world.sweep(times=30, every_seconds=60)
    document = await world.current(document)
    (pdf,) = [file for file in document.files if file.kind is FileKind.PDF]
    return document, await world.stores.files.get(document.tenant_id, pdf.digest)


def photo_of(pdf: bytes, *, degrees: float = 0.0, form: str = "JPEG", dpi: int = 150) -> bytes:
    """The first page as a camera might see it: turned, a little dark, compressed."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=dpi / 72).to_pil().convert("L")
    turned = picture.rotate(degrees, expand=True, fillcolor=235)
    dimmed = turned.point([int(level * 0.85) + 10 for level in range(256)])
    out = BytesIO()
    dimmed.save(out, format=form, **({"quality": 70} if form == "JPEG" else {}))
    return out.getvalue()


def page_with(*codes: str, text: tuple[str, ...] = ()) -> bytes:
    """A PDF with these QR codes and lines of text."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for place, code in enumerate(codes):
        widget = QrCodeWidget(code, barWidth=180, barHeight=180)
        drawing = Drawing(180, 180)
        drawing.add(widget)
        renderPDF.draw(drawing, canvas, 40 + 260 * (place % 2), 600 - 220 * (place // 2))
    for place, line in enumerate(text):
        canvas.drawString(40, 120 - 14 * place, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def blank_picture() -> bytes:
    """A PNG with nothing on it."""
    out = BytesIO()
    Image.new("L", (400, 300), 255).save(out, format="PNG")
    return out.getvalue()
