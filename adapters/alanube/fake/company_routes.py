"""Rows 8 to 16 of the contract: check-digit, companies, offices, affiliation."""

import hashlib
from datetime import datetime

from adapters.alanube.fake.company_shape import COMPANY, COMPANY_PATCH, OFFICE, OFFICE_PATCH
from adapters.alanube.fake.records import Company, Finding, Office, WebhookTarget
from adapters.alanube.fake.refusals import coded, not_found, refusal
from adapters.alanube.fake.request_body import checked_body
from adapters.alanube.fake.shape import NOT_IN_ENUM
from adapters.alanube.fake.taxpayer_registry import readable_ruc
from adapters.alanube.fake.wire import JsonObject, WireAnswer, WireRequest, json_answer
from adapters.alanube.fake.world import World
from core.codes import RucType
from core.taxpayer import DvVerdict, parse_ruc, verify_dv

RUC_NOT_FOUND = "AP10150"
WRONG_DV = "AP10151"
SECOND_MAIN_COMPANY = "AP10152"
OFFICE_CODE_TAKEN = "AP10153"
NOT_SUBSCRIBED = "AP10154"
MAIN_OFFICE_CODE = "0000"
AFFILIATION_STATES = ("PENDING", "REQUESTED", "SUBSCRIBED")
_RUC_TYPES = {"NATURAL": 1, "JURIDICO": 2, "1": 1, "2": 2}


def check_digit(world: World, request: WireRequest) -> WireAnswer:
    """Row 8. Takes both encodings of the type and echoes what it got; 400 for an unknown RUC (ASSUME-036)."""
    style, asked = world.behaviour.error_style, request.query.get("type", "")
    ruc_type = _RUC_TYPES.get(asked)
    if ruc_type is None:
        return refusal(style, [_not_one_of("type", "NATURAL,JURIDICO")])
    found = world.registry.find(request.query.get("ruc", ""), ruc_type, strict=world.behaviour.strict_registry)
    if found is None:
        return refusal(style, [Finding(code=RUC_NOT_FOUND, message="RUC not found", field="ruc")])
    return json_answer(200, {"checkDigit": found.dv, "receiver": found.receiver, "type": asked})


def create_company(world: World, account_id: str, request: WireRequest, now: datetime) -> WireAnswer:
    """Row 9. One main company an account; both certificates; affiliation comes later."""
    body, findings = checked_body(world, request, COMPANY)
    if not findings:
        findings = _company_findings(world, account_id, body)
    if findings:
        return refusal(world.behaviour.error_style, findings)
    company = Company(
        id=world.mint_id(now),
        account_id=account_id,
        kind=body["type"],
        name=body["name"],
        trade_name=body["tradeName"],
        ruc=parse_ruc(body["ruc"], RucType(_ruc_type(body))).normalised,
        dv=body["checkDigit"],
        ruc_type=_ruc_type(body),
        qr=body.get("qr"),
        emails=body.get("emails") or {},
        logo=body.get("logo"),
        certificates=_digests(body["certificates"]),
        webhook=_webhook(body.get("webhooks")),
    )
    world.companies[company.id] = company
    return json_answer(201, company_view(company))


def list_companies(world: World, account_id: str, request: WireRequest) -> WireAnswer:
    """Row 10: a flat array (ASSUME-035)."""
    active, kind = request.query.get("active"), request.query.get("type")
    if active not in (None, "true", "false"):
        return refusal(world.behaviour.error_style, [_not_one_of("active", "true,false")])
    if kind not in (None, "main", "associated"):
        return refusal(world.behaviour.error_style, [_not_one_of("type", "main,associated")])
    shown = [
        company_view(company)
        for company in world.companies.values()
        if company.account_id == account_id
        and (active is None or company.is_active is (active == "true"))
        and (kind is None or company.kind == kind)
    ]
    return json_answer(200, shown)


def patch_company(world: World, company: Company, request: WireRequest) -> WireAnswer:
    """Row 12."""
    body, findings = checked_body(world, request, COMPANY_PATCH)
    if findings:
        return refusal(world.behaviour.error_style, findings)
    company.qr = body.get("qr") or body.get("securityCode") or company.qr
    company.trade_name = body.get("tradeName", company.trade_name)
    company.name = body.get("name", company.name)
    company.emails = body.get("emails", company.emails)
    company.logo = body.get("logo", company.logo)
    company.certificates |= _digests(body.get("certificates") or {})
    if "webhooks" in body:
        company.webhook = _webhook(body["webhooks"])
    return json_answer(200, company_view(company))


def create_office(world: World, company: Company, request: WireRequest, now: datetime) -> WireAnswer:
    """Row 13."""
    body, findings = checked_body(world, request, OFFICE)
    if not findings and any(office.code == body["code"] for office in company.offices.values()):
        findings = [Finding(code=OFFICE_CODE_TAKEN, message="office code already exists", field="code")]
    if findings:
        return refusal(world.behaviour.error_style, findings)
    office = Office(
        id=world.mint_id(now),
        code=body["code"],
        kind=body["type"],
        coordinates=body["coordinates"],
        address=body["address"],
        telephone=body["telephone"],
        location=body["location"],
        email=body.get("email"),
    )
    company.offices[office.id] = office
    return json_answer(201, office_view(office))


def get_office(company: Company, office_id: str) -> WireAnswer:
    """Row 14, one office."""
    office = company.offices.get(office_id)
    return json_answer(200, office_view(office)) if office else not_found("office")


def main_office(world: World, company: Company, request: WireRequest) -> WireAnswer:
    """Row 15: GET or PATCH the main office."""
    office = next((each for each in company.offices.values() if each.kind == "main"), None)
    if office is None:
        return not_found("office")
    if request.method == "PATCH":
        body, findings = checked_body(world, request, OFFICE_PATCH)
        if findings:
            return refusal(world.behaviour.error_style, findings)
        for name in ("coordinates", "address", "telephone", "location", "email"):
            setattr(office, name, body.get(name, getattr(office, name)))
    return json_answer(200, office_view(office))


def affiliate(world: World, company: Company, request: WireRequest, now: datetime) -> WireAnswer:
    """Row 16: type 3 asks for the affiliation, which the customer accepts in eTax; type 1 then gives the qr.

    The order is ASSUME-016.
    """
    kind = request.query.get("affiliationType")
    if kind == "3":
        if company.affiliated != "SUBSCRIBED":
            company.affiliated, company.affiliation_requested_at = "REQUESTED", now
            world.schedule(now + world.behaviour.affiliation_accepted_after, lambda _at: accept_affiliation(company))
        address = f"{world.base_url}/etax/affiliation/{company.id}"
        return json_answer(200, {"affiliated": company.affiliated, "qr": address})
    if kind == "1":
        if company.affiliated != "SUBSCRIBED":
            return coded(400, NOT_SUBSCRIBED, "affiliation was not accepted in eTax yet")
        if company.qr is None:
            company.qr = f"{world.random.randrange(1, 10**9):09d}"
        return json_answer(200, {"affiliated": company.affiliated, "qr": company.qr})
    return refusal(world.behaviour.error_style, [_not_one_of("affiliationType", "1,3")])


def accept_affiliation(company: Company) -> None:
    """The customer said yes in eTax."""
    if company.affiliated == "REQUESTED":
        company.affiliated = "SUBSCRIBED"


def company_view(company: Company) -> JsonObject:
    """The company object of the contract, top level. The webhook's secret is never shown."""
    view: JsonObject = {
        "id": company.id,
        "type": company.kind,
        "name": company.name,
        "tradeName": company.trade_name,
        "ruc": company.ruc,
        "checkDigit": company.dv,
        "typeRuc": {"code": company.ruc_type},
        "affiliated": company.affiliated,
        "isActive": company.is_active,
        "emails": company.emails,
        "logo": company.logo,
        "nextIdRequest": 1,
        "nextIdBatchRequest": 1,
    }
    if company.qr is not None:
        view["qr"] = company.qr
    if company.webhook is not None:
        view["webhooks"] = {"url": company.webhook.url}
    return view


def office_view(office: Office) -> JsonObject:
    """The office object of the contract."""
    view: JsonObject = {
        "id": office.id,
        "code": office.code,
        "type": office.kind,
        "coordinates": office.coordinates,
        "address": office.address,
        "telephone": office.telephone,
        "location": office.location,
    }
    return view if office.email is None else view | {"email": office.email}


def _company_findings(world: World, account_id: str, body: JsonObject) -> list[Finding]:
    ruc = readable_ruc(body["ruc"], _ruc_type(body))
    if ruc is None:
        return [Finding(code="1560", message="RUC del emisor mal formado", field="ruc")]
    if verify_dv(ruc, body["checkDigit"]) is DvVerdict.WRONG:
        return [Finding(code=WRONG_DV, message="check digit does not match the RUC", field="checkDigit")]
    if body["type"] == "main" and world.company_of(account_id, None) is not None:
        return [Finding(code=SECOND_MAIN_COMPANY, message="a main company already exists", field="type")]
    return []


def _not_one_of(name: str, choices: str) -> Finding:
    return Finding(code=NOT_IN_ENUM, message=f"instance.{name} is not one of enum values: {choices}", field=name)


def _ruc_type(body: JsonObject) -> int:
    given = body["typeRuc"]
    return int(given["code"] if isinstance(given, dict) else given)


def _digests(certificates: JsonObject) -> dict[str, str]:
    return {slot: hashlib.sha256(each["content"].encode()).hexdigest() for slot, each in certificates.items()}


def _webhook(given: JsonObject | None) -> WebhookTarget | None:
    if not given:
        return None
    return WebhookTarget(url=given["url"], secret=given["secret"], user_id=given.get("userId"))
