"""The document as the DGI's XML (format section 7.6): right elements in the right order, without a signature."""

from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape

from adapters.alanube.fake.amounts import DocumentAmounts, LineAmounts, document_amounts, number
from adapters.alanube.fake.records import TEST_ENVIRONMENT_NAME, Company, FakeDocument
from adapters.alanube.fake.wire import JsonObject
from core.issue_time import wire_time

NAMESPACE = "http://dgi-fep.mef.gob.pa"
_NOT_IN_XML = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def render_rfe(document: FakeDocument, company: Company) -> bytes:
    """UTF-8 XML without gNoFirm: the part that is hashed for the QR address."""
    amounts = document_amounts(document.payload)
    inner = [
        _element("dVerForm", "1.00"),
        _element("dId", document.cufe or ""),
        _group("gDGen", _general(document, company)),
    ]
    for place, item in enumerate(document.payload["items"]):
        inner.append(_group("gItem", _item(item, amounts.lines[place])))
    inner.append(_group("gTot", _totals(document.payload, amounts)))
    body = "".join(inner)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rFE xmlns="{NAMESPACE}">{body}</rFE>'.encode()


def with_qr(xml: bytes, qr: str) -> bytes:
    """The whole document: gNoFirm at its end, outside of what was hashed."""
    closing = b"</rFE>"
    return xml.removesuffix(closing) + _group("gNoFirm", [_element("dQRCode", qr)]).encode() + closing


def _general(document: FakeDocument, company: Company) -> Iterator[str]:
    information = document.payload["information"]
    cafe = information["cafe"]
    yield _element("iAmb", company.environment)
    yield _element("iTpEmis", information["issueType"])
    yield _element("iDoc", information["documentType"])
    yield _element("dNroDF", information["numeration"])
    yield _element("dPtoFacDF", information["billingPoint"])
    yield _element("dSeg", information["securityCode"])
    yield _element("dFechaEm", wire_time(document.issued_at))
    yield _element("iNatOp", information["nature"])
    yield _element("iTipoOp", information["operationType"])
    yield _element("iDest", information["destination"])
    yield _element("iFormCAFE", cafe["format"])
    yield _element("iEntCAFE", cafe["delivery"])
    yield _element("dEnvFE", information["receiverContainer"])
    yield _element("iProGen", 2)
    yield _optional("iTipoTranVenta", information.get("saleType"))
    yield _optional("dInfEmFE", information.get("information"))
    yield _group("gEmis", _issuer(document, company))
    yield _group("gDatRec", _receiver(document.payload["receiver"]))
    for reference in document.payload.get("referencedDocuments") or ():
        yield _group("gDFRef", _reference(reference))


def _issuer(document: FakeDocument, company: Company) -> Iterator[str]:
    offices = company.offices.values()
    office = next((each for each in offices if each.code == document.office_code), None)
    yield _group("gRucEmi", _ruc(company.ruc_type, company.ruc, company.dv))
    yield _element("dNombEm", TEST_ENVIRONMENT_NAME if company.environment == 2 else company.name)
    yield _element("dSucEm", document.office_code)
    if office is not None:
        yield _element("dCoordEm", office.coordinates)
        yield _element("dDirecEm", office.address)
        yield _group("gUbiEm", [_element("dCodUbi", office.location)])
        yield _element("dTfnEm", office.telephone)


def _receiver(receiver: JsonObject) -> Iterator[str]:
    yield _element("iTipoRec", receiver["type"])
    ruc, foreign, location = receiver.get("ruc"), receiver.get("foreign"), receiver.get("location")
    if ruc:
        yield _group("gRucRec", _ruc(ruc["type"], ruc["ruc"], None))
    yield _optional("dNombRec", receiver.get("name"))
    yield _optional("dDirecRec", receiver.get("address"))
    if location:
        yield _group("gUbiRec", [_element("dCodUbi", location["code"])])
    if foreign:
        yield _group("gIdExt", [_element("dIdExt", foreign["number"]), _optional("dPaisExt", foreign.get("country"))])
    for phone in receiver.get("telephones") or ():
        yield _element("dTfnRec", phone)
    for email in receiver.get("emails") or ():
        yield _element("dCorElectRec", email)
    yield _element("cPaisRec", receiver["country"])


def _ruc(ruc_type: int, ruc: str, dv: str | None) -> Iterator[str]:
    yield _element("dTipoRuc", ruc_type)
    yield _element("dRuc", ruc)
    yield _optional("dDV", dv)


def _reference(reference: JsonObject) -> Iterator[str]:
    yield _optional("dFechaDFRef", reference.get("issueDate"))
    if "cufeIdentification" in reference:
        inner = _group("gDFRefFE", [_element("dCUFERef", reference["cufeIdentification"])])
    elif "apiIdentification" in reference:
        inner = _group("gDFRefFE", [_element("dIdRef", reference["apiIdentification"])])
    else:
        inner = _group("gDFRefFacPap", [_element("dNroFacPap", reference["otherIdentification"])])
    yield _group("gDFRefNum", [inner])


def _item(item: JsonObject, line: LineAmounts) -> Iterator[str]:
    cpbs = item.get("cpbs") or {}
    code = str(cpbs.get("code", ""))
    yield _element("dSecItem", item["number"])
    yield _element("dDescProd", item["description"])
    yield _optional("dCodProd", item.get("code"))
    yield _optional("cUnidad", item.get("unit"))
    yield _element("dCantCodInt", f"{line.quantity:f}")
    yield _optional("dCodCPBSabr", code[:2])
    yield _optional("dCodCPBScmp", code if len(code) == 4 else None)
    yield _optional("cUnidadCPBS", cpbs.get("unit"))
    prices = [
        _element("dPrUnit", _money(line.price)),
        _optional("dPrUnitDesc", _money(line.discount) if line.discount else None),
        _element("dPrItem", _money(line.net)),
        _optional("dPrAcarItem", _money(line.freight) if line.freight else None),
        _optional("dPrSegItem", _money(line.insurance) if line.insurance else None),
        _element("dValTotItem", _money(line.gross)),
    ]
    yield _group("gPrecios", prices)
    itbms = [_element("dTasaITBMS", item["itbms"]["rate"]), _element("dValITBMS", _money(line.itbms))]
    yield _group("gITBMSItem", itbms)
    if line.isc:
        yield _group("gISCItem", [_element("dValISC", _money(line.isc))])


def _totals(payload: JsonObject, amounts: DocumentAmounts) -> Iterator[str]:
    totals = payload["totals"]
    yield _element("dTotNeto", _money(amounts.net))
    yield _element("dTotITBMS", _money(amounts.itbms))
    yield _optional("dTotISC", _money(amounts.isc) if amounts.isc else None)
    yield _element("dTotGravado", _money(amounts.taxes))
    yield _optional("dTotDesc", _money(amounts.discounts) if amounts.discounts else None)
    yield _optional("dTotAcar", _money(amounts.freight) if amounts.freight else None)
    yield _optional("dTotSeg", _money(amounts.insurance) if amounts.insurance else None)
    yield _optional("dTotOtrosGastos", _money(amounts.other) if amounts.other else None)
    yield _element("dVTot", _money(amounts.total))
    yield _element("dTotRec", _money(amounts.paid))
    yield _optional("dVuelto", _money(amounts.change) if amounts.change > 0 else None)
    yield _element("iPzPag", totals["paymentTime"])
    yield _element("dNroItems", len(amounts.lines))
    yield _element("dVTotItems", _money(amounts.items))
    for discount in totals.get("discounts") or ():
        inner = [
            _element("dDetalDesc", discount["description"]),
            _element("dValDesc", _money(number(discount, "amount"))),
        ]
        yield _group("gDescBonif", inner)
    for payment in totals["paymentMethods"]:
        inner = [
            _element("iFormaPago", payment["type"]),
            _optional("dFormaPagoDesc", payment.get("otherType")),
            _element("dVlrCuota", _money(number(payment, "amount"))),
        ]
        yield _group("gFormaPago", inner)
    if retention := totals.get("retention"):
        inner = [
            _element("cCodRetenc", retention["code"]),
            _element("cValRetenc", _money(number(retention, "amount"))),
        ]
        yield _group("gRetenc", inner)
    for place, instalment in enumerate(totals.get("installmentPayment") or (), start=1):
        inner = [
            _element("dSecItem", instalment.get("sequence", place)),
            _element("dFecItPlazo", instalment["dueDate"]),
            _element("dValItPlazo", _money(number(instalment, "amount"))),
            _optional("dInfPagPlazo", instalment.get("information")),
        ]
        yield _group("gPagPlazo", inner)


def _money(amount: Decimal) -> str:
    shown = amount.normalize()
    exponent = shown.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:.{decimals}f}"


def _group(name: str, inner: Iterator[str] | list[str]) -> str:
    return f"<{name}>{''.join(inner)}</{name}>"


def _element(name: str, value: object) -> str:
    return f"<{name}>{escape(str(value).translate(_NOT_IN_XML))}</{name}>"


def _optional(name: str, value: object) -> str:
    return "" if value is None or value == "" else _element(name, value)
