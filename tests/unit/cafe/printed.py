"""Documents to print, and what a person or a scanner reads from the paper."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pypdfium2
import zxingcpp

from core.documents import FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId
from tests.builders import NOW, a_document, an_issuer

MM = 72 / 25.4
THERMAL_DPI = 203  # what most printers at tills have
QR = (
    "https://dgi-fep-test.mef.gob.pa:40001/Consultas/FacturasPorQR?chFE={cufe}&iAmb=2"
    "&digestValue=47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D&jwt=" + "eyJhbGciOiJIUzI1NiJ9." * 12
)


def accepted(**changes: Any) -> FiscalDocument:
    """A document that the PAC authorised and the DGI has not yet."""
    document = a_document("tenant", issuer=an_issuer(address="Avenida Balboa, local 4"))
    shown: dict[str, Any] = {
        "submission": Submission.ACCEPTED,
        "legal_status": LegalStatus.PAC_AUTHORIZED,
        "pac_document_id": PacDocumentId("01PAC"),
        "cufe": document.expected_cufe,
        "qr": QR.format(cufe=document.expected_cufe),
        "accepted_at": NOW,
    }
    return replace(document, **(shown | changes))


def authorised(**changes: Any) -> FiscalDocument:
    """The same document when the DGI has authorised it."""
    shown = {"legal_status": LegalStatus.DGI_AUTHORIZED, "authorization_protocol": "20260000000000155123"}
    return accepted(**(shown | changes))


@dataclass
class Printed:
    """A PDF on paper."""

    pdf: bytes

    @cached_property
    def pages(self) -> list[str]:
        """What each page says, in one line of text."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            return [" ".join(page.get_textpage().get_text_range().split()) for page in document]

    @property
    def text(self) -> str:
        """What the whole of it says."""
        return " ".join(self.pages)

    @property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page in millimetres."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            return [(page.get_width() / MM, page.get_height() / MM) for page in document]

    def codes(self, dpi: int = THERMAL_DPI) -> list[str]:
        """What a scanner reads from the first page when it is printed in black and white at this resolution."""
        with pypdfium2.PdfDocument(self.pdf) as document:
            picture = document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("1", dither=0).convert("L")
        return [found.text for found in zxingcpp.read_barcodes(picture)]

    def clipped(self) -> list[str]:
        """Characters that are not wholly on their page."""
        outside = []
        with pypdfium2.PdfDocument(self.pdf) as document:
            for page in document:
                width, height = page.get_size()
                text = page.get_textpage()
                for place in range(text.count_chars()):
                    left, bottom, right, top = text.get_charbox(place)
                    if left < 0 or bottom < 0 or right > width or top > height:
                        outside.append(text.get_text_range(place, 1))
        return outside
