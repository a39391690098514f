"""The blocks of the CAFE on letter paper, from top to bottom, down to the lines."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from adapters.cafe.pieces import (
    ACCENT,
    COLUMN,
    COLUMN_RIGHT,
    LABEL,
    LINE,
    RED,
    RIGHT,
    SECTION,
    SHADE,
    SMALL,
    STRONG,
    TITLE,
    TITLE_RIGHT,
    WARNING,
    Cell,
    boxed,
    labelled,
    money,
    paragraph,
    quantity,
    rate_label,
    table,
)
from core.cafe import TEST_ENVIRONMENT_TEXT, CafeLine, CafePage
from core.issue_time import panama_time

GAP = 3 * mm


def heading_block(page: CafePage, width: float) -> list[Flowable]:
    """Issuer on the left, what the document is on the right."""
    issuer = page.issuer
    seller: list[Flowable] = [paragraph(issuer.trade_name or issuer.name, TITLE)]
    if issuer.trade_name and issuer.trade_name != issuer.name:
        seller.append(paragraph(issuer.name, STRONG))
    seller.append(labelled("RUC:", f"{issuer.ruc}   DV: {issuer.dv}"))
    if issuer.address:
        seller.append(labelled("Dirección:", issuer.address))
    if issuer.telephone:
        seller.append(labelled("Teléfono:", issuer.telephone))
    place = f"{issuer.branch}   Ubicación: {issuer.location}" if issuer.location else issuer.branch
    seller.append(labelled("Sucursal:", place))
    issued = panama_time(page.issued_at)
    right_small = RIGHT.clone("right_small", fontSize=7, leading=9, textColor=LABEL.textColor)
    identity: list[Flowable] = [
        paragraph(page.kind, right_small),
        paragraph(page.document_type.label_es, TITLE_RIGHT),
        labelled("N.º", page.number, RIGHT),
        *([labelled("Punto de facturación:", page.billing_point, RIGHT)] if page.billing_point else []),
        labelled("Fecha de emisión:", f"{issued:%d/%m/%Y %H:%M:%S}", RIGHT),
        labelled("Naturaleza:", page.nature.label_es, RIGHT),
    ]
    made: list[Flowable] = [
        table([[seller, identity]], [width * 0.55, width * 0.45], ("LINEBELOW", (0, 0), (-1, -1), 1.2, ACCENT))
    ]
    if page.is_test:
        made += [Spacer(1, 1.5 * mm), table([[paragraph(TEST_ENVIRONMENT_TEXT, WARNING)]], [width], boxed(RED))]
    if page.standing.mark:
        big = WARNING.clone("mark", fontSize=11, leading=14)
        made += [Spacer(1, 1.5 * mm), table([[paragraph(" - ".join(page.standing.mark), big)]], [width], boxed(RED))]
    return [*made, Spacer(1, GAP)]


def parties_block(page: CafePage, width: float) -> list[Flowable]:
    """The receiver."""
    receiver = page.receiver
    who: list[Flowable] = [paragraph("RECEPTOR", SECTION), paragraph(receiver.name or "CONSUMIDOR FINAL", STRONG)]
    if receiver.ruc:
        who.append(labelled("RUC:", f"{receiver.ruc}   DV: {receiver.dv}" if receiver.dv else receiver.ruc))
    if receiver.identity:
        who.append(labelled("Identificación:", receiver.identity))
    if receiver.address:
        who.append(labelled("Dirección:", receiver.address))
    how: list[Flowable] = [labelled("Tipo de receptor:", receiver.receiver_type.label_es)]
    if receiver.location:
        how.append(labelled("Ubicación:", receiver.location))
    how.append(labelled("País:", receiver.country))
    if receiver.phones:
        how.append(labelled("Teléfono:", ", ".join(receiver.phones)))
    if receiver.emails:
        how.append(labelled("Correo:", ", ".join(receiver.emails)))
    return [table([[who, how]], [width * 0.6, width * 0.4], boxed()), Spacer(1, GAP)]


def references_block(page: CafePage, width: float) -> list[Flowable]:
    """What a note refers to, one row each."""
    if not page.references:
        return []
    rows: list[list[Cell]] = [[paragraph("DOCUMENTOS REFERIDOS", SECTION)]]
    rows += [[paragraph(reference, SMALL)] for reference in page.references]
    return [table(rows, [width], boxed()), Spacer(1, GAP)]


_SHARES = (0.055, 0.115, 0.29, 0.075, 0.065, 0.1, 0.08, 0.11, 0.11)
_LEFT_COLUMNS = ("N.º", "Código", "Descripción")
_RIGHT_COLUMNS = ("Cant.", "Unidad", "Precio unit.", "Desc. unit.", "ITBMS", "Total")


def lines_block(page: CafePage, width: float) -> list[Flowable]:
    """One row an item, ITBMS beside it; the heading comes again on every page."""
    heading: list[Cell] = [
        *(paragraph(name, COLUMN) for name in _LEFT_COLUMNS),
        *(paragraph(name, COLUMN_RIGHT) for name in _RIGHT_COLUMNS),
    ]
    return [
        table(
            [heading, *(_row(line) for line in page.lines)],
            [width * share for share in _SHARES],
            ("BACKGROUND", (0, 0), (-1, 0), ACCENT),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, SHADE]),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            repeat=1,
        ),
        Spacer(1, GAP),
    ]


def _row(line: CafeLine) -> list[Cell]:
    rate = rate_label(line.itbms)
    description: list[Flowable] = [paragraph(line.description)]
    if line.cpbs_code:
        description.append(paragraph(f"CPBS {line.cpbs_code}", LABEL))
    return [
        paragraph(f"{line.position:04d}", SMALL),
        paragraph(line.code or "", SMALL),
        description,
        paragraph(quantity(line.quantity), RIGHT),
        paragraph(line.unit or "", RIGHT),
        paragraph(money(line.unit_price), RIGHT),
        paragraph(money(line.unit_discount) if line.unit_discount else "-", RIGHT),
        paragraph(f"{rate}  {money(line.itbms_amount)}" if line.itbms_amount else rate, RIGHT),
        paragraph(money(line.total), RIGHT),
    ]
