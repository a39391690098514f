"""The foot of the CAFE: QR code, CUFE and what the DGI said."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Table

from adapters.alanube.fake.cafe_qr import QrSquare
from adapters.alanube.fake.cafe_style import SECTION, SMALL, STRONG, boxed, labelled, paragraph
from adapters.alanube.fake.cafe_words import EMISSIONS
from adapters.alanube.fake.records import FakeDocument
from core.issue_time import panama_time

QR_SIDE = 40 * mm


def authorisation_block(document: FakeDocument, qr: str, width: float) -> list[Flowable]:
    """QR, CUFE and what the DGI said; never torn apart."""
    emission = EMISSIONS[document.payload["information"]["issueType"]]
    lines: list[Flowable] = [
        paragraph("AUTORIZACIÓN DE USO", SECTION),
        labelled("CUFE:", ""),
        paragraph(document.cufe or "", STRONG),
        labelled("Tipo de emisión:", emission),
        labelled("Estado:", _state(document)),
    ]
    if document.protocol:
        lines.append(labelled("Protocolo de autorización:", document.protocol))
        authorised_at = panama_time(document.history[-1][0])
        lines.append(labelled("Fecha de autorización:", f"{authorised_at:%d/%m/%Y %H:%M:%S}"))
    lines.append(paragraph("Proveedor de autorización calificado: PAC simulado de Istmo (sin validez fiscal)", SMALL))
    lines.append(
        paragraph("Consulte este documento en https://dgi-fep.mef.gob.pa con el CUFE o leyendo el código QR.", SMALL)
    )
    block = Table(
        [[QrSquare(qr, QR_SIDE), lines]], colWidths=[QR_SIDE + 4 * mm, width - QR_SIDE - 4 * mm], hAlign="LEFT"
    )
    block.setStyle([boxed(), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 4)])
    return [KeepTogether([block])]


def _state(document: FakeDocument) -> str:
    if document.protocol:
        return "Autorizado por la DGI"
    return "Autorizado por el PAC, pendiente de la DGI"
