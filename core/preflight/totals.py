"""Rules about the computed totals: limits, sanity (2509, 2515) and how a PAC may round."""

from collections.abc import Iterator

from core.codes import ReceiverType
from core.errors import Wording
from core.money import TOLERANCE, TOTAL_INTEGER_DIGITS, amount_text, exact_arithmetic, integer_digits_of
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity
from core.totals import Totals

TOTAL_NEGATIVE = Rule(
    code="total_negative",
    dgi="2507",
    confidence=Confidence.HIGH,
    message=Wording("The total would be negative.", "El total sería negativo."),
    hint=Wording("Lower a discount.", "Reduzca un descuento."),
)
TOTAL_TOO_LARGE = Rule(
    code="total_too_large",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("A total has more than 11 digits before the point.", "Un total tiene más de 11 dígitos enteros."),
    hint=Wording("Split the document.", "Divida el documento."),
)
LINE_TOO_LARGE = Rule(
    code="line_too_large",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The line comes to more than 9 digits before the point.", "La línea supera 9 dígitos enteros."),
    hint=Wording("Split the line.", "Divida la línea."),
)
HIGH_TOTAL = Rule(
    code="high_total",
    dgi="2509",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording("The total {total} is above {limit}.", "El total {total} supera {limit}."),
    hint=Wording("Check the amounts.", "Revise los montos."),
)
HIGH_CONSUMER_TOTAL = Rule(
    code="high_consumer_total",
    dgi="2515",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The total {total} to a final consumer is above {limit}.",
        "El total {total} a un consumidor final supera {limit}.",
    ),
    hint=Wording("Check whether the receiver is a taxpayer.", "Revise si el receptor es contribuyente."),
)
SHELF_TOTAL_MISSED = Rule(
    code="shelf_total_missed",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "No net price gives the shelf total {shelf} to the cent: the line comes to {difference} more.",
        "Ningún precio neto da el total {shelf} al centavo: la línea resulta {difference} mayor.",
    ),
    hint=Wording(
        "The printed total differs from the shelf price; change the price by a cent.",
        "El total impreso difiere del precio al público; cambie el precio en un centavo.",
    ),
)
ROUNDING_SPREAD = Rule(
    code="rounding_spread",
    dgi="2501",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The ITBMS is {two} with lines rounded to cents and {six} without: a PAC may compute the other.",
        "El ITBMS es {two} redondeando cada línea y {six} sin redondear: un PAC puede calcular el otro.",
    ),
    hint=Wording(
        "Join equal lines, or use prices of two decimals.", "Junte líneas iguales o use precios de dos decimales."
    ),
)


def judge(case: Case) -> Iterator[Finding]:
    """Nothing when the amounts do not allow arithmetic; then other rules have refused them."""
    totals, settings = case.totals, case.settings
    if totals is None:
        return
    if totals.total < 0:
        yield TOTAL_NEGATIVE.at("discounts")
    widest = max(totals.total, totals.lines_total, totals.received)
    if integer_digits_of(widest) > TOTAL_INTEGER_DIGITS:
        yield TOTAL_TOO_LARGE.at("lines")
    for place, line in enumerate(totals.lines):
        if integer_digits_of(max(line.line_net, line.line_total)) > 9:
            yield LINE_TOO_LARGE.at("lines", place)
    if totals.total > settings.high_total:
        yield HIGH_TOTAL.at("lines", total=amount_text(totals.total), limit=settings.high_total)
    is_consumer = case.draft.receiver.receiver_type is ReceiverType.FINAL_CONSUMER
    if is_consumer and totals.total > settings.high_consumer_total:
        limit = settings.high_consumer_total
        yield HIGH_CONSUMER_TOTAL.at("lines", total=amount_text(totals.total), limit=limit)
    yield from _judge_rounding(totals)


def _judge_rounding(totals: Totals) -> Iterator[Finding]:
    with exact_arithmetic():
        spread = abs(totals.itbms_total - totals.itbms_total_six_decimals)
        missed = [
            (place, line.shelf_total, line.line_net + line.itbms_amount - line.shelf_total)
            for place, line in enumerate(totals.lines)
            if line.shelf_total is not None and line.line_net + line.itbms_amount != line.shelf_total
        ]
    if spread > TOLERANCE:
        six = amount_text(totals.itbms_total_six_decimals)
        yield ROUNDING_SPREAD.at("lines", two=amount_text(totals.itbms_total), six=six)
    for place, shelf, difference in missed:
        yield SHELF_TOTAL_MISSED.at(
            "lines", place, "unitPrice", shelf=amount_text(shelf), difference=amount_text(difference)
        )
