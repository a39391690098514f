"""Drafts with one broken rule of header, time, receiver or references."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.codes import (
    CafeDelivery,
    Destination,
    DocumentType,
    EmissionType,
    OperationNature,
    OperationType,
    RucType,
)
from core.cufe import build_cufe, parse_cufe
from core.drafts import (
    Draft,
    DraftContingency,
    DraftExport,
    DraftReference,
    ForeignIdentity,
)
from tests.unit.fiscal.fiscal_drafts import (
    CONSUMER,
    CREDIT_NOTE_CUFE,
    FOREIGNER,
    INVOICE_CUFE,
    NOW,
    TAXPAYER,
    credit_note,
    debit_note,
    exported,
    foreign_operation,
    free_zone,
    to_consumer,
    to_taxpayer,
)

BrokenDraft = tuple[Draft, str, str | None, str]  # draft, code, DGI rule, path
EARLIER = datetime(2026, 1, 15, 17, tzinfo=UTC)
NAIVE = EARLIER.replace(tzinfo=None)
REFERENCE = DraftReference(issued_at=EARLIER, cufe=INVOICE_CUFE)
TO_CREDIT_NOTE = DraftReference(issued_at=datetime(2026, 2, 28, 17, tzinfo=UTC), cufe=CREDIT_NOTE_CUFE)
DEBIT_NOTE = replace(parse_cufe(CREDIT_NOTE_CUFE).parts, document_type=DocumentType.REFERRING_DEBIT_NOTE)
TO_DEBIT_NOTE = replace(TO_CREDIT_NOTE, cufe=build_cufe(DEBIT_NOTE))
CONTINGENCY = DraftContingency(started_at=NOW - timedelta(hours=5), reason="Corte de energía en la sede")
IN_CONTINGENCY = to_taxpayer(emission=EmissionType.PRIOR_CONTINGENCY, contingency=CONTINGENCY)


def consumer(**changes: object) -> Draft:
    return to_consumer(receiver=replace(CONSUMER, **changes))


def taxpayer(**changes: object) -> Draft:
    return replace(to_taxpayer(), receiver=replace(TAXPAYER, **changes))


def foreigner(**changes: object) -> Draft:
    return replace(exported(), receiver=replace(FOREIGNER, **changes))


def referring(*references: DraftReference) -> Draft:
    return credit_note(references=references)


BROKEN_PARTIES: tuple[BrokenDraft, ...] = (
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
        "1650",
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
    (taxpayer(ruc_type=None), "receiver_ruc_missing", "1601", "receiver.contributorType"),
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
    (consumer(ruc="8-888-8888"), "consumer_ruc_left_out", None, "receiver.contributorType"),
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
)
