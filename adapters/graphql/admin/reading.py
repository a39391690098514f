"""What an administrator sees."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ariadne import ObjectType, QueryType

from adapters.graphql.admin.context import AdminInfo, AdminResolver
from adapters.graphql.admin.event_reading import admin_events, event_type
from core.certificates import KeptCertificate
from core.circuits import Circuit
from core.codes import DocumentType
from core.document_report import ReportGroup
from core.documents import LegalStatus
from core.errors import Wording
from core.failures import MalformedInputError, SecretUnreadableError, TenantNotFoundError
from core.identifiers import TenantId
from core.onboarding import Onboarding, Step
from core.tenants import ApiKey, Office, SecretKind, Tenant
from core.use_cases.report_documents import DocumentReport

LIMIT_MAX = 1_000
_BAD_LIMIT = Wording(f"limit is 1 to {LIMIT_MAX}", f"limit es de 1 a {LIMIT_MAX}")


async def _tenants(_root: object, info: AdminInfo, *, limit: int) -> Sequence[Tenant]:
    return await info.context.operations.directory.tenants(limit=_checked(limit))


async def _tenant(_root: object, info: AdminInfo, *, tenant_id: str) -> Tenant | None:
    try:
        return await info.context.operations.tenants.get(TenantId(tenant_id))
    except TenantNotFoundError:
        return None


async def _onboardings(_root: object, info: AdminInfo, *, limit: int) -> Sequence[Onboarding]:
    return await info.context.operations.onboardings.everyone(limit=_checked(limit))


async def _report(
    _root: object,
    info: AdminInfo,
    *,
    tenant_id: str,
    from_date: date,
    to_date: date,
    group_by: ReportGroup,
    doc_type: DocumentType | None = None,
    legal_status: LegalStatus | None = None,
) -> DocumentReport:
    return await info.context.operations.report_documents(
        TenantId(tenant_id),
        from_date,
        to_date,
        document_type=doc_type,
        legal_status=legal_status,
        group_by=group_by,
    )


async def _report_of_all(
    _root: object, info: AdminInfo, *, from_date: date, to_date: date, legal_status: LegalStatus | None = None
) -> Sequence[DocumentReport]:
    return await info.context.operations.report_documents.of_all(from_date, to_date, legal_status=legal_status)


def query_type() -> QueryType:
    """The root of reading."""
    query = QueryType()
    query.set_field("tenants", AdminResolver(_tenants))
    query.set_field("tenant", AdminResolver(_tenant))
    query.set_field("onboardings", AdminResolver(_onboardings))
    query.set_field("adminEvents", AdminResolver(admin_events))
    query.set_field("pacDocumentsReport", AdminResolver(_report))
    query.set_field("pacDocumentsReportAllCompanies", AdminResolver(_report_of_all))
    return query


async def _offices(tenant: Tenant, info: AdminInfo) -> Sequence[Office]:
    return await info.context.operations.directory.offices(tenant.tenant_id)


async def _api_keys(tenant: Tenant, info: AdminInfo) -> Sequence[ApiKey]:
    return await info.context.operations.directory.api_keys(tenant.tenant_id)


async def _secrets(tenant: Tenant, info: AdminInfo) -> list[dict[str, Any]]:
    counts = []
    for kind in SecretKind:
        try:
            in_force: int | None = len(await info.context.operations.secrets.current(tenant.tenant_id, kind))
        except SecretUnreadableError:
            in_force = None
        counts.append({"kind": kind, "in_force": in_force})
    return counts


async def _circuit(tenant: Tenant, info: AdminInfo) -> Circuit:
    return await info.context.operations.circuits.circuit_of(tenant.tenant_id)


async def _onboarding(tenant: Tenant, info: AdminInfo) -> Onboarding | None:
    return await info.context.operations.onboardings.find(tenant.tenant_id)


def _missing(onboarding: Onboarding, info: AdminInfo) -> str | None:
    missing = onboarding.missing()
    return None if missing is None else info.context.language.of(missing)


def _next_step(onboarding: Onboarding, _info: AdminInfo) -> Step | None:
    return onboarding.next_step()


def _ends(certificate: KeptCertificate, info: AdminInfo) -> int | None:
    return certificate.warning_days(info.context.operations.clock.now())


def _silence(report: DocumentReport, info: AdminInfo) -> str | None:
    return None if report.pac_silence is None else info.context.language.of(report.pac_silence)


def object_types() -> list[ObjectType]:
    """The types whose fields are not those of the core's own values."""
    tenant = ObjectType("AdminTenant")
    tenant.set_field("contributorType", lambda shown, _info: shown.ruc_type)
    tenant.set_field("offices", _offices)
    tenant.set_field("apiKeys", _api_keys)
    tenant.set_field("secrets", _secrets)
    tenant.set_field("circuit", _circuit)
    tenant.set_field("onboarding", _onboarding)
    circuit = ObjectType("AdminCircuit")
    circuit.set_field("reason", lambda shown, _info: shown.reason or None)
    circuit.set_field("nextProbeAt", lambda shown, _info: shown.probe_at)
    onboarding = ObjectType("AdminOnboarding")
    onboarding.set_field("name", lambda shown, _info: shown.taxpayer.name)
    onboarding.set_field("ruc", lambda shown, _info: shown.taxpayer.ruc)
    onboarding.set_field("affiliation", lambda shown, _info: shown.affiliation_state)
    onboarding.set_field("nextStep", _next_step)
    onboarding.set_field("missing", _missing)
    certificate = ObjectType("AdminCertificate")
    certificate.set_field("endsWithinDays", _ends)
    report = ObjectType("PacDocumentsReport")
    report.set_field("tenantId", lambda shown, _info: shown.tenant.tenant_id)
    report.set_field("name", lambda shown, _info: shown.tenant.name)
    report.set_field("ruc", lambda shown, _info: shown.tenant.ruc)
    report.set_field("fromDate", lambda shown, _info: shown.period.first)
    report.set_field("toDate", lambda shown, _info: shown.period.last)
    report.set_field("pacSilence", _silence)
    return [tenant, circuit, onboarding, certificate, report, event_type()]


def _checked(limit: int) -> int:
    if not 1 <= limit <= LIMIT_MAX:
        raise MalformedInputError(path=("limit",), problem=_BAD_LIMIT)
    return limit
