"""An invoice without an order."""

from dataclasses import dataclass, replace

from core.documents import DocumentMode, FiscalDocument
from core.drafts import Draft
from core.fingerprint import fingerprint
from core.identifiers import ClientId, OfficeId, TenantId
from core.intents import checked_key
from core.issuing import Intent
from core.ports.document_repository import DocumentRepository
from core.ports.trade_book import TradeBook
from core.receivers import AdHocReceiver, resolve_receiver, resolve_retention
from core.use_cases.client_terms import find_active_client
from core.use_cases.issue_document import IssueDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvoice:
    """What the caller asks for. ``draft.receiver`` is filled from the client and ``receiver`` (ad hoc)."""

    draft: Draft
    client_id: ClientId | None = None
    receiver: AdHocReceiver | None = None
    office_id: OfficeId | None = None
    billing_point: str | None = None
    external_id: str | None = None


class CreateInvoice:
    """Issue a standalone invoice. The same key and input give the same document back."""

    def __init__(self, trade_book: TradeBook, documents: DocumentRepository, issue: IssueDocument) -> None:
        self._trade_book = trade_book
        self._documents = documents
        self._issue = issue

    async def __call__(
        self,
        tenant_id: TenantId,
        invoice: NewInvoice,
        *,
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """Raises ClientNotFoundError, ClientArchivedError and what IssueDocument raises."""
        meaning = fingerprint("createInvoice", {"invoice": invoice, "mode": mode})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return existing
        draft = await draft_of(self._trade_book, tenant_id, invoice)
        intent = Intent(
            tenant_id=tenant_id,
            actor=actor,
            idempotency_key=idempotency_key,
            fingerprint=meaning,
            mode=mode,
            draft=draft,
            office_id=invoice.office_id,
            billing_point=invoice.billing_point,
            external_id=invoice.external_id,
            client_id=invoice.client_id,
        )
        return await self._issue(intent, wait_seconds=wait_seconds)


async def draft_of(trade_book: TradeBook, tenant_id: TenantId, invoice: NewInvoice) -> Draft:
    """The draft with its receiver and retention. Raises ClientNotFoundError, ClientArchivedError,
    RetentionCodeMissingError."""
    client = None
    if invoice.client_id is not None:
        client = await find_active_client(trade_book, tenant_id, invoice.client_id)
    return replace(
        invoice.draft,
        receiver=resolve_receiver(client, invoice.receiver),
        retention=resolve_retention(invoice.draft.retention, client),
    )
