"""Rules about payments, instalments, discounts and retention (2510, 2512, 2600 to 2602)."""

from collections.abc import Iterator
from datetime import date

from core.codes import PaymentForm, PaymentTime, ReceiverType, RetentionCode
from core.drafts import Draft, DraftInstalment, DraftPayment
from core.errors import Wording
from core.issue_time import panama_date
from core.money import amount_text, sum_amounts
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity
from core.totals import Totals

MOST_PAYMENTS = 10
MOST_INSTALMENTS = 99
MOST_DISCOUNTS = 5
LONGEST_DISCOUNT_TEXT = 100
_STATE_CODES = {RetentionCode.STATE_PROFESSIONAL_SERVICE, RetentionCode.STATE_GOODS_OR_SERVICES}

TOO_MANY_PAYMENTS = Rule(
    code="too_many_payments",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("At most 10 payment forms fit.", "Caben hasta 10 formas de pago."),
    hint=Wording("Add up those of one form.", "Sume las de una misma forma."),
)
PAYMENT_DESCRIPTION = Rule(
    code="payment_description",
    dgi="2601",
    confidence=Confidence.HIGH,
    message=Wording(
        "Payment form 99 needs a description of 10 to 100 characters.",
        "La forma de pago 99 requiere una descripción de 10 a 100 caracteres.",
    ),
    hint=Wording("Say how it was paid.", "Indique cómo se pagó."),
)
PAYMENT_DESCRIPTION_NOT_EXPECTED = Rule(
    code="payment_description_not_expected",
    dgi="2602",
    confidence=Confidence.HIGH,
    message=Wording("Only payment form 99 carries a description.", "Solo la forma de pago 99 lleva descripción."),
    hint=Wording("Remove the description.", "Quite la descripción."),
)
PAYMENTS_BELOW_TOTAL = Rule(
    code="payments_below_total",
    dgi="2510",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The payments add up to {received}, the total is {total}.", "Los pagos suman {received} y el total es {total}."
    ),
    hint=Wording("Retention does not lower the total.", "La retención no reduce el total."),
)
CHANGE_WITHOUT_CASH = Rule(
    code="change_without_cash",
    dgi="2510",
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording(
        "The payments exceed the total by {change}, and none is in cash.",
        "Los pagos superan el total por {change}, y ninguno es en efectivo.",
    ),
    hint=Wording("Only cash gives change.", "Solo el efectivo da vuelto."),
)
PAYMENTS_MISSING_WHEN_MIXED = Rule(
    code="payments_missing_when_mixed",
    dgi="2512",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Payment time 3 (mixed) needs its payments.", "El plazo de pago 3 (mixto) requiere sus formas de pago."
    ),
    hint=Wording("Say what was paid now and what is on credit.", "Indique lo pagado ahora y lo que va a crédito."),
)
CREDIT_PAID_AT_ONCE = Rule(
    code="credit_paid_at_once",
    dgi="2512",
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording(
        "A payment on credit contradicts immediate payment.", "Un pago a crédito contradice el pago inmediato."
    ),
    hint=Wording("Use payment time 2 or 3 with instalments.", "Use el plazo 2 o 3 con cuotas."),
)
INSTALMENTS_MISSING = Rule(
    code="instalments_missing",
    dgi="2512",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Payment time {payment_time} needs instalments.", "El plazo de pago {payment_time} requiere cuotas."
    ),
    hint=Wording("Give at least one with its due date.", "Indique al menos una con su vencimiento."),
)
INSTALMENTS_NOT_EXPECTED = Rule(
    code="instalments_not_expected",
    dgi="2512",
    confidence=Confidence.MEDIUM,
    message=Wording("Immediate payment has no instalments.", "El pago inmediato no lleva cuotas."),
    hint=Wording("Remove them, or use payment time 2 or 3.", "Quítelas o use el plazo 2 o 3."),
)
TOO_MANY_INSTALMENTS = Rule(
    code="too_many_instalments",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("At most 99 instalments fit.", "Caben hasta 99 cuotas."),
    hint=Wording("Use fewer.", "Use menos."),
)
INSTALMENT_NOTE = Rule(
    code="instalment_note_length",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording(
        "An instalment's note has 15 to 1000 characters.", "La nota de una cuota tiene de 15 a 1000 caracteres."
    ),
    hint=Wording("Complete it, or leave it out.", "Complétela u omítala."),
)
INSTALMENT_SUM = Rule(
    code="instalment_sum",
    dgi=None,
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording(
        "The instalments add up to {instalments}, the credit is {credit}.",
        "Las cuotas suman {instalments} y el crédito es {credit}.",
    ),
    hint=Wording("Correct an instalment.", "Corrija una cuota."),
)
INSTALMENT_OVERDUE = Rule(
    code="instalment_overdue",
    dgi=None,
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording("The instalment is due before the issue date.", "La cuota vence antes de la fecha de emisión."),
    hint=Wording("Check the due date.", "Revise el vencimiento."),
)
TOO_MANY_DISCOUNTS = Rule(
    code="too_many_discounts",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("At most 5 document discounts fit.", "Caben hasta 5 descuentos al documento."),
    hint=Wording("Add them up.", "Súmelos."),
)
DISCOUNT_TEXT = Rule(
    code="discount_description_length",
    dgi=None,
    confidence=Confidence.LOW,
    message=Wording(
        "A discount's description has 1 to 100 characters.",
        "La descripción de un descuento tiene de 1 a 100 caracteres.",
    ),
    hint=Wording("Shorten or complete it.", "Acórtela o complétela."),
)
RETENTION_AMOUNT_MISSING = Rule(
    code="retention_amount_missing",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Retention code 8 fixes no share: its amount is needed.",
        "El código de retención 8 no fija porcentaje: se requiere el monto.",
    ),
    hint=Wording("Give retentionAmount.", "Indique retentionAmount."),
)
RETENTION_AMOUNT_NOT_EXPECTED = Rule(
    code="retention_amount_not_expected",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The amount of a retention follows from its code.", "El monto de la retención se calcula por su código."
    ),
    hint=Wording("Give retentionAmount with code 8 alone.", "Indique retentionAmount solo con el código 8."),
)
RETENTION_ABOVE_TAX = Rule(
    code="retention_above_tax",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording("The retention exceeds the ITBMS.", "La retención supera el ITBMS."),
    hint=Wording("It is a share of the ITBMS.", "Es una parte del ITBMS."),
)
RETENTION_WITHOUT_TAX = Rule(
    code="retention_without_tax",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording("There is no ITBMS to retain.", "No hay ITBMS que retener."),
    hint=Wording("Leave the retention out.", "Omita la retención."),
)
RETENTION_NOT_STATE = Rule(
    code="retention_not_state",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "Retention code {retention} belongs to the State, the receiver is of type {receiver_type}.",
        "El código de retención {retention} es del Estado y el receptor es de tipo {receiver_type}.",
    ),
    hint=Wording("Check the code.", "Revise el código."),
)


def judge(case: Case) -> Iterator[Finding]:
    """Forms, sums, instalments, discounts and retention."""
    draft = case.draft
    yield from _judge_forms(draft)
    yield from _judge_instalments(draft, panama_date(case.issued_at))
    if len(draft.discounts) > MOST_DISCOUNTS:
        yield TOO_MANY_DISCOUNTS.at("discounts")
    for place, discount in enumerate(draft.discounts[:MOST_DISCOUNTS]):
        if not has_length(discount.description, 1, LONGEST_DISCOUNT_TEXT):
            yield DISCOUNT_TEXT.at("discounts", place, "description")
    if case.totals is not None:
        yield from _judge_sums(draft, case.totals)
        yield from _judge_retention(draft, case.totals)


def _judge_forms(draft: Draft) -> Iterator[Finding]:
    if len(draft.payments) > MOST_PAYMENTS:
        yield TOO_MANY_PAYMENTS.at("payments")
    if draft.payment_time is PaymentTime.MIXED and not draft.payments:
        yield PAYMENTS_MISSING_WHEN_MIXED.at("payments")
    for place, payment in enumerate(draft.payments[:MOST_PAYMENTS]):
        yield from _judge_form(place, payment)
        if payment.form is PaymentForm.CREDIT and draft.payment_time is PaymentTime.IMMEDIATE:
            yield CREDIT_PAID_AT_ONCE.at("payments", place, "form")


def _judge_form(place: int, payment: DraftPayment) -> Iterator[Finding]:
    if payment.form is PaymentForm.OTHER:
        if payment.description is None or not has_length(payment.description, 10, 100):
            yield PAYMENT_DESCRIPTION.at("payments", place, "description")
    elif payment.description is not None:
        yield PAYMENT_DESCRIPTION_NOT_EXPECTED.at("payments", place, "description")


def _judge_instalments(draft: Draft, issued_on: date) -> Iterator[Finding]:
    if draft.payment_time is PaymentTime.IMMEDIATE:
        if draft.instalments:
            yield INSTALMENTS_NOT_EXPECTED.at("instalments")
    elif not draft.instalments:
        yield INSTALMENTS_MISSING.at("instalments", payment_time=draft.payment_time)
    if len(draft.instalments) > MOST_INSTALMENTS:
        yield TOO_MANY_INSTALMENTS.at("instalments")
    for place, instalment in enumerate(draft.instalments[:MOST_INSTALMENTS]):
        yield from _judge_instalment(place, instalment, issued_on)


def _judge_instalment(place: int, instalment: DraftInstalment, issued_on: date) -> Iterator[Finding]:
    if instalment.note is not None and not has_length(instalment.note, 15, 1000):
        yield INSTALMENT_NOTE.at("instalments", place, "note")
    if instalment.due_on < issued_on:
        yield INSTALMENT_OVERDUE.at("instalments", place, "dueOn")


def _judge_sums(draft: Draft, totals: Totals) -> Iterator[Finding]:
    received, total = totals.received, totals.total
    if draft.payments and received < total:
        yield PAYMENTS_BELOW_TOTAL.at("payments", received=amount_text(received), total=amount_text(total))
    if totals.change and all(payment.form is not PaymentForm.CASH for payment in totals.payments):
        yield CHANGE_WITHOUT_CASH.at("payments", change=amount_text(totals.change))
    if draft.instalments and draft.payment_time is not PaymentTime.IMMEDIATE:
        on_credit = [payment.amount for payment in totals.payments if payment.form is PaymentForm.CREDIT]
        credit = sum_amounts(on_credit) if on_credit else total
        instalments = sum_amounts(instalment.amount for instalment in draft.instalments)
        if instalments != credit:
            yield INSTALMENT_SUM.at("instalments", instalments=amount_text(instalments), credit=amount_text(credit))


def _judge_retention(draft: Draft, totals: Totals) -> Iterator[Finding]:
    if draft.retention is None:
        if draft.retention_amount is not None:
            yield RETENTION_AMOUNT_NOT_EXPECTED.at("retentionAmount")
        return
    if draft.retention.fraction is None:
        if draft.retention_amount is None:
            yield RETENTION_AMOUNT_MISSING.at("retentionAmount")
    elif draft.retention_amount is not None and draft.retention_amount != totals.retention_amount:
        yield RETENTION_AMOUNT_NOT_EXPECTED.at("retentionAmount")
    if not totals.itbms_total:
        yield RETENTION_WITHOUT_TAX.at("retention")
    elif totals.retention_amount is not None and totals.retention_amount > totals.itbms_total:
        yield RETENTION_ABOVE_TAX.at("retentionAmount")
    receiver_type = draft.receiver.receiver_type
    if draft.retention in _STATE_CODES and receiver_type is not ReceiverType.GOVERNMENT:
        yield RETENTION_NOT_STATE.at("retention", retention=draft.retention, receiver_type=receiver_type)
