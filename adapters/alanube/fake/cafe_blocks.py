"""The blocks of the CAFE, from top to bottom."""

from decimal import Decimal

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from adapters.alanube.fake.amounts import ZERO, DocumentAmounts, number
from adapters.alanube.fake.cafe_style import (
    ACCENT,
    COLUMN,
    COLUMN_RIGHT,
    GRAND_TOTAL,
    LABEL,
    LINE,
    RED,
    RIGHT,
    RIGHT_STRONG,
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
    table,
)
from adapters.alanube.fake.cafe_words import (
    DOCUMENT_TITLES,
    ITBMS_LABELS,
    NATURES,
    PAYMENT_FORMS,
    PAYMENT_TIMES,
    RECEIVERS,
    RETENTIONS,
)
from adapters.alanube.fake.records import TEST_ENVIRONMENT_NAME, Company, FakeDocument, Office
from core.issue_time import panama_time

_GAP = 3 * mm


def heading_block(document: FakeDocument, company: Company, office: Office | None, width: float) -> list[Flowable]:
    """Issuer on the left, what the document is on the right."""
    issuer: list[Flowable] = [paragraph(company.trade_name, TITLE)]
    if company.name != company.trade_name:
        issuer.append(paragraph(company.name, STRONG))
    issuer.append(labelled("RUC:", f"{company.ruc}   DV: {company.dv}"))
    if office is not None:
        issuer.append(labelled("Dirección:", office.address))
        issuer.append(labelled("Teléfono:", office.telephone))
        issuer.append(labelled("Sucursal:", f"{office.code}   Ubicación: {office.location}"))
    issued = panama_time(document.issued_at)
    right_small = RIGHT.clone("right_small", fontSize=7, leading=9, textColor=LABEL.textColor)
    identity: list[Flowable] = [
        paragraph("Comprobante Auxiliar de Factura Electrónica", right_small),
        paragraph(DOCUMENT_TITLES[document.document_type], TITLE_RIGHT),
        labelled("N.º", document.numeration, RIGHT),
        labelled("Punto de facturación:", document.billing_point, RIGHT),
        labelled("Fecha de emisión:", f"{issued:%d/%m/%Y %H:%M:%S}", RIGHT),
        labelled("Naturaleza:", NATURES[document.payload["information"]["nature"]], RIGHT),
    ]
    made: list[Flowable] = [
        table([[issuer, identity]], [width * 0.55, width * 0.45], ("LINEBELOW", (0, 0), (-1, -1), 1.2, ACCENT))
    ]
    if company.environment == 2:
        made.append(Spacer(1, 1.5 * mm))
        made.append(table([[paragraph(TEST_ENVIRONMENT_NAME, WARNING)]], [width], boxed(RED)))
    return [*made, Spacer(1, _GAP)]


def parties_block(document: FakeDocument, width: float) -> list[Flowable]:
    """The receiver."""
    receiver = document.payload["receiver"]
    ruc, foreign = receiver.get("ruc"), receiver.get("foreign") or {}
    who: list[Flowable] = [
        paragraph("RECEPTOR", SECTION),
        paragraph(receiver.get("name") or "CONSUMIDOR FINAL", STRONG),
    ]
    if ruc:
        who.append(labelled("RUC:", ruc["ruc"]))
    if foreign.get("number"):
        who.append(labelled("Identificación:", f"{foreign['number']}  {foreign.get('country', '')}"))
    if receiver.get("address"):
        who.append(labelled("Dirección:", receiver["address"]))
    how: list[Flowable] = [labelled("Tipo de receptor:", RECEIVERS[receiver["type"]])]
    if receiver.get("location"):
        how.append(labelled("Ubicación:", receiver["location"]["code"]))
    how.append(labelled("País:", receiver["country"]))
    if receiver.get("telephones"):
        how.append(labelled("Teléfono:", ", ".join(receiver["telephones"])))
    if receiver.get("emails"):
        how.append(labelled("Correo:", ", ".join(receiver["emails"])))
    return [table([[who, how]], [width * 0.6, width * 0.4], boxed()), Spacer(1, _GAP)]


def references_block(document: FakeDocument, width: float) -> list[Flowable]:
    """What a note refers to, one row each."""
    references = document.payload.get("referencedDocuments") or ()
    if not references:
        return []
    rows: list[list[Cell]] = [[paragraph("DOCUMENTOS REFERIDOS", SECTION)]]
    for reference in references:
        names = ("cufeIdentification", "apiIdentification", "otherIdentification")
        rows.append([paragraph(next(reference[name] for name in names if name in reference), SMALL)])
    return [table(rows, [width], boxed()), Spacer(1, _GAP)]


def lines_block(document: FakeDocument, amounts: DocumentAmounts, width: float) -> list[Flowable]:
    """One row an item, ITBMS beside it; the heading comes again on every page."""
    shares = (0.055, 0.115, 0.29, 0.075, 0.065, 0.1, 0.08, 0.11, 0.11)
    left, right = ("N.º", "Código", "Descripción"), ("Cant.", "Unidad", "Precio unit.", "Desc. unit.")
    heading = [
        *(paragraph(name, COLUMN) for name in left),
        *(paragraph(name, COLUMN_RIGHT) for name in (*right, "ITBMS", "Total")),
    ]
    rows: list[list[Cell]] = [list(heading)]
    for item, line in zip(document.payload["items"], amounts.lines, strict=True):
        rate = ITBMS_LABELS[item["itbms"]["rate"]]
        itbms = f"{rate}  {money(line.itbms)}" if line.itbms else rate
        description: list[Flowable] = [paragraph(item["description"])]
        if item.get("cpbs"):
            description.append(paragraph(f"CPBS {item['cpbs']['code']}", LABEL))
        rows.append(
            [
                paragraph(item["number"], SMALL),
                paragraph(item.get("code", ""), SMALL),
                description,
                paragraph(quantity(line.quantity), RIGHT),
                paragraph(item.get("unit", ""), RIGHT),
                paragraph(money(line.price), RIGHT),
                paragraph(money(line.discount) if line.discount else "-", RIGHT),
                paragraph(itbms, RIGHT),
                paragraph(money(line.gross), RIGHT),
            ]
        )
    return [
        table(
            rows,
            [width * share for share in shares],
            ("BACKGROUND", (0, 0), (-1, 0), ACCENT),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, SHADE]),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            repeat=1,
        ),
        Spacer(1, _GAP),
    ]


def closing_block(document: FakeDocument, amounts: DocumentAmounts, width: float) -> list[Flowable]:
    """Payment forms and ITBMS by rate on the left, totals on the right."""
    left: list[Flowable] = [
        _payments(document, width * 0.5),
        Spacer(1, _GAP),
        _itbms_by_rate(document, amounts, width * 0.5),
    ]
    outer = table(
        [[left, _totals(document, amounts, width * 0.46)]],
        [width * 0.54, width * 0.46],
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    )
    return [KeepTogether([outer]), Spacer(1, _GAP)]


def _payments(document: FakeDocument, width: float) -> Table:
    totals = document.payload["totals"]
    rows: list[list[Cell]] = [
        [paragraph("FORMA DE PAGO", SECTION), paragraph(PAYMENT_TIMES[totals["paymentTime"]], RIGHT)]
    ]
    for payment in totals["paymentMethods"]:
        form = payment.get("otherType") or PAYMENT_FORMS[payment["type"]]
        rows.append([paragraph(form), paragraph(money(number(payment, "amount")), RIGHT)])
    if retention := totals.get("retention"):
        words = RETENTIONS.get(str(retention["code"]), str(retention["code"]))
        rows.append([paragraph(f"Retención: {words}", SMALL), paragraph(money(number(retention, "amount")), RIGHT)])
    return table(rows, [width * 0.72, width * 0.28], boxed(), ("LINEBELOW", (0, 0), (-1, 0), 0.4, LINE))


def _itbms_by_rate(document: FakeDocument, amounts: DocumentAmounts, width: float) -> Table:
    rows: list[list[Cell]] = [
        [paragraph("DESGLOSE DE ITBMS", SECTION), paragraph("Base", RIGHT), paragraph("Impuesto", RIGHT)]
    ]
    by_rate: dict[str, tuple[Decimal, Decimal]] = {}
    for item, line in zip(document.payload["items"], amounts.lines, strict=True):
        base, tax = by_rate.get(item["itbms"]["rate"], (ZERO, ZERO))
        by_rate[item["itbms"]["rate"]] = (base + line.net, tax + line.itbms)
    for rate, (base, tax) in sorted(by_rate.items()):
        rows.append([paragraph(ITBMS_LABELS[rate]), paragraph(money(base), RIGHT), paragraph(money(tax), RIGHT)])
    widths = [width * 0.44, width * 0.28, width * 0.28]
    return table(rows, widths, boxed(), ("LINEBELOW", (0, 0), (-1, 0), 0.4, LINE))


def _totals(document: FakeDocument, amounts: DocumentAmounts, width: float) -> Table:
    shown = [
        ("Total neto", amounts.net),
        ("ITBMS", amounts.itbms),
        ("ISC", amounts.isc),
        ("Acarreo", amounts.freight + sum((line.freight for line in amounts.lines), ZERO)),
        ("Seguro", amounts.insurance + sum((line.insurance for line in amounts.lines), ZERO)),
        ("Otros gastos", amounts.other),
        ("Descuentos", -amounts.discounts),
    ]
    always = ("Total neto", "ITBMS")
    rows: list[list[Cell]] = [
        [paragraph(label), paragraph(f"B/. {money(amount)}", RIGHT)]
        for label, amount in shown
        if amount or label in always
    ]
    place = len(rows)
    white = STRONG.clone("total_label", textColor=GRAND_TOTAL.textColor, fontSize=10.5, leading=13)
    rows.append([paragraph("TOTAL", white), paragraph(f"B/. {money(amounts.total)}", GRAND_TOTAL)])
    rows.append([paragraph("Total recibido"), paragraph(f"B/. {money(amounts.paid)}", RIGHT)])
    if amounts.change > 0:
        rows.append([paragraph("Vuelto"), paragraph(f"B/. {money(amounts.change)}", RIGHT)])
    if retention := document.payload["totals"].get("retention"):
        retained = number(retention, "amount")
        rows.append([paragraph("Retención"), paragraph(f"B/. {money(-retained)}", RIGHT)])
        rows.append(
            [paragraph("Neto por cobrar", STRONG), paragraph(f"B/. {money(amounts.total - retained)}", RIGHT_STRONG)]
        )
    rows.append([paragraph("Número de ítems", LABEL), paragraph(len(amounts.lines), RIGHT)])
    return table(
        rows,
        [width * 0.5, width * 0.5],
        boxed(),
        ("BACKGROUND", (0, place), (-1, place), ACCENT),
        ("TOPPADDING", (0, place), (-1, place), 4),
        ("BOTTOMPADDING", (0, place), (-1, place), 4),
    )


def instalments_block(document: FakeDocument, width: float) -> list[Flowable]:
    """When what falls due, one row each: there may be 99."""
    instalments = document.payload["totals"].get("installmentPayment") or ()
    if not instalments:
        return []
    rows: list[list[Cell]] = [
        [paragraph("CUOTAS", SECTION), paragraph("Vence"), paragraph("Monto", RIGHT), paragraph("Nota")]
    ]
    for place, instalment in enumerate(instalments, start=1):
        day = instalment["dueDate"][:10]
        rows.append(
            [
                paragraph(instalment.get("sequence", place)),
                paragraph(f"{day[8:]}/{day[5:7]}/{day[:4]}"),
                paragraph(money(number(instalment, "amount")), RIGHT),
                paragraph(instalment.get("information", ""), SMALL),
            ]
        )
    widths = [width * share for share in (0.12, 0.14, 0.16, 0.58)]
    heading = ("LINEBELOW", (0, 0), (-1, 0), 0.4, LINE)
    return [table(rows, widths, boxed(), heading, repeat=1), Spacer(1, _GAP)]


def information_block(document: FakeDocument) -> list[Flowable]:
    """Free text on the document; a long one runs over the page."""
    information = document.payload["information"].get("information")
    if not information:
        return []
    return [paragraph("INFORMACIÓN ADICIONAL", SECTION), paragraph(information), Spacer(1, _GAP)]
