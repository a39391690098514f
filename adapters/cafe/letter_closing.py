"""The blocks of the CAFE on letter paper below the lines: payment, ITBMS, totals, instalments, QR and CUFE."""

from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from adapters.cafe.letter_blocks import GAP
from adapters.cafe.pieces import (
    ACCENT,
    GRAND_TOTAL,
    LABEL,
    LINE,
    RIGHT,
    RIGHT_STRONG,
    SECTION,
    SMALL,
    STRONG,
    Cell,
    boxed,
    labelled,
    money,
    paragraph,
    rate_label,
    table,
)
from adapters.cafe.qr_square import QrSquare
from core.cafe import CafePage, CafeSums
from core.issue_time import panama_time

QR_SIDE = 40 * mm
HEADING_RULE = ("LINEBELOW", (0, 0), (-1, 0), 0.4, LINE)


def shown_sums(sums: CafeSums) -> list[tuple[str, Decimal]]:
    """The figures that add up to the total, with their labels; those that are nothing are left out, net and ITBMS
    are always there."""
    figures = [
        ("ISC", sums.isc),
        ("Otras tasas e impuestos", sums.oti),
        ("Acarreo", sums.freight),
        ("Seguro", sums.insurance),
        ("Otros gastos", sums.other_charges),
        ("Descuentos", -sums.discounts),
    ]
    return [("Total neto", sums.net), ("ITBMS", sums.itbms), *(each for each in figures if each[1])]


def closing_block(page: CafePage, width: float) -> list[Flowable]:
    """Payment forms and ITBMS by rate on the left, totals on the right."""
    left: list[Flowable] = [_payments(page, width * 0.5), Spacer(1, GAP), _itbms_by_rate(page, width * 0.5)]
    outer = table(
        [[left, _totals(page, width * 0.46)]],
        [width * 0.54, width * 0.46],
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    )
    return [KeepTogether([outer]), Spacer(1, GAP)]


def _payments(page: CafePage, width: float) -> Table:
    rows: list[list[Cell]] = [[paragraph("FORMA DE PAGO", SECTION), paragraph(page.payment_time.label_es, RIGHT)]]
    rows += [[paragraph(each.label), paragraph(money(each.amount), RIGHT)] for each in page.payments]
    if page.retention:
        label = paragraph(f"Retención: {page.retention.label}", SMALL)
        rows.append([label, paragraph(money(page.retention.amount), RIGHT)])
    return table(rows, [width * 0.72, width * 0.28], boxed(), HEADING_RULE)


def _itbms_by_rate(page: CafePage, width: float) -> Table:
    rows: list[list[Cell]] = [
        [paragraph("DESGLOSE DE ITBMS", SECTION), paragraph("Base", RIGHT), paragraph("Impuesto", RIGHT)]
    ]
    for each in page.rates:
        amounts = (paragraph(money(each.base), RIGHT), paragraph(money(each.itbms_amount), RIGHT))
        rows.append([paragraph(rate_label(each.rate)), *amounts])
    return table(rows, [width * 0.44, width * 0.28, width * 0.28], boxed(), HEADING_RULE)


def _totals(page: CafePage, width: float) -> Table:
    sums = page.sums
    rows: list[list[Cell]] = [_sum(label, amount) for label, amount in shown_sums(sums)]
    place = len(rows)
    white = STRONG.clone("total_label", textColor=GRAND_TOTAL.textColor, fontSize=10.5, leading=13)
    rows.append([paragraph("TOTAL", white), paragraph(f"B/. {money(sums.total)}", GRAND_TOTAL)])
    rows.append(_sum("Total recibido", sums.received))
    if sums.change > 0:
        rows.append(_sum("Vuelto", sums.change))
    if page.retention:
        due = sums.total - page.retention.amount
        rows.append(_sum("Retención", -page.retention.amount))
        rows.append([paragraph("Neto por cobrar", STRONG), paragraph(f"B/. {money(due)}", RIGHT_STRONG)])
    rows.append([paragraph("Número de ítems", LABEL), paragraph(len(page.lines), RIGHT)])
    return table(
        rows,
        [width * 0.5, width * 0.5],
        boxed(),
        ("BACKGROUND", (0, place), (-1, place), ACCENT),
        ("TOPPADDING", (0, place), (-1, place), 4),
        ("BOTTOMPADDING", (0, place), (-1, place), 4),
    )


def _sum(label: str, amount: Decimal) -> list[Cell]:
    return [paragraph(label), paragraph(f"B/. {money(amount)}", RIGHT)]


def instalments_block(page: CafePage, width: float) -> list[Flowable]:
    """When what falls due, one row each: there may be 99."""
    if not page.instalments:
        return []
    rows: list[list[Cell]] = [
        [paragraph("CUOTAS", SECTION), paragraph("Vence"), paragraph("Monto", RIGHT), paragraph("Nota")]
    ]
    for place, each in enumerate(page.instalments, start=1):
        amount, note = paragraph(money(each.amount), RIGHT), paragraph(each.note or "", SMALL)
        rows.append([paragraph(place), paragraph(f"{each.due_on:%d/%m/%Y}"), amount, note])
    widths = [width * share for share in (0.12, 0.14, 0.16, 0.58)]
    return [table(rows, widths, boxed(), HEADING_RULE, repeat=1), Spacer(1, GAP)]


def information_block(page: CafePage) -> list[Flowable]:
    """Free text on the document; a long one runs over the page."""
    if not page.information:
        return []
    return [paragraph("INFORMACIÓN ADICIONAL", SECTION), paragraph(page.information), Spacer(1, GAP)]


def authorisation_block(page: CafePage, width: float) -> list[Flowable]:
    """QR, CUFE and what the PAC and the DGI said; never torn apart."""
    said = page.authorisation
    lines: list[Flowable] = [paragraph("AUTORIZACIÓN DE USO" if said.cufe else "DOCUMENTO INTERNO", SECTION)]
    if said.cufe:
        lines.append(labelled("CUFE previsto:" if said.is_cufe_expected else "CUFE:", ""))
        lines.append(paragraph(said.grouped_cufe, STRONG))
        lines.append(labelled("Tipo de emisión:", page.emission.label_es))
    lines.append(labelled("Estado:", said.state))
    if said.protocol:
        lines.append(labelled("Protocolo de autorización:", said.protocol))
    lines += [labelled(label, f"{panama_time(moment):%d/%m/%Y %H:%M:%S}") for label, moment in said.moments]
    lines += [paragraph(notice, SMALL) for notice in said.notices]
    if said.qr is None:
        return [KeepTogether([table([[lines]], [width], boxed())])]
    block = Table(
        [[QrSquare(said.qr, QR_SIDE), lines]], colWidths=[QR_SIDE + 4 * mm, width - QR_SIDE - 4 * mm], hAlign="LEFT"
    )
    block.setStyle([boxed(), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 4)])
    return [KeepTogether([block])]
