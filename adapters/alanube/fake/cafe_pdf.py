"""The PAC's printed form of a document, from the fake's own records and arithmetic; drawn by ``adapters.cafe``."""

from datetime import date
from decimal import Decimal
from itertools import groupby

from adapters.alanube.fake.amounts import ZERO, DocumentAmounts, document_amounts, number
from adapters.alanube.fake.records import Company, FakeDocument
from adapters.alanube.fake.wire import JsonObject
from adapters.cafe.renderer import draw_cafe
from core.cafe import (
    CafeAmount,
    CafeAuthorisation,
    CafeInstalment,
    CafeIssuer,
    CafeLine,
    CafePage,
    CafePaper,
    CafeRate,
    CafeReceiver,
    CafeStanding,
    CafeSums,
)
from core.codes import (
    DocumentType,
    EmissionType,
    Environment,
    ItbmsRate,
    OperationNature,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
)

_REFERENCES = ("cufeIdentification", "apiIdentification", "otherIdentification")
_RETENTIONS = {str(code): code.label_es for code in RetentionCode}


def render_cafe(document: FakeDocument, company: Company, qr: str) -> bytes:
    """PDF bytes of one document on letter paper; ``qr`` is the address that its code holds."""
    return draw_cafe(_page(document, company, qr), CafePaper.LETTER, "Istmo fake PAC")


def _page(document: FakeDocument, company: Company, qr: str) -> CafePage:
    payload, amounts = document.payload, document_amounts(document.payload)
    information, totals = payload["information"], payload["totals"]
    retention = None
    if held := totals.get("retention"):
        code = str(held["code"])
        retention = CafeAmount(label=_RETENTIONS.get(code, code), amount=number(held, "amount"))
    return CafePage(
        standing=CafeStanding.AUTHORIZED,  # a PAC's own file bears no mark; its state stands at the foot
        document_type=DocumentType(document.document_type),
        number=document.numeration,
        billing_point=document.billing_point,
        issued_at=document.issued_at,
        nature=OperationNature(information["nature"]),
        emission=EmissionType(information["issueType"]),
        environment=Environment(company.environment),
        issuer=_issuer(document, company),
        receiver=_receiver(payload["receiver"]),
        references=tuple(
            next(each[name] for name in _REFERENCES if name in each)
            for each in payload.get("referencedDocuments") or ()
        ),
        lines=_lines(payload, amounts),
        rates=_rates(payload, amounts),
        sums=_sums(amounts),
        payment_time=PaymentTime(totals["paymentTime"]),
        payments=tuple(
            CafeAmount(label=each.get("otherType") or PaymentForm(each["type"]).label_es, amount=number(each, "amount"))
            for each in totals["paymentMethods"]
        ),
        instalments=tuple(
            CafeInstalment(
                due_on=date.fromisoformat(each["dueDate"][:10]),
                amount=number(each, "amount"),
                note=each.get("information"),
            )
            for each in totals.get("installmentPayment") or ()
        ),
        retention=retention,
        information=information.get("information"),
        authorisation=_authorisation(document, qr),
    )


def _issuer(document: FakeDocument, company: Company) -> CafeIssuer:
    office = next((each for each in company.offices.values() if each.code == document.office_code), None)
    return CafeIssuer(
        name=company.name,
        trade_name=company.trade_name,
        ruc=company.ruc,
        dv=company.dv,
        branch=document.office_code,
        address=office.address if office else "",
        telephone=office.telephone if office else "",
        location=office.location if office else "",
    )


def _receiver(receiver: JsonObject) -> CafeReceiver:
    ruc, foreign = receiver.get("ruc") or {}, receiver.get("foreign") or {}
    identity = f"{foreign['number']}  {foreign.get('country', '')}" if foreign.get("number") else None
    return CafeReceiver(
        receiver_type=ReceiverType(receiver["type"]),
        country=receiver["country"],
        name=receiver.get("name"),
        ruc=ruc.get("ruc"),
        identity=identity,
        address=receiver.get("address"),
        location=(receiver.get("location") or {}).get("code"),
        phones=tuple(receiver.get("telephones") or ()),
        emails=tuple(receiver.get("emails") or ()),
    )


def _lines(payload: JsonObject, amounts: DocumentAmounts) -> tuple[CafeLine, ...]:
    return tuple(
        CafeLine(
            position=int(item["number"]),
            description=item["description"],
            quantity=line.quantity,
            unit_price=line.price,
            unit_discount=line.discount,
            itbms=ItbmsRate(item["itbms"]["rate"]),
            itbms_amount=line.itbms,
            total=line.gross,
            code=item.get("code"),
            unit=item.get("unit"),
            cpbs_code=str(item["cpbs"]["code"]) if item.get("cpbs") else None,
        )
        for item, line in zip(payload["items"], amounts.lines, strict=True)
    )


def _rates(payload: JsonObject, amounts: DocumentAmounts) -> tuple[CafeRate, ...]:
    taxed = [
        (item["itbms"]["rate"], line.net, line.itbms)
        for item, line in zip(payload["items"], amounts.lines, strict=True)
    ]
    made = []
    for rate, group in groupby(sorted(taxed), key=lambda each: each[0]):
        rows = list(group)
        base: Decimal = sum((net for _, net, _ in rows), ZERO)
        tax: Decimal = sum((itbms for _, _, itbms in rows), ZERO)
        made.append(CafeRate(rate=ItbmsRate(rate), base=base, itbms_amount=tax))
    return tuple(made)


def _sums(amounts: DocumentAmounts) -> CafeSums:
    return CafeSums(
        net=amounts.net,
        itbms=amounts.itbms,
        isc=amounts.isc,
        oti=ZERO,
        freight=amounts.freight + sum((line.freight for line in amounts.lines), ZERO),
        insurance=amounts.insurance + sum((line.insurance for line in amounts.lines), ZERO),
        other_charges=amounts.other,
        discounts=amounts.discounts,
        total=amounts.total,
        received=amounts.paid,
        change=amounts.change,
    )


def _authorisation(document: FakeDocument, qr: str) -> CafeAuthorisation:
    decided = (("Fecha de autorización:", document.history[-1][0]),) if document.protocol else ()
    return CafeAuthorisation(
        state="Autorizado por la DGI" if document.protocol else "Autorizado por el PAC, pendiente de la DGI",
        cufe=document.cufe,
        qr=qr,
        protocol=document.protocol,
        moments=decided,
        notices=(
            "Proveedor de autorización calificado: PAC simulado de Istmo (sin validez fiscal)",
            "Consulte este documento en https://dgi-fep.mef.gob.pa con el CUFE o leyendo el código QR.",
        ),
    )
