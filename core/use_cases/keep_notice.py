"""A request to the PAC stands in the timeline before the PAC hears of it, and its answer after."""

from collections.abc import Callable

from core.documents import Change, FiscalDocument
from core.failures import NoticeLimitError
from core.identifiers import DocumentId, TenantId
from core.notices import (
    NoticeKind,
    NoticeOutcome,
    NoticeRequest,
    NoticeResult,
    answered,
    first_attempt,
    refuse_above_limit,
    requested,
    results_of,
)
from core.ports.clock import Clock, Identifiers
from core.ports.document_repository import DocumentJournal, DocumentRepository

_OVER_THE_LIMIT = NoticeResult(outcome=NoticeOutcome.NOT_SENT, reason="the limit was reached at the same moment")


class KeepNotice:
    """Keeps e-mails and webhooks that are asked for, each within its limit per document."""

    def __init__(
        self, documents: DocumentRepository, journal: DocumentJournal, clock: Clock, identifiers: Identifiers
    ) -> None:
        self._documents = documents
        self._journal = journal
        self._clock = clock
        self._identifiers = identifiers

    async def begin(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        kind: NoticeKind,
        request: NoticeRequest,
        *,
        check: Callable[[FiscalDocument], object],
        actor: str,
    ) -> tuple[str, bool]:
        """Keep the request: the attempt that serves it, and whether it is this caller's to send.

        ``check`` judges the document under its lock. Raises what it raises, NoticeLimitError,
        IdempotencyConflictError, DocumentNotFoundError, StoreUnavailableError; nothing is sent then.
        """
        now = self._clock.now()
        events = await self._journal.events(tenant_id, document_id)
        if request.name and (served := first_attempt(events, kind, request)):
            return served, False
        refuse_above_limit(events, kind, now=now)
        attempt = self._identifiers.new_id()

        def keep(current: FiscalDocument) -> Change:
            check(current)
            return Change(document=current, events=(requested(kind, attempt, request, at=now, actor=actor),))

        await self._documents.update(tenant_id, document_id, keep)
        events = await self._journal.events(tenant_id, document_id)
        served = first_attempt(events, kind, request) if request.name else attempt
        if served is not None and served != attempt:
            return served, False
        try:
            refuse_above_limit(events, kind, now=now, attempt=attempt)
        except NoticeLimitError:
            await self.finish(tenant_id, document_id, kind, attempt, _OVER_THE_LIMIT, actor=actor)
            raise
        return attempt, True

    async def finish(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        kind: NoticeKind,
        attempt: str,
        result: NoticeResult,
        *,
        actor: str,
    ) -> None:
        """Keep what became of it. Raises StoreUnavailableError."""
        event = answered(kind, attempt, result, at=self._clock.now(), actor=actor)
        await self._documents.update(tenant_id, document_id, lambda current: Change(document=current, events=(event,)))

    async def results(
        self, tenant_id: TenantId, document_id: DocumentId, kind: NoticeKind, attempt: str
    ) -> dict[str, NoticeResult]:
        """What the timeline tells of an attempt, by address."""
        return results_of(await self._journal.events(tenant_id, document_id), kind, attempt)
