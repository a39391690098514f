"""A credit or debit note that names no electronic invoice (06, 07; rule 1706)."""

from core.documents import DocumentMode, FiscalDocument
from core.fingerprint import fingerprint
from core.identifiers import TenantId
from core.intents import checked_key
from core.issuing import Intent
from core.ports.document_repository import DocumentRepository
from core.ports.trade_book import TradeBook
from core.use_cases.create_invoice import NewInvoice, draft_of
from core.use_cases.issue_document import IssueDocument


class CreateGenericNote:
    """Issue a note by lines alone. It belongs to no invoice of this tenant, so it lowers what none of them owes."""

    def __init__(self, trade_book: TradeBook, documents: DocumentRepository, issue: IssueDocument) -> None:
        self._trade_book = trade_book
        self._documents = documents
        self._issue = issue

    async def __call__(
        self,
        tenant_id: TenantId,
        note: NewInvoice,
        *,
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """``note.draft`` is of type 06 or 07. Raises what ``draft_of`` and IssueDocument raise."""
        meaning = fingerprint("createGenericNote", {"note": note, "mode": mode})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return existing
        draft = await draft_of(self._trade_book, tenant_id, note)
        intent = Intent(
            tenant_id=tenant_id,
            actor=actor,
            idempotency_key=idempotency_key,
            fingerprint=meaning,
            mode=mode,
            draft=draft,
            office_id=note.office_id,
            billing_point=note.billing_point,
            external_id=note.external_id,
            client_id=note.client_id,
        )
        return await self._issue(intent, wait_seconds=wait_seconds)
