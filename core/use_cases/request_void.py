"""A caller's wish to void a document: kept first, then executed as far as its wait allows."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import Change, FiscalDocument
from core.errors import IstmoError
from core.identifiers import DocumentId, TenantId
from core.intents import checked_key
from core.lifecycle.void_wishes import VoidWish, ask_for_void
from core.lifecycle.voiding import is_void_due
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.job_queue import Job, JobKind, JobQueue
from core.schedules import Schedules
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.issue_document import WAIT_SECONDS_MAX
from core.voids import VoidWindow, checked_reason

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRequest:
    """What a caller asks for. ``of_credit_note``: voidCredit; else voidInvoice."""

    tenant_id: TenantId
    document_id: DocumentId
    reason: str
    idempotency_key: str
    actor: str  # caller:<key id>
    of_credit_note: bool = False


class RequestVoid:
    """Keep the wish, due at once or as soon as the document is authorised, and send it within the caller's wait.

    The document's row is locked and its notes are seen: a void and a credit of one invoice never both succeed.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        execute: ExecuteVoid,
        queue: JobQueue,
        clock: Clock,
        schedules: Schedules,
        window: VoidWindow,
    ) -> None:
        self._documents = documents
        self._execute = execute
        self._queue = queue
        self._clock = clock
        self._schedules = schedules
        self._window = window

    async def __call__(self, request: VoidRequest, *, wait_seconds: float) -> FiscalDocument:
        """The document as it stands when the PAC answered or ``wait_seconds`` (0 to 30) are over.

        Raises MalformedInputError (the reason), MalformedIdempotencyKeyError, and what ``ask_for_void`` raises; none
        of them leaves anything behind.
        """
        wish = VoidWish(
            reason=checked_reason(request.reason),
            idempotency_key=checked_key(request.idempotency_key),
            actor=request.actor,
            of_credit_note=request.of_credit_note,
        )

        def ask(current: FiscalDocument, notes: Sequence[FiscalDocument]) -> Change | None:
            return ask_for_void(
                current, notes, wish, window=self._window, now=self._clock.now(), schedules=self._schedules
            )

        document = await self._documents.update_family(request.tenant_id, request.document_id, ask)
        if not is_void_due(document, now=self._clock.now()):
            return document
        return await self._go_on(document, wait_seconds)

    async def _go_on(self, document: FiscalDocument, wait_seconds: float) -> FiscalDocument:
        tenant_id, document_id = document.tenant_id, document.document_id
        if wait_seconds <= 0:
            await self._queue.ring(Job(kind=JobKind.VOID, tenant_id=tenant_id, subject_id=document_id))
            return document
        try:
            try:
                async with asyncio.timeout(min(wait_seconds, WAIT_SECONDS_MAX)):
                    return await self._execute(tenant_id, document_id)
            except TimeoutError:
                return await self._documents.get(tenant_id, document_id)
        except IstmoError:
            # the wish is kept: its caller gets the document as it stands, the sweep goes on with it
            log.exception("The void of document %s was interrupted", document_id)
            return document
