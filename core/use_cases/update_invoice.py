"""A draft says something else from now on."""

from dataclasses import replace

from core.codes import DocumentType
from core.documents import Change, DocumentKind, FiscalDocument
from core.errors import Wording
from core.failures import DocumentNotFoundError, DraftChangedError, MalformedInputError
from core.identifiers import DocumentId, TenantId
from core.issuing import issuer_of
from core.lifecycle.drafting import refuse_unless_draft, rewrite
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.ports.trade_book import TradeBook
from core.use_cases.create_invoice import NewInvoice, draft_of
from core.use_cases.judge_draft import JudgeDraft, codes_of
from core.use_cases.office_choice import choose_office

_OTHER_TYPE = Wording(
    "a draft keeps its document type; take it back and make another one",
    "un borrador conserva su tipo de documento; retírelo y cree otro",
)


class UpdateInvoice:
    """Put what the caller gives in the place of all that a draft invoice said. A DGI document is never changed."""

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        trade_book: TradeBook,
        documents: DocumentRepository,
        judge: JudgeDraft,
        clock: Clock,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._trade_book = trade_book
        self._documents = documents
        self._judge = judge
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        invoice: NewInvoice,
        *,
        document_type: DocumentType | None,
        expected_version: int | None,
        actor: str,
    ) -> FiscalDocument:
        """The draft as it then stands. ``document_type`` None: its own, the only one that is taken.

        Raises DocumentNotFoundError (also for a note), NotADraftError, DraftChangedError (it is not at
        ``expected_version``), PreflightRefusedError (no figures), ClientNotFoundError, RetentionCodeMissingError,
        NoOfficeError, OfficeNotFoundError, BillingPointNotOfOfficeError, MalformedInputError.
        """
        document = await self._documents.get(tenant_id, document_id)
        if document.kind is not DocumentKind.INVOICE:
            raise DocumentNotFoundError(document_id=document_id)
        refuse_unless_draft(document)
        if document_type not in (None, document.document_type):
            raise MalformedInputError(path=("documentType",), problem=_OTHER_TYPE)
        draft = replace(
            await draft_of(self._trade_book, tenant_id, invoice),
            document_type=document.document_type,
            billing_point=invoice.billing_point,
        )
        totals, verdict = self._judge.figures(draft)
        tenant = await self._tenants.get(tenant_id)
        offices = await self._directory.offices(tenant_id)
        office, _ = choose_office(offices, office_id=invoice.office_id, billing_point=invoice.billing_point)
        said = replace(
            document,
            draft=draft,
            totals=totals,
            office_id=office.office_id,
            issuer=issuer_of(tenant, office),
            external_id=invoice.external_id,
            client_id=invoice.client_id,
        )

        def say(current: FiscalDocument) -> Change:
            refuse_unless_draft(current)
            if expected_version not in (None, current.version):
                raise DraftChangedError(path=("expectedVersion",), document_id=document_id)
            return rewrite(current, said=said, findings=codes_of(verdict), actor=actor, now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, say)
