"""Drafts with one broken rule of lines, amounts, texts, payments or totals."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.codes import (
    OtiCode,
    PaymentForm,
    PaymentTime,
    RetentionCode,
)
from core.drafts import (
    Draft,
    DraftDiscount,
    DraftInstalment,
    OtiCharge,
)
from tests.unit.fiscal.fiscal_drafts import (
    CONSUMER,
    CPBS_LINE,
    LINE,
    exported,
    paid,
    to_consumer,
    to_government,
    to_taxpayer,
)

BrokenDraft = tuple[Draft, str, str | None, str]  # draft, code, DGI rule, path
INSTALMENT = DraftInstalment(due_on=date(2026, 4, 3), amount=Decimal("128.40"))
ON_CREDIT = to_consumer(payment_time=PaymentTime.INSTALMENTS, instalments=(INSTALMENT,))


def consumer(**changes: object) -> Draft:
    return to_consumer(receiver=replace(CONSUMER, **changes))


def line(**changes: object) -> Draft:
    return to_consumer(replace(LINE, **changes))


BROKEN_AMOUNTS: tuple[BrokenDraft, ...] = (
    # lines
    (replace(to_consumer(), lines=()), "no_lines", "2000", "lines"),
    (to_consumer(*[LINE] * 1001), "too_many_lines", "2000", "lines"),
    (line(description="x "), "description_length", None, "lines.0.description"),
    (line(description="x" * 501), "description_length", None, "lines.0.description"),
    (line(quantity=Decimal(0)), "quantity_not_positive", None, "lines.0.quantity"),
    (line(unit_price=Decimal("100000.01"), quantity=Decimal("0.01")), "high_unit_price", "2050", "lines.0.unitPrice"),
    (line(unit_price=Decimal(0), unit_discount=Decimal(1)), "discount_on_nothing", "2052", "lines.0.unitDiscount"),
    (
        replace(line(), freight=Decimal(1), lines=(replace(LINE, freight=Decimal(1)),)),
        "freight_on_lines_and_document",
        "2054",
        "lines.0.freight",
    ),
    (
        replace(line(), insurance=Decimal(1), lines=(replace(LINE, insurance=Decimal(1)),)),
        "insurance_on_lines_and_document",
        "2055",
        "lines.0.insurance",
    ),
    (line(oti=(OtiCharge(code=OtiCode.FECI, amount=Decimal(1)),) * 2), "oti_repeated", "2300", "lines.0.oti.1.code"),
    (line(isc_rate=Decimal("0.05"), isc_amount=Decimal(1)), "isc_rate_and_amount", None, "lines.0.iscAmount"),
    (line(isc_rate=Decimal("0.5")), "isc_rate_unknown", None, "lines.0.iscRate"),
    (line(isc_rate=Decimal(5)), "isc_rate_above_one", None, "lines.0.iscRate"),
    (line(unit="docena"), "unit_unknown", None, "lines.0.unit"),
    (line(cpbs_code="7210", cpbs_unit="KG"), "unit_unknown", None, "lines.0.cpbsUnit"),
    (line(description="x" * 499 + "  "), "description_length", None, "lines.0.description"),
    (line(code="x" * 21), "line_code_length", None, "lines.0.code"),
    (line(unit=""), "line_code_length", None, "lines.0.unit"),
    (
        replace(to_government(), lines=(CPBS_LINE, replace(to_government().lines[1], cpbs_code=None))),
        "cpbs_missing",
        None,
        "lines.1.cpbsCode",
    ),
    (line(cpbs_code="72101500"), "cpbs_malformed", None, "lines.0.cpbsCode"),
    # amounts
    (line(quantity=Decimal("NaN")), "amount_not_finite", None, "lines.0.quantity"),
    (line(unit_price=Decimal("Infinity")), "amount_not_finite", None, "lines.0.unitPrice"),
    (line(freight=Decimal("-0.00")), "negative_amount", None, "lines.0.freight"),
    (line(isc_amount=Decimal(-1)), "negative_amount", None, "lines.0.iscAmount"),
    (to_consumer(payments=(paid("128.40"), paid("-0"))), "negative_amount", None, "payments.1.amount"),
    (line(unit_price=Decimal("1.1234567")), "too_many_decimals", None, "lines.0.unitPrice"),
    (line(freight=Decimal("1.001")), "too_many_decimals", None, "lines.0.freight"),
    (to_consumer(other_charges=Decimal("0.005")), "too_many_decimals", None, "otherCharges"),
    (line(isc_amount=Decimal("1e308")), "too_many_digits", None, "lines.0.iscAmount"),
    # texts
    (line(description="con\x00nulo"), "control_character", None, "lines.0.description"),
    (line(description="dos\nlíneas"), "control_character", None, "lines.0.description"),
    (line(description="medio \ud800 par"), "control_character", None, "lines.0.description"),
    (to_consumer(information="\x1b[31m"), "control_character", None, "information"),
    (to_consumer(information="x" * 5001), "information_length", None, "information"),
    (consumer(emails=("a@example.com",) * 4), "too_many_contacts", None, "receiver.emails"),
    (consumer(emails=("no es correo",)), "email_malformed", None, "receiver.emails.0"),
    (consumer(emails=("a" * 39 + "@example.com",)), "email_malformed", None, "receiver.emails.0"),
    (consumer(phones=("2000101",)), "phone_malformed", None, "receiver.phones.0"),
    # payments
    (to_consumer(payments=(paid("128.40"),) + (paid("0.00"),) * 10), "too_many_payments", None, "payments"),
    (
        to_consumer(payments=(paid("128.40", PaymentForm.OTHER, "corta"),)),
        "payment_description",
        "2601",
        "payments.0.description",
    ),
    (
        to_consumer(payments=(paid("128.40", PaymentForm.OTHER),)),
        "payment_description",
        "2601",
        "payments.0.description",
    ),
    (
        to_consumer(payments=(paid("128.40", PaymentForm.CASH, "en efectivo"),)),
        "payment_description_not_expected",
        "2602",
        "payments.0.description",
    ),
    (to_consumer(payments=(paid("128.39"),)), "payments_below_total", "2510", "payments"),
    (to_consumer(payments=(paid("130.00", PaymentForm.DEBIT_CARD),)), "change_without_cash", "2510", "payments"),
    (to_consumer(payments=(paid("128.40", PaymentForm.CREDIT),)), "credit_paid_at_once", "2512", "payments.0.form"),
    (to_consumer(payment_time=PaymentTime.INSTALMENTS), "instalments_missing", "2512", "instalments"),
    (replace(ON_CREDIT, payment_time=PaymentTime.MIXED), "payments_missing_when_mixed", "2512", "payments"),
    (to_consumer(instalments=(INSTALMENT,)), "instalments_not_expected", "2512", "instalments"),
    (
        replace(ON_CREDIT, instalments=(INSTALMENT,) + (replace(INSTALMENT, amount=Decimal(0)),) * 99),
        "too_many_instalments",
        None,
        "instalments",
    ),
    (
        replace(ON_CREDIT, instalments=(replace(INSTALMENT, note="corta"),)),
        "instalment_note_length",
        None,
        "instalments.0.note",
    ),
    (
        replace(ON_CREDIT, instalments=(replace(INSTALMENT, amount=Decimal("128.39")),)),
        "instalment_sum",
        None,
        "instalments",
    ),
    (
        replace(ON_CREDIT, instalments=(replace(INSTALMENT, due_on=date(2026, 3, 3)),)),
        "instalment_overdue",
        None,
        "instalments.0.dueOn",
    ),
    (
        to_consumer(discounts=(DraftDiscount(description="x", amount=Decimal(1)),) * 6),
        "too_many_discounts",
        None,
        "discounts",
    ),
    (
        to_consumer(discounts=(DraftDiscount(description=" ", amount=Decimal(1)),)),
        "discount_description_length",
        None,
        "discounts.0.description",
    ),
    (
        to_consumer(discounts=(DraftDiscount(description="x", amount=Decimal("128.41")),)),
        "total_negative",
        "2507",
        "discounts",
    ),
    (to_consumer(retention=RetentionCode.OTHER), "retention_amount_missing", None, "retentionAmount"),
    (to_consumer(retention_amount=Decimal(1)), "retention_amount_not_expected", None, "retentionAmount"),
    (
        to_consumer(retention=RetentionCode.OTHER, retention_amount=Decimal("8.41")),
        "retention_above_tax",
        None,
        "retentionAmount",
    ),
    (replace(exported(), retention=RetentionCode.PURCHASE), "retention_without_tax", None, "retention"),
    (to_taxpayer(retention=RetentionCode.STATE_GOODS_OR_SERVICES), "retention_not_state", None, "retention"),
    # totals
    (line(quantity=Decimal(200_000_000)), "line_too_large", None, "lines.0"),
    (to_taxpayer(replace(LINE, quantity=Decimal(30_000))), "high_total", "2509", "lines"),
    (line(quantity=Decimal(300)), "high_consumer_total", "2515", "lines"),
    (
        to_consumer(replace(LINE, quantity=Decimal(1), unit_price=Decimal("0.08")), prices_include_itbms=True),
        "shelf_total_missed",
        None,
        "lines.0.unitPrice",
    ),
    (
        to_consumer(*[replace(LINE, quantity=Decimal(1), unit_price=Decimal("0.50"))] * 10),
        "rounding_spread",
        "2501",
        "lines",
    ),
    (
        to_consumer(retention=RetentionCode.PURCHASE, retention_amount=Decimal("8.40")),
        "retention_amount_not_expected",
        None,
        "retentionAmount",
    ),
)
