"""Drafts that pass preflight, one per scenario, and strategies that draw more."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from core.codes import (
    Destination,
    DocumentType,
    ItbmsRate,
    OperationNature,
    OperationType,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
    RucType,
)
from core.drafts import (
    Draft,
    DraftExport,
    DraftInstalment,
    DraftLine,
    DraftPayment,
    DraftReceiver,
    DraftReference,
    ForeignIdentity,
)
from core.preflight import PreflightSettings, Verdict, preflight

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
INVOICE_CUFE = "FE0120000155555555-2-2020-0700002026011500000000010010121234567898"
CREDIT_NOTE_CUFE = "FE0420000155555555-2-2020-07A0B12026022899999999999990120000000011"

TAXPAYER = DraftReceiver(
    receiver_type=ReceiverType.TAXPAYER,
    ruc="155596713-2-2015",
    ruc_type=RucType.LEGAL,
    dv="59",
    name="Ferretería Ejemplo, S.A.",
    address="Calle Ficticia 10",
    location_code="8-8-7",
    phones=("200-0101",),
    emails=("compras@example.com",),
)
CONSUMER = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER)
GOVERNMENT = replace(TAXPAYER, receiver_type=ReceiverType.GOVERNMENT, ruc="8-NT-1-123456", dv="52")
FOREIGNER = DraftReceiver(
    receiver_type=ReceiverType.FOREIGNER,
    name="Ejemplo Exterior GmbH",
    country="DE",
    foreign_identity=ForeignIdentity(kind="02", number="DE999999999", country="DE"),
)
LINE = DraftLine(description="Taladro de prueba", quantity=Decimal(3), unit_price=Decimal("40.00"))
EXEMPT_LINE = DraftLine(description="Libro", quantity=Decimal(1), unit_price=Decimal("15.00"), itbms=ItbmsRate.EXEMPT)
CPBS_LINE = replace(LINE, cpbs_code="7210")


def to_consumer(*lines: DraftLine, **changes: object) -> Draft:
    """A domestic invoice to a final consumer."""
    draft = Draft(document_type=DocumentType.DOMESTIC_INVOICE, receiver=CONSUMER, lines=lines or (LINE,))
    return replace(draft, **changes)  # type: ignore[arg-type]


def to_taxpayer(*lines: DraftLine, **changes: object) -> Draft:
    """A domestic invoice to a taxpayer."""
    return replace(to_consumer(*lines, **changes), receiver=TAXPAYER)


def to_government() -> Draft:
    """On credit with one instalment, retention of half the ITBMS, CPBS on the line."""
    return replace(
        to_consumer(CPBS_LINE, replace(EXEMPT_LINE, cpbs_code="55")),
        receiver=GOVERNMENT,
        payment_time=PaymentTime.INSTALMENTS,
        instalments=(DraftInstalment(due_on=date(2026, 4, 3), amount=Decimal("143.40")),),
        retention=RetentionCode.STATE_GOODS_OR_SERVICES,
    )


def exported() -> Draft:
    """An export to a foreigner."""
    return Draft(
        document_type=DocumentType.EXPORT_INVOICE,
        receiver=FOREIGNER,
        lines=(EXEMPT_LINE,),
        nature=OperationNature.EXPORT,
        destination=Destination.ABROAD,
        export=DraftExport(incoterm="FOB"),
    )


def imported() -> Draft:
    """An import invoice, issued by the buyer."""
    return replace(
        exported(),
        document_type=DocumentType.IMPORT_INVOICE,
        nature=OperationNature.IMPORT,
        operation=OperationType.INCOMING,
    )


def credit_note(**changes: object) -> Draft:
    """A credit note that names one invoice."""
    draft = replace(
        to_taxpayer(),
        document_type=DocumentType.REFERRING_CREDIT_NOTE,
        nature=OperationNature.RETURN,
        sale_type=None,
        references=(DraftReference(issued_at=datetime(2026, 1, 15, 17, tzinfo=UTC), cufe=INVOICE_CUFE),),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def debit_note(**changes: object) -> Draft:
    """A debit note that names one invoice."""
    draft = credit_note(document_type=DocumentType.REFERRING_DEBIT_NOTE, nature=OperationNature.SALE)
    return replace(draft, **changes)  # type: ignore[arg-type]


def free_zone() -> Draft:
    """A free-zone invoice."""
    return replace(to_taxpayer(), document_type=DocumentType.FREE_ZONE_INVOICE)


def reimbursement() -> Draft:
    """A reimbursement."""
    return replace(to_taxpayer(), document_type=DocumentType.REIMBURSEMENT)


def foreign_operation() -> Draft:
    """A foreign-operation invoice."""
    return replace(
        exported(),
        document_type=DocumentType.FOREIGN_OPERATION_INVOICE,
        nature=OperationNature.FOREIGN_SOURCE_SALE,
    )


SCENARIOS = {
    "final consumer": to_consumer,
    "taxpayer": to_taxpayer,
    "government": to_government,
    "export": exported,
    "import": imported,
    "credit note": credit_note,
    "debit note": debit_note,
    "free zone": free_zone,
    "reimbursement": reimbursement,
    "foreign operation": foreign_operation,
}


def verdict_of(draft: Draft, settings: PreflightSettings | None = None) -> Verdict:
    """Preflight at a fixed moment."""
    if settings is None:
        return preflight(draft, issued_at=NOW, now=NOW)
    return preflight(draft, issued_at=NOW, now=NOW, settings=settings)


def error_codes(draft: Draft) -> set[str]:
    """The codes of the errors."""
    return {finding.code for finding in verdict_of(draft).errors}


def dgi_rules(draft: Draft) -> set[str | None]:
    """The DGI's rules of the errors."""
    return {finding.rule for finding in verdict_of(draft).errors}


def paid(amount: str, form: PaymentForm = PaymentForm.CASH, description: str | None = None) -> DraftPayment:
    """One payment."""
    return DraftPayment(form=form, amount=Decimal(amount), description=description)


def cents(low: str = "0.00", high: str = "99999.99") -> st.SearchStrategy[Decimal]:
    """Amounts of two decimals."""
    return st.decimals(Decimal(low), Decimal(high), places=2, allow_nan=False, allow_infinity=False)


@st.composite
def draft_lines(draw: st.DrawFn) -> DraftLine:
    """Lines of every rate, with discounts, prices of 2 to 6 decimals, freight and ISC."""
    price = draw(
        st.one_of(cents(), st.decimals(Decimal(0), Decimal(9999), places=6, allow_nan=False, allow_infinity=False))
    )
    share = draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.1"), Decimal(1)]))
    return DraftLine(
        description="Línea de prueba",
        quantity=draw(st.decimals(Decimal("0.001"), Decimal(500), places=3, allow_nan=False, allow_infinity=False)),
        unit_price=price,
        unit_discount=(price * share).quantize(Decimal("0.01")) if share < 1 else price,
        itbms=draw(st.sampled_from(ItbmsRate)),
        freight=draw(st.sampled_from([Decimal(0), Decimal("1.25")])),
        isc_rate=draw(st.sampled_from([None, None, Decimal("0.05")])),
    )


def some_lines() -> st.SearchStrategy[tuple[DraftLine, ...]]:
    """One to twelve lines."""
    return st.lists(draft_lines(), min_size=1, max_size=12).map(tuple)
