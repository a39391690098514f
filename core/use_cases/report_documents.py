"""Counts and money of a period by group, from our own rows, beside what the PAC counts."""

from dataclasses import dataclass
from datetime import date

from core.codes import DocumentType
from core.document_report import ReportGroup, ReportPeriod, ReportRow, grouped, is_at_pac, report_period
from core.documents import LegalStatus
from core.errors import IstmoError, Wording
from core.failures import ReportTooLargeError
from core.identifiers import TenantId
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.pac_reports import PacReports
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.tenants import Tenant
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.walk_documents import pages_of

DOCUMENTS_MAX = 20_000
TENANTS_MAX = 1_000
_BY_TYPE = Wording("the PAC does not count by document type", "el PAC no cuenta por tipo de documento")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReport:
    """One taxpayer's period. ``at_pac``: ours that the PAC has; ``pac_count``: what it says, None with the reason."""

    tenant: Tenant
    period: ReportPeriod
    rows: tuple[ReportRow, ...]
    count: int
    at_pac: int
    pac_count: int | None
    pac_silence: Wording | None

    @property
    def difference(self) -> int | None:
        """What the PAC counts more than we do; None when it does not say."""
        return None if self.pac_count is None else self.pac_count - self.at_pac


class ReportDocuments:
    """Read a period's documents and add them up; ask the PAC for its count."""

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        documents: DocumentRepository,
        find_account: FindPacAccount,
        reports: PacReports,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._documents = documents
        self._find_account = find_account
        self._reports = reports

    async def __call__(
        self,
        tenant_id: TenantId,
        first: date,
        last: date,
        *,
        document_type: DocumentType | None = None,
        legal_status: LegalStatus | None = None,
        group_by: ReportGroup,
    ) -> DocumentReport:
        """A PAC that does not answer makes no error: its count is missing, with the reason.

        Raises TenantNotFoundError, MalformedReportError, ReportTooLargeError, StoreUnavailableError.
        """
        period = report_period(first, last)
        tenant = await self._tenants.get(tenant_id)
        wanted = DocumentFilter(
            issued_from=period.begins,
            issued_before=period.ends,
            document_types=(document_type,) if document_type is not None else (),
            legal_status=(legal_status,) if legal_status is not None else (),
        )
        rows: dict[str, ReportRow] = {}
        seen, at_pac = 0, 0
        async for page in pages_of(self._documents, tenant_id, wanted):
            if seen >= DOCUMENTS_MAX:
                raise ReportTooLargeError(path=("toDate",), limit=DOCUMENTS_MAX)
            rows = grouped(rows, page, group_by)
            at_pac += sum(map(is_at_pac, page))
            seen += len(page)
        pac_count, silence = await self._at_pac(tenant_id, period, document_type, legal_status)
        ordered = tuple(sorted(rows.values(), key=lambda row: row.group))
        return DocumentReport(
            tenant=tenant,
            period=period,
            rows=ordered,
            count=sum(row.count for row in ordered),
            at_pac=at_pac,
            pac_count=pac_count,
            pac_silence=silence,
        )

    async def of_all(
        self, first: date, last: date, *, legal_status: LegalStatus | None = None
    ) -> tuple[DocumentReport, ...]:
        """One report for each taxpayer, by legal status, oldest taxpayer first, at most 1,000."""
        tenants = await self._directory.tenants(limit=TENANTS_MAX)
        reports = [
            await self(each.tenant_id, first, last, legal_status=legal_status, group_by=ReportGroup.LEGAL_STATUS)
            for each in tenants
        ]
        return tuple(reports)

    async def _at_pac(
        self,
        tenant_id: TenantId,
        period: ReportPeriod,
        document_type: DocumentType | None,
        legal_status: LegalStatus | None,
    ) -> tuple[int | None, Wording | None]:
        if document_type is not None:
            return None, _BY_TYPE
        try:
            account = await self._find_account(tenant_id)
            return await self._reports.count(account, period.first, period.last, legal_status), None
        except IstmoError as error:
            return None, error.message
