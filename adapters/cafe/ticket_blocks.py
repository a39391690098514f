"""What a ticket says, from top to bottom, for a printer that knows black alone."""

from collections.abc import Iterator
from decimal import Decimal

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, Paragraph, Spacer, Table

from adapters.cafe.letter_closing import shown_sums
from adapters.cafe.pieces import labelled, money, paragraph, quantity, rate_label
from adapters.cafe.qr_square import QrSquare
from core.cafe import TEST_ENVIRONMENT_TEXT, CafeLine, CafePage
from core.issue_time import panama_time

ROLL = 80 * mm
MARGIN = 4 * mm  # thermal heads print 72 mm of the 80
WIDTH = ROLL - 2 * MARGIN
_AMOUNT_WIDTH = 28 * mm  # 99,999,999,999.99
_QR_SIDE = 46 * mm
_QR_WIDEST = 70 * mm
_QR_MODULES_MAX = 90  # more of them need the whole width to be read by a telephone

_TEXT = ParagraphStyle("ticket", fontName="Helvetica", fontSize=8, leading=9.6, textColor=black, splitLongWords=1)
_BOLD = ParagraphStyle("ticket_bold", parent=_TEXT, fontName="Helvetica-Bold")
_SMALL = ParagraphStyle("ticket_small", parent=_TEXT, fontSize=7, leading=8.4)
_CENTRED = ParagraphStyle("ticket_centred", parent=_TEXT, alignment=TA_CENTER)
_SMALL_CENTRED = ParagraphStyle("ticket_small_centred", parent=_SMALL, alignment=TA_CENTER)
_NAME = ParagraphStyle("ticket_name", parent=_CENTRED, fontName="Helvetica-Bold", fontSize=11, leading=13)
_TYPE = ParagraphStyle("ticket_type", parent=_CENTRED, fontName="Helvetica-Bold", fontSize=9.5, leading=11.4)
_MARK = ParagraphStyle("ticket_mark", parent=_CENTRED, fontName="Helvetica-Bold", fontSize=17, leading=20)
_MARK_MEANS = ParagraphStyle("ticket_mark_means", parent=_CENTRED, fontName="Helvetica-Bold", fontSize=9, leading=11)
_CUFE = ParagraphStyle("ticket_cufe", parent=_CENTRED, fontName="Courier-Bold", fontSize=8.5, leading=10.5)
_RIGHT = ParagraphStyle("ticket_right", parent=_TEXT, alignment=TA_RIGHT)
_RIGHT_BOLD = ParagraphStyle("ticket_right_bold", parent=_BOLD, alignment=TA_RIGHT)
_TOTAL = ParagraphStyle("ticket_total", parent=_BOLD, fontSize=11, leading=13)
_TOTAL_RIGHT = ParagraphStyle("ticket_total_right", parent=_TOTAL, alignment=TA_RIGHT)


def ticket_blocks(page: CafePage) -> Iterator[Flowable]:
    """Everything on the roll, in order; each block is as high as its text."""
    yield from _mark(page)
    yield from _heading(page)
    yield from _receiver(page)
    yield _rule()
    for line in page.lines:
        yield from _line(line)
    yield _rule()
    yield from _sums(page)
    yield _rule()
    yield from _payments(page)
    if page.information:
        yield _rule()
        yield paragraph(page.information, _SMALL)
    yield _rule()
    yield from _authorisation(page)
    yield from _mark(page)


def _mark(page: CafePage) -> Iterator[Flowable]:
    """The mark in a box: first and last on the roll, so that no tear takes both away."""
    if page.standing.mark:
        word, meaning = page.standing.mark
        box = Table([[[paragraph(word, _MARK), paragraph(meaning, _MARK_MEANS)]]], colWidths=[WIDTH], hAlign="LEFT")
        box.setStyle([("BOX", (0, 0), (-1, -1), 1.2, black), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)])
        yield box
        yield Spacer(1, 2 * mm)


def _heading(page: CafePage) -> Iterator[Flowable]:
    issuer = page.issuer
    if page.is_test:
        yield paragraph(TEST_ENVIRONMENT_TEXT, _MARK_MEANS)
        yield Spacer(1, 1 * mm)
    yield paragraph(issuer.trade_name or issuer.name, _NAME)
    if issuer.trade_name and issuer.trade_name != issuer.name:
        yield paragraph(issuer.name, _CENTRED)
    yield paragraph(f"RUC {issuer.ruc}  DV {issuer.dv}", _CENTRED)
    if issuer.address:
        yield paragraph(issuer.address, _CENTRED)
    if issuer.telephone:
        yield paragraph(f"Tel. {issuer.telephone}", _CENTRED)
    yield paragraph(f"Sucursal {issuer.branch}", _CENTRED)
    yield Spacer(1, 1.5 * mm)
    yield paragraph(page.kind, _SMALL_CENTRED)
    yield paragraph(page.document_type.label_es, _TYPE)
    yield Spacer(1, 1 * mm)
    point = f"   Punto de facturación {page.billing_point}" if page.billing_point else ""
    yield labelled("N.º", f"{page.number}{point}", _TEXT)
    yield labelled("Fecha:", f"{panama_time(page.issued_at):%d/%m/%Y %H:%M:%S}", _TEXT)


def _receiver(page: CafePage) -> Iterator[Flowable]:
    receiver = page.receiver
    yield labelled("Receptor:", receiver.name or "CONSUMIDOR FINAL", _TEXT)
    if receiver.ruc:
        yield labelled("RUC:", f"{receiver.ruc}  DV {receiver.dv}" if receiver.dv else receiver.ruc, _TEXT)
    if receiver.identity:
        yield labelled("Identificación:", receiver.identity, _TEXT)
    if receiver.address:
        yield labelled("Dirección:", receiver.address, _TEXT)
    for reference in page.references:
        yield labelled("Referencia:", reference, _SMALL)


def _line(line: CafeLine) -> Iterator[Flowable]:
    yield paragraph(line.description, _TEXT)
    times = f"{quantity(line.quantity)} {line.unit or ''}".strip()
    less = f" - {money(line.unit_discount)}" if line.unit_discount else ""
    price = f"{money(line.unit_price)}{less}"
    rate = rate_label(line.itbms)
    tax = f"{rate} {money(line.itbms_amount)}" if line.itbms_amount else rate
    yield _pair(paragraph(f"{times} x {price}  ITBMS {tax}", _SMALL), paragraph(money(line.total), _RIGHT))
    yield Spacer(1, 0.8 * mm)


def _sums(page: CafePage) -> Iterator[Flowable]:
    for label, amount in shown_sums(page.sums):
        yield _row(label, amount)
    total = page.sums.total
    yield _pair(paragraph("TOTAL B/.", _TOTAL), paragraph(money(total), _TOTAL_RIGHT))
    yield paragraph(f"{len(page.lines)} ítems", _SMALL)
    for each in page.rates:
        base = f"ITBMS {rate_label(each.rate)}, base {money(each.base)}"
        yield _pair(paragraph(base, _SMALL), paragraph(money(each.itbms_amount), _RIGHT))


def _payments(page: CafePage) -> Iterator[Flowable]:
    yield labelled("Pago:", page.payment_time.label_es, _TEXT)
    for each in page.payments:
        yield _row(each.label, each.amount)
    yield _row("Total recibido", page.sums.received)
    if page.sums.change > 0:
        yield _row("Vuelto", page.sums.change)
    if page.retention:
        yield _row(f"Retención: {page.retention.label}", -page.retention.amount)
        due = paragraph(money(page.sums.total - page.retention.amount), _RIGHT_BOLD)
        yield _pair(paragraph("Neto por cobrar", _BOLD), due)
    for place, instalment in enumerate(page.instalments, start=1):
        yield _row(f"Cuota {place}, vence {instalment.due_on:%d/%m/%Y}", instalment.amount)
        if instalment.note:
            yield paragraph(instalment.note, _SMALL)


def _authorisation(page: CafePage) -> Iterator[Flowable]:
    said = page.authorisation
    if said.qr is not None:
        code = QrSquare(said.qr, _QR_SIDE)
        if code.modules > _QR_MODULES_MAX:
            code = QrSquare(said.qr, _QR_WIDEST)
        yield code
    if said.cufe:
        yield paragraph("CUFE previsto" if said.is_cufe_expected else "CUFE", _SMALL_CENTRED)
        yield paragraph(said.grouped_cufe, _CUFE)
        yield Spacer(1, 1 * mm)
    yield paragraph(said.state, _CENTRED)
    if said.protocol:
        yield paragraph(f"Protocolo de autorización {said.protocol}", _SMALL_CENTRED)
    for label, moment in said.moments:
        yield paragraph(f"{label} {panama_time(moment):%d/%m/%Y %H:%M:%S}", _SMALL_CENTRED)
    for notice in said.notices:
        yield paragraph(notice, _SMALL_CENTRED)
    yield Spacer(1, 2 * mm)


def _rule() -> Flowable:
    return HRFlowable(width="100%", thickness=0.6, color=black, spaceBefore=3, spaceAfter=3, dash=(2, 2))


def _row(label: str, amount: Decimal) -> Table:
    return _pair(paragraph(label, _TEXT), paragraph(money(amount), _RIGHT))


def _pair(left: Paragraph, right: Paragraph) -> Table:
    made = Table([[left, right]], colWidths=[WIDTH - _AMOUNT_WIDTH, _AMOUNT_WIDTH], hAlign="LEFT")
    made.setStyle(
        [
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return made
