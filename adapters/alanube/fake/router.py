"""Which handler answers which path under /pan/v1, and for whom: token, then company."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.alanube.fake import company_routes, document_routes
from adapters.alanube.fake.catalogues import catalogue
from adapters.alanube.fake.records import Company, DocumentFamily, Finding
from adapters.alanube.fake.refusals import not_found, refusal, unauthorised
from adapters.alanube.fake.report_routes import count_documents
from adapters.alanube.fake.shape import NOT_A_ULID, ULID_PATTERN
from adapters.alanube.fake.wire import WireAnswer, WireRequest, json_answer
from adapters.alanube.fake.world import World

PREFIX = "/pan/v1"
_ULID = re.compile(ULID_PATTERN, re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authenticated request with the parts of its path."""

    world: World
    request: WireRequest
    now: datetime
    account_id: str
    parts: tuple[str, ...]


Handler = Callable[[Call], WireAnswer]
CompanyHandler = Callable[[Call, Company], WireAnswer]


def route(world: World, request: WireRequest, now: datetime) -> WireAnswer:
    """Answer one request under /pan/v1."""
    if len(request.body) > world.behaviour.largest_body:
        return json_answer(413, {"code": 413, "message": "Payload Too Large"})
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account_id = world.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
    if account_id is None:
        return unauthorised()
    path = request.path.removeprefix(PREFIX).rstrip("/")
    allowed: list[str] = []
    for method, pattern, handler in _ROUTES:
        match = pattern.fullmatch(path)
        if match is None:
            continue
        if method == request.method:
            return handler(Call(world=world, request=request, now=now, account_id=account_id, parts=match.groups()))
        allowed.append(method)
    if allowed:
        refused = json_answer(405, {"code": 405, "message": "Method Not Allowed"})
        return WireAnswer(status=405, headers={**refused.headers, "allow": ", ".join(allowed)}, body=refused.body)
    return not_found("route")


def _for_selected(handler: CompanyHandler) -> Handler:
    """The company of ``idCompany``, or the token's main one (ASSUME-015)."""

    def answer(call: Call) -> WireAnswer:
        company_id = call.request.query.get("idCompany")
        if company_id is not None and _ULID.fullmatch(company_id) is None:
            wrong = Finding(code=NOT_A_ULID, message="instance.idCompany is not a ULID", field="idCompany")
            return refusal(call.world.behaviour.error_style, [wrong])
        company = call.world.company_of(call.account_id, company_id)
        return handler(call, company) if company is not None else not_found("company")

    return answer


def _for_named(handler: CompanyHandler) -> Handler:
    """The company whose id is in the path."""

    def answer(call: Call) -> WireAnswer:
        company = call.world.company_of(call.account_id, call.parts[0])
        return handler(call, company) if company is not None else not_found("company")

    return answer


def _issue(call: Call, company: Company) -> WireAnswer:
    family = DocumentFamily(call.parts[0])
    return document_routes.post_document(call.world, company, family, call.request, call.now)


def _read(call: Call, company: Company) -> WireAnswer:
    family, document_id = DocumentFamily(call.parts[0]), call.parts[1]
    return document_routes.get_document(call.world, company, family, document_id, call.request, call.now)


def _void(call: Call, company: Company) -> WireAnswer:
    family, document_id = DocumentFamily(call.parts[0]), call.parts[1]
    return document_routes.void_document(call.world, company, family, document_id, call.request, call.now)


def _notify_webhook(call: Call, company: Company) -> WireAnswer:
    return document_routes.notify_webhook(call.world, company, call.request, call.now)


def _notify_email(call: Call, company: Company) -> WireAnswer:
    return document_routes.notify_email(call.world, company, call.request, call.now)


def _check_digit(call: Call, company: Company) -> WireAnswer:
    del company  # it must exist, and that is all
    return company_routes.check_digit(call.world, call.request)


def _affiliate(call: Call, company: Company) -> WireAnswer:
    return company_routes.affiliate(call.world, company, call.request, call.now)


def _show_company(call: Call, company: Company) -> WireAnswer:
    del call
    return json_answer(200, company_routes.company_view(company))


def _create_company(call: Call) -> WireAnswer:
    return company_routes.create_company(call.world, call.account_id, call.request, call.now)


def _list_companies(call: Call) -> WireAnswer:
    return company_routes.list_companies(call.world, call.account_id, call.request)


def _patch_company(call: Call, company: Company) -> WireAnswer:
    return company_routes.patch_company(call.world, company, call.request)


def _create_office(call: Call, company: Company) -> WireAnswer:
    return company_routes.create_office(call.world, company, call.request, call.now)


def _list_offices(call: Call, company: Company) -> WireAnswer:
    del call
    return json_answer(200, [company_routes.office_view(office) for office in company.offices.values()])


def _get_office(call: Call, company: Company) -> WireAnswer:
    return company_routes.get_office(company, call.parts[1])


def _main_office(call: Call, company: Company) -> WireAnswer:
    return company_routes.main_office(call.world, company, call.request)


def _catalogue(call: Call) -> WireAnswer:
    entries = catalogue(call.parts[0])
    return not_found("catalogue") if entries is None else json_answer(200, entries)


def _report_of_company(call: Call, company: Company) -> WireAnswer:
    return count_documents(call.world, {company.id}, call.request, call.now)


def _report_of_account(call: Call) -> WireAnswer:
    companies = call.world.companies.values()
    own = {company.id for company in companies if company.account_id == call.account_id}
    return count_documents(call.world, own, call.request, call.now)


def _compiled(method: str, pattern: str, handler: Handler) -> tuple[str, re.Pattern[str], Handler]:
    return method, re.compile(pattern, re.ASCII), handler


_ROUTES = (
    _compiled("POST", "/(invoices|credit-notes|debit-notes)", _for_selected(_issue)),
    _compiled("GET", "/(invoices|credit-notes|debit-notes)/([^/]+)", _for_selected(_read)),
    _compiled("DELETE", "/(invoices|credit-notes)/([^/]+)", _for_selected(_void)),
    _compiled("POST", "/documents/notify-webhook", _for_selected(_notify_webhook)),
    _compiled("POST", "/documents/notify-email", _for_selected(_notify_email)),
    _compiled("GET", "/check-digit", _for_selected(_check_digit)),
    _compiled("GET", "/company-affiliate", _for_selected(_affiliate)),
    _compiled("GET", "/company", _for_selected(_show_company)),
    _compiled("POST", "/companies", _create_company),
    _compiled("GET", "/companies", _list_companies),
    _compiled("GET", "/companies/([^/]+)", _for_named(_show_company)),
    _compiled("PATCH", "/companies/([^/]+)", _for_named(_patch_company)),
    _compiled("POST", "/companies/([^/]+)/offices", _for_named(_create_office)),
    _compiled("GET", "/companies/([^/]+)/offices", _for_named(_list_offices)),
    _compiled("GET", "/companies/([^/]+)/offices/([^/]+)", _for_named(_get_office)),
    _compiled("GET", "/companies/([^/]+)/office", _for_named(_main_office)),
    _compiled("PATCH", "/companies/([^/]+)/office", _for_named(_main_office)),
    _compiled("GET", "/dgi/([a-z-]+)", _catalogue),
    _compiled("GET", "/reports/companies/([^/]+)/documents/total", _for_named(_report_of_company)),
    _compiled("GET", "/reports/users/documents/total", _report_of_account),
)
