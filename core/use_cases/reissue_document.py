"""A refused or rejected document gets its corrected successor."""

from collections.abc import Callable, Sequence

from core.documents import Change, DocumentKind, DocumentMode, FiscalDocument
from core.drafts import Draft
from core.errors import IstmoError
from core.fingerprint import fingerprint
from core.identifiers import DocumentId, OfficeId, TenantId
from core.intents import checked_key
from core.issuing import Intent
from core.lifecycle.replacing import refuse_unless_replaceable, replace_with
from core.notes.agreement import NamingNote, credited, debited
from core.notes.intents import Wish
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository, Relative
from core.ports.trade_book import TradeBook
from core.successors import Changes, Kept, succeed
from core.use_cases.issue_document import IssueDocument


class ReissueDocument:
    """Issue a document again, corrected, under a new number; the first one stays and each names the other.

    Only what can no longer turn out to be valid is replaced, and only once: both are decided under its row's lock, in
    the transaction that records the successor. A note's invoice must agree again. A successor bills the same order.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        trade_book: TradeBook,
        issue: IssueDocument,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._trade_book = trade_book
        self._issue = issue
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        changes: Changes,
        *,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """The successor as it stands when the PAC answered or the wait is over; the same key and changes give it back.

        Raises DocumentNotFoundError, NotReissuableError, ReissueTooEarlyError (while the document is watched: nothing
        was recorded, the same call works later), AlreadyReplacedError, ClientNotFoundError, MalformedInputError,
        what the invoice of a note raises, and what IssueDocument raises.
        """
        meaning = fingerprint("reissueDocument", {"document": document_id, **changes.meaning})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return await self._issue.send(existing, wait_seconds)
        wish = Wish(
            mode=DocumentMode.DGI,
            idempotency_key=idempotency_key,
            fingerprint=meaning,
            actor=actor,
            at=self._clock.now(),
        )
        try:
            return await self._issue(
                await self._intent(tenant_id, document_id, changes, wish), wait_seconds=wait_seconds
            )
        except IstmoError:  # it may have been replaced by this very call, made twice at the same moment
            existing = await self._documents.find_by_key(tenant_id, idempotency_key, meaning)
            if existing is None:
                raise
            return await self._issue.send(existing, wait_seconds)

    async def _intent(self, tenant_id: TenantId, document_id: DocumentId, changes: Changes, wish: Wish) -> Intent:
        original = await self._documents.get(tenant_id, document_id)
        refuse_unless_replaceable(original)
        draft = await self._draft(original, changes)
        office_id, billing_point = _place(original, changes)

        def replaced(successor: DocumentId) -> Relative:
            def agree(current: FiscalDocument, _: Sequence[FiscalDocument]) -> Change:
                return replace_with(current, successor=successor, actor=wish.actor, now=self._clock.now())

            return Relative(document_id=document_id, agree=agree)

        return Intent(
            tenant_id=tenant_id,
            actor=wish.actor,
            idempotency_key=wish.idempotency_key,
            fingerprint=wish.fingerprint,
            mode=wish.mode,
            draft=draft,
            office_id=office_id,
            billing_point=billing_point,
            external_id=original.external_id if isinstance(changes.external_id, Kept) else changes.external_id,
            order_id=original.order_id,
            client_id=changes.client_of(original),
            parent_id=original.parent_id,
            replaces=document_id,
            relative=self._consent(original, draft, wish.actor),
            replaced=replaced,
        )

    async def _draft(self, original: FiscalDocument, changes: Changes) -> Draft:
        client_id = changes.client_of(original)
        client = None
        if changes.asks_client and client_id is not None:
            client = await self._trade_book.get_client(original.tenant_id, client_id)
        return succeed(original, changes, client)

    def _consent(self, original: FiscalDocument, draft: Draft, actor: str) -> Callable[[DocumentId], Relative] | None:
        """What the invoice of a note is asked: whether this much may still be credited, or whether it stands at all."""
        parent_id = original.parent_id
        if parent_id is None:
            return None
        agreement = credited if original.kind is DocumentKind.CREDIT else debited

        def relative(successor: DocumentId) -> Relative:
            note = NamingNote(document_id=successor, draft=draft, at=self._clock.now(), actor=actor)
            return agreement(parent_id, note)

        return relative


def _place(original: FiscalDocument, changes: Changes) -> tuple[OfficeId | None, str | None]:
    """The original's own office and billing point, unless one of them is named: then the other one follows from it."""
    office, point = changes.office_id, changes.billing_point
    if isinstance(office, Kept) and isinstance(point, Kept):
        return original.office_id, original.series.billing_point
    if isinstance(office, Kept):
        return (original.office_id if point is None else None), None if isinstance(point, Kept) else point
    return office, None if isinstance(point, Kept) else point
