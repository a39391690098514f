"""From a fiscal document to the PAC's JSON (contract section 2). Pure: the same document, the same bytes.

The PAC computes line totals, ITBMS, grand totals, DV and CUFE, so none of them is sent; the payments that we send
are the ones that ``core.totals`` found.
"""

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from adapters.alanube.settings import WireOptions
from adapters.alanube.unconfirmed import placements
from adapters.alanube.wire import (
    WireCafe,
    WireCpbs,
    WireDiscount,
    WireDocument,
    WireInformation,
    WireInstalment,
    WireIsc,
    WireItbms,
    WireItem,
    WireLocation,
    WirePayment,
    WirePrices,
    WireReceiver,
    WireReference,
    WireRuc,
    WireTotals,
    plain_number,
    to_bytes,
)
from core.codes import PaymentForm, ReceiverType, RucType
from core.documents import FiscalDocument
from core.drafts import DraftInstalment, DraftLine, DraftReceiver, DraftReference, Modification
from core.issue_time import PANAMA, wire_time
from core.line_totals import LineTotals
from core.money import round_amount
from core.taxpayer import MalformedRucError, parse_ruc

ADDRESS_LENGTH_MAX = 100
EMAIL_LENGTH_MAX = 50
CONTACTS_MAX = 3
NOON = time(12)

_MODIFICATION_CODES = {
    Modification.WHOLE: 1,
    Modification.INTEREST: 2,
    Modification.PART: 3,
    Modification.ADJUSTMENT: 3,
}

_PHONE = re.compile(r"[0-9]{3,4}-[0-9]{4}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def encode(document: FiscalDocument, options: WireOptions) -> bytes:
    """The exact bytes that are posted.

    Raises PacFieldUnconfirmedError for a field without a confirmed key, and what ``core.taxpayer`` and ``core.money``
    raise for a RUC or an amount that preflight would have refused.
    """
    extra = tuple(placements(document, options))
    wire = to_wire(document, options)
    if not extra:
        return to_bytes(wire)
    body = msgspec.to_builtins(wire, builtin_types=(Decimal,))
    for placement in extra:
        _put(body, placement.place, placement.value)
    return to_bytes(body)


def to_wire(document: FiscalDocument, options: WireOptions) -> WireDocument:
    """Everything whose name is known."""
    draft = document.draft
    return WireDocument(
        id_office=document.issuer.pac_office_id,
        information=_information(document, options),
        receiver=_receiver(draft.receiver),
        items=tuple(
            _item(position, line, figures)
            for position, (line, figures) in enumerate(zip(draft.lines, document.totals.lines, strict=True), start=1)
        ),
        totals=_totals(document, options),
        referenced_documents=tuple(_reference(reference) for reference in draft.references) or None,
    )


def _information(document: FiscalDocument, options: WireOptions) -> WireInformation:
    draft, document_type = document.draft, document.document_type
    return WireInformation(
        issue_type=draft.emission.value,
        document_type=document_type.value,
        numeration=f"{document.number:010d}",
        billing_point=document.series.billing_point,
        security_code=document.security_code,
        modification_code=_modification(document, options),
        cafe=WireCafe(format=draft.cafe_format.value, delivery=draft.cafe_delivery.value),
        nature=draft.nature.value,
        operation_type=draft.operation.value,
        destination=draft.destination.value,
        receiver_container=draft.container.value,
        sale_type=draft.sale_type.value if draft.sale_type is not None and document_type.is_invoice else None,
        issue_date=wire_time(document.issued_at),
        information=draft.information or None,
    )


def _modification(document: FiscalDocument, options: WireOptions) -> int | None:
    if document.document_type.is_invoice:
        return None
    if document.draft.modification is not None:
        return _MODIFICATION_CODES[document.draft.modification]
    is_credit = document.document_type.is_credit_note
    return options.credit_modification_code if is_credit else options.debit_modification_code


def _receiver(receiver: DraftReceiver) -> WireReceiver:
    is_foreign = receiver.receiver_type is ReceiverType.FOREIGNER
    phones = [phone.strip() for phone in receiver.phones]
    emails = [email.strip() for email in receiver.emails]
    return WireReceiver(
        type=receiver.receiver_type.value,
        ruc=_ruc(receiver),
        name=receiver.name or None,
        address=receiver.address[:ADDRESS_LENGTH_MAX] if receiver.address else None,
        location=WireLocation(code=receiver.location_code) if receiver.location_code and not is_foreign else None,
        country=receiver.country,
        telephones=tuple(phone for phone in phones if _PHONE.fullmatch(phone))[:CONTACTS_MAX] or None,
        emails=tuple(e for e in emails if len(e) <= EMAIL_LENGTH_MAX and _EMAIL.fullmatch(e))[:CONTACTS_MAX] or None,
    )


def _ruc(receiver: DraftReceiver) -> WireRuc | None:
    """A final consumer's RUC only when it is a natural one (1621); a foreigner's never (1619)."""
    if receiver.ruc is None or receiver.ruc_type is None or receiver.receiver_type is ReceiverType.FOREIGNER:
        return None
    is_consumer = receiver.receiver_type is ReceiverType.FINAL_CONSUMER
    if is_consumer and receiver.ruc_type is not RucType.NATURAL:
        return None
    try:
        ruc = parse_ruc(receiver.ruc, receiver.ruc_type, ("receiver", "ruc"))
    except MalformedRucError:
        if is_consumer:
            return None
        raise
    if is_consumer and not ruc.fits_a_document:
        return None
    return WireRuc(type=receiver.ruc_type.value, ruc=ruc.normalised)


def _item(position: int, line: DraftLine, figures: LineTotals) -> WireItem:
    isc = None
    if line.isc_rate is not None:
        isc = WireIsc(rate=plain_number(line.isc_rate))
    elif line.isc_amount is not None:
        isc = WireIsc(amount=plain_number(figures.isc_amount))
    return WireItem(
        number=f"{position:04d}",
        description=line.description,
        code=line.code or None,
        unit=line.unit or None,
        quantity=plain_number(line.quantity),
        cpbs=WireCpbs(code=line.cpbs_code, unit=line.cpbs_unit or None) if line.cpbs_code else None,
        prices=WirePrices(
            transfer=plain_number(figures.unit_price),
            discount=_unless_zero(figures.unit_discount),
            transport=_unless_zero(figures.freight),
            insurance=_unless_zero(figures.insurance),
        ),
        itbms=WireItbms(rate=line.itbms.value),
        isc=isc,
    )


def _totals(document: FiscalDocument, options: WireOptions) -> WireTotals:
    draft, totals = document.draft, document.totals
    retention: dict[str, str | Decimal] | None = None
    if draft.retention is not None and totals.retention_amount is not None:
        retention = {
            options.retention_code_key: draft.retention.value,
            options.retention_amount_key: plain_number(totals.retention_amount),
        }
    return WireTotals(
        payment_time=draft.payment_time.value,
        payment_methods=tuple(
            WirePayment(
                type=payment.form.value,
                amount=_money(payment.amount),
                other_type=payment.description or None if payment.form is PaymentForm.OTHER else None,
            )
            for payment in totals.payments
        ),
        installment_payment=tuple(
            _instalment(sequence, instalment) for sequence, instalment in enumerate(totals.instalments, start=1)
        )
        or None,
        retention=retention,
        discounts=tuple(
            WireDiscount(description=discount.description, amount=_money(discount.amount))
            for discount in draft.discounts
        )
        or None,
        change=_unless_zero(totals.change),
        transport=_unless_zero(totals.freight_total),
        insurance=_unless_zero(totals.insurance_total),
        other_expenses=_unless_zero(totals.other_charges),
    )


def _instalment(sequence: int, instalment: DraftInstalment) -> WireInstalment:
    return WireInstalment(
        sequence=sequence,
        due_date=datetime.combine(instalment.due_on, NOON, PANAMA).isoformat(),
        amount=_money(instalment.amount),
        information=instalment.note or None,
    )


def _reference(reference: DraftReference) -> WireReference:
    issue_date = wire_time(reference.issued_at)
    if reference.cufe is not None:
        return WireReference(emission_type="CUFE", cufe_identification=reference.cufe, issue_date=issue_date)
    if reference.paper_number is not None:
        return WireReference(emission_type="PAPER", other_identification=reference.paper_number, issue_date=issue_date)
    return WireReference(emission_type="PRINTER", other_identification=reference.printer_number, issue_date=issue_date)


def _money(amount: Decimal) -> Decimal:
    return plain_number(round_amount(amount))


def _unless_zero(amount: Decimal) -> Decimal | None:
    return plain_number(amount) if amount else None


def _put(body: dict[str, Any], place: tuple[str | int, ...], value: object) -> None:
    inner: Any = body
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
