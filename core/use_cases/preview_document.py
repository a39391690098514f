"""A dry run of issuing: everything that IssueDocument would find, and no number taken."""

from dataclasses import replace

from core.drafts import Draft
from core.errors import Category, IstmoError
from core.failures import PacUnavailableError, RetentionCodeMissingError
from core.identifiers import TenantId
from core.issuing import issuer_of
from core.ports.clock import Clock
from core.ports.pac_gateway import PacGateway
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.ports.trade_book import TradeBook
from core.preflight import Finding, PreflightSettings, Severity
from core.previews import DocumentPreview, finding_of, preview_draft, with_findings
from core.receivers import resolve_receiver, resolve_retention
from core.trade import Client
from core.use_cases.client_terms import find_active_client
from core.use_cases.create_invoice import NewInvoice
from core.use_cases.office_choice import choose_office
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.verify_receiver import VerifyReceiver

_MENDABLE = (Category.INVALID, Category.CONFLICT)


class PreviewDocument:
    """Show what an invoice, a credit note or a debit note would be. Reads, asks the registry, writes nothing."""

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        trade_book: TradeBook,
        find_account: FindPacAccount,
        verify_receiver: VerifyReceiver,
        pac: PacGateway,
        clock: Clock,
        preflight_settings: PreflightSettings,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._trade_book = trade_book
        self._find_account = find_account
        self._verify_receiver = verify_receiver
        self._pac = pac
        self._clock = clock
        self._preflight_settings = preflight_settings

    async def __call__(self, tenant_id: TenantId, invoice: NewInvoice) -> DocumentPreview:
        """The preview as of now; ``invoice.draft`` may be of any document type.

        What issuing would refuse about receiver, retention or the PAC's company is a finding of the verdict beside
        those of preflight; a registry that is away is a warning. Raises what names no document at all:
        TenantNotFoundError, ClientNotFoundError, ClientArchivedError, NoOfficeError, OfficeNotFoundError,
        BillingPointNotOfOfficeError, StoreUnavailableError.
        """
        tenant = await self._tenants.get(tenant_id)
        offices = await self._directory.offices(tenant_id)
        office, billing_point = choose_office(offices, office_id=invoice.office_id, billing_point=invoice.billing_point)
        client = None
        if invoice.client_id is not None:
            client = await find_active_client(self._trade_book, tenant_id, invoice.client_id)
        draft = replace(invoice.draft, receiver=resolve_receiver(client, invoice.receiver))
        draft, found = _with_retention(draft, client)
        draft, told = await self._verified(tenant_id, draft)
        preview = preview_draft(
            draft,
            issuer=issuer_of(tenant, office),
            billing_point=billing_point,
            now=self._clock.now().replace(microsecond=0),
            encode=self._pac.encode,
            settings=self._preflight_settings,
        )
        return replace(preview, verdict=with_findings(preview.verdict, *found, *told))

    async def _verified(self, tenant_id: TenantId, draft: Draft) -> tuple[Draft, tuple[Finding, ...]]:
        try:
            account = await self._find_account(tenant_id)
            verified = await self._verify_receiver(tenant_id, account, draft.receiver)
        except PacUnavailableError as error:
            return draft, (finding_of(error, Severity.WARNING),)
        except IstmoError as error:
            if error.category not in _MENDABLE:
                raise
            return draft, (finding_of(error),)
        return replace(draft, receiver=verified.receiver), ()


def _with_retention(draft: Draft, client: Client | None) -> tuple[Draft, tuple[Finding, ...]]:
    try:
        return replace(draft, retention=resolve_retention(draft.retention, client)), ()
    except RetentionCodeMissingError as error:
        return draft, (finding_of(error),)
