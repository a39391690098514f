"""The CAFE of a stored document: our own printed form, from what is recorded and from nothing else.

The PAC's PDF stays the official file. Ours is there the moment a document is recorded, so that a till can print it, and
it says what it is not yet.
"""

from urllib.parse import urlsplit

from core.cafe import (
    CafeAmount,
    CafeAuthorisation,
    CafeInstalment,
    CafeIssuer,
    CafeLine,
    CafePage,
    CafeRate,
    CafeReceiver,
    CafeStanding,
    CafeSums,
)
from core.codes import PaymentForm
from core.documents import DocumentMode, FiscalDocument, LegalStatus, Submission
from core.drafts import DraftPayment, DraftReceiver, DraftReference
from core.failures import CafeNotOursError
from core.issue_time import panama_time
from core.money import exact_arithmetic, sum_amounts
from core.qr_address import LONGEST_ADDRESS, MalformedQrAddressError, parse_qr_address
from core.totals import Totals

_STATES = {
    LegalStatus.DGI_AUTHORIZED: "Autorizado por la DGI",
    LegalStatus.PAC_AUTHORIZED: "Autorizado por el PAC, pendiente de la DGI",
    LegalStatus.PAC_REJECTED: "Rechazado por el PAC",
    LegalStatus.DGI_REJECTED: "Rechazado por la DGI",
}
_OURS = "Representación impresa por el emisor. El archivo oficial es el PDF de su PAC."
_VERIFY = "Consulte el documento en https://dgi-fep.mef.gob.pa con el CUFE o leyendo el código QR."
_NO_QR = "Sin código QR: el PAC aún no lo ha entregado."


def cafe_page(document: FiscalDocument) -> CafePage:
    """What the printed form of ``document`` says as it stands now. Pure: the same document, the same page.

    Raises CafeNotOursError for a document of somebody else, which was imported.
    """
    if document.mode is DocumentMode.DGI_IMPORT or document.submission is Submission.IMPORTED:
        raise CafeNotOursError
    draft, totals = document.draft, document.totals
    standing, is_draft = standing_of(document), document.mode is DocumentMode.PROFORM
    retention = None
    if draft.retention is not None and totals.retention_amount is not None:
        retention = CafeAmount(label=draft.retention.label_es, amount=totals.retention_amount)
    return CafePage(
        standing=standing,
        document_type=document.document_type,
        number=f"{document.number:010d}",
        billing_point="" if is_draft else document.series.billing_point,
        issued_at=document.issued_at,
        nature=draft.nature,
        emission=draft.emission,
        environment=document.issuer.environment,
        issuer=CafeIssuer(
            name=document.issuer.name,
            ruc=document.issuer.ruc,
            dv=document.issuer.dv,
            branch=document.issuer.branch,
            address=document.issuer.address,
        ),
        receiver=_receiver(draft.receiver),
        references=tuple(_reference(each) for each in draft.references),
        lines=_lines(document),
        rates=tuple(CafeRate(rate=each.rate, base=each.base, itbms_amount=each.itbms_amount) for each in totals.rates),
        sums=_sums(totals),
        payment_time=draft.payment_time,
        payments=tuple(_payment(each) for each in totals.payments),
        instalments=tuple(
            CafeInstalment(due_on=each.due_on, amount=each.amount, note=each.note) for each in totals.instalments
        ),
        retention=retention,
        information=draft.information,
        authorisation=_authorisation(document, standing),
        is_draft=is_draft,
    )


def standing_of(document: FiscalDocument) -> CafeStanding:
    """What a reader must know first. Only the DGI's authorisation takes the mark away."""
    if document.is_void or document.withdrawn_at is not None:
        return CafeStanding.VOID
    if document.mode is DocumentMode.PROFORM:
        return CafeStanding.PROFORMA
    if document.standing_status.is_rejected or document.submission is Submission.REFUSED:
        return CafeStanding.REJECTED
    return (
        CafeStanding.AUTHORIZED if document.standing_status is LegalStatus.DGI_AUTHORIZED else CafeStanding.PROVISIONAL
    )


def _authorisation(document: FiscalDocument, standing: CafeStanding) -> CafeAuthorisation:
    if document.mode is DocumentMode.PROFORM:
        return CafeAuthorisation(state="No se envía a la DGI", notices=("Este documento no es una factura.",))
    qr = printable_qr(document)
    happened = () if document.accepted_at is None else (("Aceptado por el PAC:", document.accepted_at),)
    return CafeAuthorisation(
        state=_state(document, standing),
        cufe=document.cufe or document.expected_cufe,
        is_cufe_expected=document.cufe is None,
        qr=qr,
        protocol=document.authorization_protocol,
        moments=happened,
        notices=(_OURS, _VERIFY if qr else _NO_QR),
    )


def _state(document: FiscalDocument, standing: CafeStanding) -> str:
    if document.is_void:
        return "Autorizado por la DGI y después anulado"
    if document.submission is Submission.ISSUED_ID_UNKNOWN:
        return "Visto en la consulta de la DGI; el PAC aún no lo confirma"
    if document.submission is Submission.QUARANTINED:
        return "En revisión por el emisor"
    if document.standing_status in _STATES:
        return _STATES[document.standing_status]
    return "Rechazado" if standing is CafeStanding.REJECTED else "Pendiente del PAC y de la DGI"


def printable_qr(document: FiscalDocument) -> str | None:
    """The PAC's QR address, or None: when there is none, when it is no web address that a code can hold, and when it
    names another document. A code that opens something else is worse than none."""
    address = document.qr
    if not address or len(address) > LONGEST_ADDRESS or not (address.isascii() and address.isprintable()):
        return None
    try:
        if urlsplit(address).scheme not in {"http", "https"}:
            return None
        named = parse_qr_address(address).cufe.text
    except ValueError:
        return None
    except MalformedQrAddressError:
        return address  # an address of the vendor's own; the DGI's form is what is read above
    return address if named == (document.cufe or document.expected_cufe) else None


def _receiver(receiver: DraftReceiver) -> CafeReceiver:
    identity = receiver.foreign_identity
    return CafeReceiver(
        receiver_type=receiver.receiver_type,
        country=receiver.country_name or receiver.country,
        name=receiver.name,
        ruc=receiver.ruc,
        dv=receiver.dv,
        identity=None if identity is None else f"{identity.number}  {identity.country}",
        address=receiver.address,
        location=receiver.location_code,
        phones=receiver.phones,
        emails=receiver.emails,
    )


def _reference(reference: DraftReference) -> str:
    named = reference.cufe or reference.paper_number or reference.printer_number or ""
    return f"{named}  ({panama_time(reference.issued_at):%d/%m/%Y})"


def _payment(payment: DraftPayment) -> CafeAmount:
    is_described = payment.form is PaymentForm.OTHER and payment.description
    return CafeAmount(label=payment.description or "" if is_described else payment.form.label_es, amount=payment.amount)


def _lines(document: FiscalDocument) -> tuple[CafeLine, ...]:
    pairs = zip(document.draft.lines, document.totals.lines, strict=True)
    return tuple(
        CafeLine(
            position=place,
            description=drafted.description,
            quantity=drafted.quantity,
            unit_price=figures.unit_price,
            unit_discount=figures.unit_discount,
            itbms=drafted.itbms,
            itbms_amount=figures.itbms_amount,
            total=figures.line_total,
            code=drafted.code,
            unit=drafted.unit,
            cpbs_code=drafted.cpbs_code,
        )
        for place, (drafted, figures) in enumerate(pairs, start=1)
    )


def _sums(totals: Totals) -> CafeSums:
    with exact_arithmetic():
        freight = totals.freight_total + sum_amounts(line.freight for line in totals.lines)
        insurance = totals.insurance_total + sum_amounts(line.insurance for line in totals.lines)
    return CafeSums(
        net=totals.net_total,
        itbms=totals.itbms_total,
        isc=totals.isc_total,
        oti=totals.oti_total,
        freight=freight,
        insurance=insurance,
        other_charges=totals.other_charges,
        discounts=totals.discount_total,
        total=totals.total,
        received=totals.received,
        change=totals.change,
    )
