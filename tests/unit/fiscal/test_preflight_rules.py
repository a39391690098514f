"""One broken rule at a time: each is found, with its DGI number and its path, and breaks nothing else."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.codes import (
    CafeDelivery,
    Destination,
    DocumentType,
    EmissionType,
    OperationNature,
    OperationType,
    OtiCode,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
    RucType,
)
from core.cufe import build_cufe, parse_cufe
from core.drafts import (
    Draft,
    DraftContingency,
    DraftDiscount,
    DraftExport,
    DraftInstalment,
    DraftReference,
    ForeignIdentity,
    OtiCharge,
)
from core.preflight import Severity, every_rule
from tests.unit.fiscal.fiscal_drafts import (
    CONSUMER,
    CPBS_LINE,
    CREDIT_NOTE_CUFE,
    FOREIGNER,
    GOVERNMENT,
    INVOICE_CUFE,
    LINE,
    NOW,
    TAXPAYER,
    credit_note,
    debit_note,
    exported,
    foreign_operation,
    free_zone,
    paid,
    to_consumer,
    to_government,
    to_taxpayer,
    verdict_of,
)

EARLIER = datetime(2026, 1, 15, 17, tzinfo=UTC)
NAIVE = EARLIER.replace(tzinfo=None)
REFERENCE = DraftReference(issued_at=EARLIER, cufe=INVOICE_CUFE)
TO_CREDIT_NOTE = DraftReference(issued_at=datetime(2026, 2, 28, 17, tzinfo=UTC), cufe=CREDIT_NOTE_CUFE)
DEBIT_NOTE = replace(parse_cufe(CREDIT_NOTE_CUFE).parts, document_type=DocumentType.REFERRING_DEBIT_NOTE)
TO_DEBIT_NOTE = replace(TO_CREDIT_NOTE, cufe=build_cufe(DEBIT_NOTE))
CONTINGENCY = DraftContingency(started_at=NOW - timedelta(hours=5), reason="Corte de energía en la sede")
INSTALMENT = DraftInstalment(due_on=date(2026, 4, 3), amount=Decimal("128.40"))
ON_CREDIT = to_consumer(payment_time=PaymentTime.INSTALMENTS, instalments=(INSTALMENT,))
IN_CONTINGENCY = to_taxpayer(emission=EmissionType.PRIOR_CONTINGENCY, contingency=CONTINGENCY)


def consumer(**changes: object) -> Draft:
    return to_consumer(receiver=replace(CONSUMER, **changes))


def taxpayer(**changes: object) -> Draft:
    return replace(to_taxpayer(), receiver=replace(TAXPAYER, **changes))


def foreigner(**changes: object) -> Draft:
    return replace(exported(), receiver=replace(FOREIGNER, **changes))


def line(**changes: object) -> Draft:
    return to_consumer(replace(LINE, **changes))


def referring(*references: DraftReference) -> Draft:
    return credit_note(references=references)


BROKEN = [
    # header
    (to_consumer(nature=OperationNature.EXPORT), "nature_not_allowed", "1524", "nature"),
    (
        to_consumer(operation=OperationType.INCOMING),
        "operation_not_allowed",
        "1525",
        "operation",
    ),
    (
        replace(exported(), destination=Destination.PANAMA, export=None, receiver=replace(FOREIGNER, country="PA")),
        "destination_not_allowed",
        "1533",
        "destination",
    ),
    (
        to_consumer(
            receiver=replace(CONSUMER, country="US"),
            destination=Destination.ABROAD,
            export=DraftExport(incoterm="FOB"),
        ),
        "destination_not_allowed",
        "1534",
        "destination",
    ),
    (
        replace(exported(), receiver=replace(CONSUMER, country="US")),
        "receiver_not_allowed",
        "1620",
        "receiver.receiverType",
    ),
    (
        replace(foreign_operation(), receiver=replace(CONSUMER, country="US")),
        "receiver_not_allowed",
        "1623",
        "receiver.receiverType",
    ),
    (credit_note(sale_type=to_consumer().sale_type), "sale_type_on_note", "1531", "saleType"),
    (to_taxpayer(emission=EmissionType.LATER_NORMAL), "prior_authorisation_needed", "1505", "emission"),
    (to_consumer(cafe_delivery=CafeDelivery.NONE), "cafe_mismatch", None, "cafeDelivery"),
    (replace(exported(), export=None), "export_missing", "1650", "export"),
    (to_consumer(export=DraftExport(incoterm="FOB")), "export_not_expected", "1651", "export"),
    (replace(exported(), export=DraftExport(incoterm="fob")), "export_malformed", None, "export.incoterm"),
    (replace(exported(), export=DraftExport(incoterm="FOB", port=" ")), "export_malformed", None, "export.port"),
    (
        replace(exported(), export=DraftExport(incoterm="FOB", currency="EUR")),
        "exchange_rate_needed",
        None,
        "export.exchangeRate",
    ),
    # time
    (to_taxpayer(emission=EmissionType.PRIOR_CONTINGENCY), "contingency_missing", "1506", "contingency"),
    (to_consumer(contingency=CONTINGENCY), "contingency_not_expected", "1506", "contingency"),
    (
        replace(IN_CONTINGENCY, contingency=replace(CONTINGENCY, started_at=NOW + timedelta(seconds=1))),
        "contingency_after_issue",
        "1507",
        "contingency.startedAt",
    ),
    (
        replace(IN_CONTINGENCY, contingency=replace(CONTINGENCY, started_at=NOW - timedelta(hours=73))),
        "contingency_long",
        "1508",
        "contingency.startedAt",
    ),
    (
        replace(IN_CONTINGENCY, contingency=replace(CONTINGENCY, reason="x" * 14)),
        "contingency_reason_length",
        "1509",
        "contingency.reason",
    ),
    (
        replace(IN_CONTINGENCY, contingency=replace(CONTINGENCY, started_at=NAIVE)),
        "moment_without_zone",
        None,
        "contingency.startedAt",
    ),
    (referring(replace(REFERENCE, issued_at=NAIVE)), "moment_without_zone", None, "references.0.issuedAt"),
    # receiver
    (taxpayer(ruc=None), "receiver_ruc_missing", "1601", "receiver.ruc"),
    (taxpayer(ruc_type=None), "receiver_ruc_missing", "1601", "receiver.rucType"),
    (taxpayer(ruc="155596713-2-2015-1", dv=None), "receiver_ruc_malformed", "1601", "receiver.ruc"),
    (taxpayer(ruc="999999999-9999-999999", dv="05"), "receiver_ruc_too_long", "1601", "receiver.ruc"),
    (taxpayer(dv="60"), "receiver_dv_wrong", None, "receiver.dv"),
    (
        taxpayer(ruc="PE-1234-12345", ruc_type=RucType.NATURAL, dv="21"),
        "receiver_dv_unknown",
        None,
        "receiver.dv",
    ),
    (consumer(ruc="155596713-2-2015", ruc_type=RucType.LEGAL), "consumer_legal_ruc", "1621", "receiver.ruc"),
    (consumer(ruc="8-888", ruc_type=RucType.NATURAL), "consumer_ruc_left_out", None, "receiver.ruc"),
    (consumer(ruc="8-888-8888"), "consumer_ruc_left_out", None, "receiver.rucType"),
    (consumer(ruc="8-888-8888", ruc_type=RucType.NATURAL, dv="36"), "receiver_dv_wrong", None, "receiver.dv"),
    (foreigner(foreign_identity=None), "foreign_identity_missing", "1618", "receiver.foreignIdentity"),
    (
        foreigner(foreign_identity=ForeignIdentity(kind="03", number="A1", country="DE")),
        "foreign_identity_missing",
        "1618",
        "receiver.foreignIdentity.kind",
    ),
    (
        foreigner(foreign_identity=ForeignIdentity(kind="01", number=" ", country="DE")),
        "foreign_identity_missing",
        "1618",
        "receiver.foreignIdentity.number",
    ),
    (
        foreigner(foreign_identity=ForeignIdentity(kind="01", number="A1", country="DEU")),
        "country_unknown",
        "1611",
        "receiver.foreignIdentity.country",
    ),
    (foreigner(ruc="8-888-8888", ruc_type=RucType.NATURAL), "foreigner_with_ruc", "1619", "receiver.ruc"),
    (
        taxpayer(foreign_identity=FOREIGNER.foreign_identity),
        "foreign_identity_not_expected",
        "1618",
        "receiver.foreignIdentity",
    ),
    (taxpayer(name=None), "receiver_name_missing", "1605", "receiver.name"),
    (foreigner(name=None), "receiver_name_missing", "1605", "receiver.name"),
    (taxpayer(name="x"), "receiver_name_length", "1605", "receiver.name"),
    (taxpayer(name="x" * 101), "receiver_name_length", "1605", "receiver.name"),
    (taxpayer(address=None), "receiver_address_missing", "1606", "receiver.address"),
    (taxpayer(address="x" * 101), "receiver_address_length", "1606", "receiver.address"),
    (taxpayer(location_code=None), "receiver_location_missing", "1607", "receiver.locationCode"),
    (taxpayer(location_code="14-1-1"), "receiver_location_malformed", "1608", "receiver.locationCode"),
    (taxpayer(location_code="08-08-07"), "receiver_location_malformed", "1608", "receiver.locationCode"),
    (consumer(country="Panama"), "country_unknown", "1611", "receiver.country"),
    (consumer(country="US"), "country_against_destination", "1611", "receiver.country"),
    (foreigner(country="PA"), "country_against_destination", "1611", "receiver.country"),
    (foreigner(country="ZZ"), "country_name_wrong", "1612", "receiver.countryName"),
    (foreigner(country_name="Alemania"), "country_name_wrong", "1612", "receiver.countryName"),
    # references
    (credit_note(references=()), "reference_missing", "1705", "references"),
    (debit_note(references=()), "reference_missing", "1705", "references"),
    (
        credit_note(document_type=DocumentType.GENERIC_CREDIT_NOTE),
        "reference_not_allowed",
        "1706",
        "references.0.cufe",
    ),
    (
        debit_note(document_type=DocumentType.GENERIC_DEBIT_NOTE),
        "reference_not_allowed",
        "1706",
        "references.0.cufe",
    ),
    (to_consumer(references=(REFERENCE,)), "reference_not_allowed", "1708", "references.0.cufe"),
    (replace(free_zone(), references=(REFERENCE,)), "reference_not_allowed", "1708", "references.0.cufe"),
    (
        referring(replace(REFERENCE, cufe=INVOICE_CUFE[:-1])),
        "reference_cufe_length",
        "1703",
        "references.0.cufe",
    ),
    (
        referring(replace(REFERENCE, cufe=INVOICE_CUFE[:-1] + "0")),
        "reference_cufe_wrong",
        "1704",
        "references.0.cufe",
    ),
    (referring(REFERENCE, REFERENCE), "reference_twice", "1709", "references.1.cufe"),
    (referring(TO_CREDIT_NOTE), "reference_to_note", "1712", "references.0.cufe"),
    (referring(TO_DEBIT_NOTE), "reference_to_note", "1715", "references.0.cufe"),
    (debit_note(references=(TO_DEBIT_NOTE,)), "reference_to_note", "1713", "references.0.cufe"),
    (debit_note(references=(TO_CREDIT_NOTE,)), "reference_to_note", "1716", "references.0.cufe"),
    (referring(DraftReference(issued_at=EARLIER)), "reference_not_one", None, "references.0"),
    (referring(replace(REFERENCE, paper_number="0001")), "reference_not_one", None, "references.0"),
    (
        referring(DraftReference(issued_at=EARLIER, paper_number="9" * 23)),
        "reference_number_length",
        None,
        "references.0.paperNumber",
    ),
    (
        referring(*[DraftReference(issued_at=EARLIER, printer_number=str(n)) for n in range(100)]),
        "too_many_references",
        None,
        "references",
    ),
    (
        referring(replace(REFERENCE, issued_at=EARLIER + timedelta(days=1))),
        "reference_date_differs",
        None,
        "references.0.issuedAt",
    ),
    (
        referring(DraftReference(issued_at=NOW + timedelta(days=1), paper_number="1")),
        "reference_later",
        None,
        "references.0.issuedAt",
    ),
    (
        referring(DraftReference(issued_at=NOW - timedelta(days=181), paper_number="1")),
        "credit_note_too_late",
        None,
        "references.0.issuedAt",
    ),
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
]
TOGETHER = {  # rules that no draft can break alone
    "line_too_large": {"high_consumer_total", "high_total"},
    "discount_on_nothing": {"total_negative"},
}


def name_of(case: tuple[Draft, str, str | None, str]) -> str:
    return f"{case[1]} at {case[3]}"


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_one_broken_rule_is_one_finding(case):
    draft, code, dgi, place = case
    findings = verdict_of(draft).findings
    assert {finding.code for finding in findings} - TOGETHER.get(code, set()) == {code}
    found = next(finding for finding in findings if finding.code == code)
    assert (found.rule, ".".join(map(str, found.path))) == (dgi, place)
    assert found.message.english != found.message.spanish
    assert "{" not in found.message.english + found.message.spanish + found.hint.english + found.hint.spanish


def test_every_rule_is_broken_by_some_case():
    elsewhere = {
        "issued_long_ago",
        "issued_ahead",
        "issued_too_far_ahead",
        "discount_above_price",
        "total_too_large",
    }
    assert {rule.code for rule in every_rule()} - elsewhere == {code for _, code, _, _ in BROKEN}


def test_a_discount_above_the_price_makes_the_line_negative():
    (found,) = [f for f in verdict_of(line(unit_discount=Decimal("40.01"))).errors if f.rule == "2051"]
    assert found.path == ("lines", 0, "unitDiscount")


def test_a_total_of_twelve_digits_is_too_large():
    draft = to_taxpayer(*[replace(LINE, quantity=Decimal(20_000_000))] * 130)
    assert "total_too_large" in {finding.code for finding in verdict_of(draft).errors}


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_every_path_leads_to_a_field_of_the_draft(case):
    for finding in verdict_of(case[0]).findings:
        place: object = case[0]
        for step in finding.path:
            if isinstance(step, int):
                place = place[step]
            elif is_dataclass(place):
                assert snake(step) in {field.name for field in fields(place)}
                place = getattr(place, snake(step))


def test_codes_are_unique_and_texts_speak_both_languages():
    rules = list(every_rule())
    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.hint.english != rule.hint.spanish
        assert rule.severity is not Severity.OFF
        placeholders = re.compile(r"\{(\w+)\}")
        assert set(placeholders.findall(rule.message.english)) == set(placeholders.findall(rule.message.spanish))


@pytest.mark.parametrize("receiver_type", [ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT])
def test_a_receiver_without_anything_gets_every_finding_at_once(receiver_type):
    draft = to_consumer(CPBS_LINE, receiver=replace(CONSUMER, receiver_type=receiver_type))
    assert {finding.rule for finding in verdict_of(draft).errors} == {"1601", "1605", "1606", "1607"}
    assert replace(GOVERNMENT, receiver_type=receiver_type).ruc
