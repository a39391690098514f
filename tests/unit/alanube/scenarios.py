"""One document per scenario of the payload; the golden payload of each is a file of the same name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.codes import (
    CafeDelivery,
    CafeFormat,
    Destination,
    DocumentType,
    EmissionType,
    ItbmsRate,
    OperationNature,
    OtiCode,
    PaymentForm,
    PaymentTime,
    RetentionCode,
    RucType,
    SaleType,
)
from core.documents import FiscalDocument, SeriesKey
from core.drafts import (
    Draft,
    DraftContingency,
    DraftDiscount,
    DraftExport,
    DraftInstalment,
    DraftLine,
    DraftPayment,
    DraftReference,
    OtiCharge,
)
from tests.builders import a_document
from tests.unit.alanube.parties import (
    BOOK,
    COFFEE,
    CONSUMER,
    DRILL,
    FERRETERIA,
    FOREIGNER,
    ISSUER,
    MAINTENANCE,
    ORIGINAL_CUFE,
    STATE_BODY,
    TENANT,
)


def document(draft: Draft, number: int, security_code: str, issued_at: datetime, **changes: object) -> FiscalDocument:
    """A recorded document of the example issuer, at billing point 001 unless said otherwise."""
    point = str(changes.pop("billing_point", "001"))
    return a_document(
        TENANT,
        draft=draft,
        issuer=changes.pop("issuer", ISSUER),
        series=SeriesKey(billing_point=point, document_type=draft.document_type),
        number=number,
        security_code=security_code,
        issued_at=issued_at,
        **changes,
    )


def pays(form: PaymentForm, amount: str, description: str | None = None) -> tuple[DraftPayment, ...]:
    """One payment."""
    return (DraftPayment(form=form, amount=Decimal(amount), description=description),)


def normal() -> FiscalDocument:
    """Contract 5.1: two lines, a discount per unit, 7 % and exempt."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=FERRETERIA,
        lines=(DRILL, BOOK),
        payments=pays(PaymentForm.TRANSFER, "150.38"),
        information="Pedido interno 7781",
    )
    return document(draft, 451, "483920175", datetime(2026, 3, 4, 15, 15, tzinfo=UTC))


def government() -> FiscalDocument:
    """Contract 5.2: CPBS, credit in one instalment, half of the ITBMS retained."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=STATE_BODY,
        lines=(MAINTENANCE,),
        payments=pays(PaymentForm.CREDIT, "1070.00"),
        payment_time=PaymentTime.INSTALMENTS,
        instalments=(DraftInstalment(due_on=date(2026, 4, 3), amount=Decimal("1070.00"), note="Pago unico a 30 dias"),),
        sale_type=SaleType.SERVICE,
        retention=RetentionCode.STATE_GOODS_OR_SERVICES,
    )
    return document(draft, 452, "591073842", datetime(2026, 3, 4, 16, 0, tzinfo=UTC))


def final_consumer() -> FiscalDocument:
    """Contract 5.3: no RUC, paper roll, an office that the PAC does not name."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=CONSUMER,
        lines=(COFFEE,),
        payments=pays(PaymentForm.CASH, "13.91"),
        cafe_format=CafeFormat.PAPER_ROLL,
        cafe_delivery=CafeDelivery.PAPER,
    )
    issuer = replace(ISSUER, pac_office_id=None)
    return document(
        draft, 453, "720481936", datetime(2026, 3, 4, 17, 30, tzinfo=UTC), billing_point="002", issuer=issuer
    )


def credit_note_by_cufe() -> FiscalDocument:
    """Contract 5.4: one unit comes back."""
    draft = Draft(
        document_type=DocumentType.REFERRING_CREDIT_NOTE,
        receiver=replace(FERRETERIA, phones=()),
        lines=(replace(DRILL, quantity=Decimal(1)),),
        payments=pays(PaymentForm.CASH, "40.13"),
        references=(DraftReference(issued_at=datetime(2026, 3, 4, 15, 15, tzinfo=UTC), cufe=ORIGINAL_CUFE),),
        information="Devolucion de una unidad",
    )
    return document(draft, 27, "306915284", datetime(2026, 3, 6, 14, 0, tzinfo=UTC))


def debit_note() -> FiscalDocument:
    """Interest on a late payment."""
    line = DraftLine(description="Interes por mora", quantity=Decimal(1), unit_price=Decimal("12.34"))
    draft = Draft(
        document_type=DocumentType.REFERRING_DEBIT_NOTE,
        receiver=FERRETERIA,
        lines=(line,),
        references=(DraftReference(issued_at=datetime(2026, 3, 4, 15, 15, tzinfo=UTC), cufe=ORIGINAL_CUFE),),
    )
    return document(draft, 3, "112233445", datetime(2026, 4, 4, 15, 0, tzinfo=UTC))


def generic_credit_note_on_paper() -> FiscalDocument:
    """Refers to a paper invoice and to one of a fiscal printer."""
    draft = Draft(
        document_type=DocumentType.GENERIC_CREDIT_NOTE,
        receiver=FERRETERIA,
        lines=(BOOK,),
        nature=OperationNature.RETURN,
        references=(
            DraftReference(issued_at=datetime(2024, 2, 29, 5, 0, tzinfo=UTC), paper_number="000123"),
            DraftReference(issued_at=datetime(2024, 3, 1, 4, 59, 59, tzinfo=UTC), printer_number="P1-0000456"),
        ),
    )
    return document(draft, 1, "000000001", datetime(2026, 3, 1, 4, 59, 59, 999_999, tzinfo=UTC))


def everything_on_totals() -> FiscalDocument:
    """Freight, insurance, other charges, two discounts, mixed payment with change, form 99, two instalments."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=FERRETERIA,
        lines=(replace(DRILL, itbms=ItbmsRate.SPECIAL_10), replace(BOOK, itbms=ItbmsRate.SPECIAL_15)),
        payment_time=PaymentTime.MIXED,
        payments=(
            *pays(PaymentForm.CREDIT, "100.00"),
            *pays(PaymentForm.CASH, "70.00"),
            *pays(PaymentForm.OTHER, "5.00", "Canje de puntos"),
        ),
        instalments=(
            DraftInstalment(due_on=date(2026, 3, 31), amount=Decimal("50.00")),
            DraftInstalment(due_on=date(2026, 4, 30), amount=Decimal("50.00"), note="Ultima de dos cuotas"),
        ),
        discounts=(
            DraftDiscount(description="Cliente frecuente", amount=Decimal("3.00")),
            DraftDiscount(description="Aniversario", amount=Decimal("1.50")),
        ),
        freight=Decimal("10.00"),
        insurance=Decimal("2.25"),
        other_charges=Decimal("1.10"),
    )
    return document(draft, 9_999_999_999, "999999999", datetime(2026, 3, 4, 15, 0, tzinfo=UTC))


def everything_on_a_line() -> FiscalDocument:
    """Freight and insurance on the line, ISC as rate and as amount, fractions of six decimals."""
    lines = (
        replace(DRILL, quantity=Decimal("0.333333"), freight=Decimal("1.00"), insurance=Decimal("0.50")),
        replace(BOOK, itbms=ItbmsRate.GENERAL_7, unit_price=Decimal("0.000001"), isc_amount=Decimal("0.10")),
        replace(COFFEE, unit_price=Decimal(1_000_000), isc_rate=Decimal("0.1325"), cpbs_code="50"),
    )
    draft = Draft(document_type=DocumentType.DOMESTIC_INVOICE, receiver=FERRETERIA, lines=lines)
    return document(draft, 1, "123456789", datetime(2026, 3, 4, 15, 0, tzinfo=UTC))


def shelf_prices() -> FiscalDocument:
    """Prices with ITBMS included: a shelf price of 1.00."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=replace(CONSUMER, ruc="8-1234-12345", ruc_type=RucType.NATURAL),
        lines=(replace(COFFEE, quantity=Decimal(1), unit_price=Decimal("1.00")),),
        prices_include_itbms=True,
    )
    return document(draft, 7, "123456789", datetime(2026, 3, 4, 15, 0, tzinfo=UTC))


def export() -> FiscalDocument:
    """A foreigner, abroad: every key is one that a setting must name."""
    draft = Draft(
        document_type=DocumentType.EXPORT_INVOICE,
        receiver=FOREIGNER,
        lines=(replace(DRILL, itbms=ItbmsRate.EXEMPT),),
        nature=OperationNature.EXPORT,
        destination=Destination.ABROAD,
        export=DraftExport(incoterm="FOB", currency="COP", exchange_rate=Decimal("4100.50"), port="Balboa"),
    )
    return document(draft, 12, "123456789", datetime(2026, 3, 4, 15, 0, tzinfo=UTC))


def contingency() -> FiscalDocument:
    """Issued while the network was down, with a charge of OTI."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=FERRETERIA,
        lines=(BOOK, replace(DRILL, oti=(OtiCharge(code=OtiCode.SUME_911, amount=Decimal("0.25")),))),
        emission=EmissionType.PRIOR_CONTINGENCY,
        contingency=DraftContingency(
            started_at=datetime(2026, 3, 4, 12, 0, tzinfo=UTC), reason="Corte de fibra en la provincia"
        ),
    )
    return document(draft, 13, "123456789", datetime(2026, 3, 4, 15, 0, tzinfo=UTC))


CONFIRMED = {
    "normal": normal,
    "government": government,
    "final_consumer": final_consumer,
    "credit_note_by_cufe": credit_note_by_cufe,
    "debit_note": debit_note,
    "generic_credit_note_on_paper": generic_credit_note_on_paper,
    "everything_on_totals": everything_on_totals,
    "everything_on_a_line": everything_on_a_line,
    "shelf_prices": shelf_prices,
}
UNCONFIRMED = {"export": export, "contingency": contingency}
