"""A draft becomes a DGI document: the same id, the same key, the same timeline, and a number."""

from collections.abc import Callable
from dataclasses import replace

from core.documents import DocumentKind, DocumentMode, FiscalDocument
from core.failures import DocumentNotFoundError, DraftChangedError
from core.identifiers import DocumentId, TenantId
from core.issuing import Intent
from core.lifecycle.drafting import refuse_unless_draft
from core.ports.document_repository import DocumentRepository, Relative
from core.use_cases.issue_document import IssueDocument

UNTOUCHED_TRIES = 3
RelativeOf = Callable[[FiscalDocument], Relative | None]


def no_relative(_: FiscalDocument) -> None:
    """An invoice needs nobody's consent."""
    return


class ConvertDraft:
    """Issue what a draft says, as of now. Everything that issuing refuses is refused now, and leaves it a draft.

    The document is its own idempotency key: converting twice, or at once, gives the one document.
    """

    def __init__(self, documents: DocumentRepository, issue: IssueDocument) -> None:
        self._documents = documents
        self._issue = issue

    async def __call__(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        *,
        kind: DocumentKind,
        wait_seconds: float,
        actor: str,
        relative_of: RelativeOf = no_relative,
    ) -> FiscalDocument:
        """The document as it stands when the PAC answered or the wait is over. ``relative_of`` says who must agree,
        under its row's lock: the invoice of a note.

        Raises DocumentNotFoundError (also for another kind), NotADraftError (an import, or taken back),
        DraftChangedError (it was edited this very moment), and what IssueDocument raises. What only touches the draft
        meanwhile, a payment for one, changes nothing that it says and stops nothing.
        """
        document = await self._documents.get(tenant_id, document_id)
        for left in reversed(range(UNTOUCHED_TRIES)):
            try:
                return await self._convert(document, kind, wait_seconds, actor, relative_of)
            except DraftChangedError:
                again = await self._documents.get(tenant_id, document_id)
                if not left or replace(again, version=document.version, updated_at=document.updated_at) != document:
                    raise
                document = again
        raise AssertionError("the last try returns or raises")

    async def _convert(
        self,
        document: FiscalDocument,
        kind: DocumentKind,
        wait_seconds: float,
        actor: str,
        relative_of: RelativeOf,
    ) -> FiscalDocument:
        if document.kind is not kind:
            raise DocumentNotFoundError(document_id=document.document_id)
        if document.mode is DocumentMode.DGI:
            return await self._issue.send(document, wait_seconds)
        refuse_unless_draft(document)
        relative = relative_of(document)
        intent = Intent(
            tenant_id=document.tenant_id,
            actor=actor,
            idempotency_key=document.idempotency_key,
            fingerprint="",  # the draft's own stays
            mode=DocumentMode.DGI,
            draft=replace(document.draft, billing_point=None),
            office_id=document.office_id,
            billing_point=document.draft.billing_point,
            external_id=document.external_id,
            order_id=document.order_id,
            client_id=document.client_id,
            parent_id=document.parent_id,
            replaces=document.replaces,
            relative=None if relative is None else lambda _: relative,
            becomes=document,
        )
        converted = await self._issue(intent, wait_seconds=wait_seconds)
        if converted.mode is not DocumentMode.DGI:
            refuse_unless_draft(converted)  # taken back while it was being prepared
        return converted
