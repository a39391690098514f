"""The sweep: whatever is due in the database is done, whoever forgot to ring."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.documents import Change, FiscalDocument, Submission
from core.events import Event, EventKind
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository, DueDocument, DueWork
from core.ports.job_queue import Job, JobKind
from core.ports.webhook_inbox import WebhookInbox
from core.schedules import Schedules
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.process_webhook import ProcessWebhook
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.settle_doubt import SettleDoubt
from core.use_cases.submit_document import SubmitDocument

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepLimits:
    """How much one sweep takes: fair shares per tenant, bounded work in flight."""

    tenants: int = 50
    documents_per_tenant: int = 20
    deliveries_per_tenant: int = 50
    in_flight: int = 16
    in_flight_per_tenant: int = 4
    patience_seconds: float = 5.0  # a tenant whose PAC hangs holds up the others' next sweep no longer than this


class RunDueWork:
    """Do what is due, tenant by tenant, the longest waiting first. One bad document never stops another."""

    def __init__(
        self,
        due: DueWork,
        inbox: WebhookInbox,
        documents: DocumentRepository,
        submit: SubmitDocument,
        refresh: RefreshDocument,
        settle_doubt: SettleDoubt,
        execute_void: ExecuteVoid,
        process_webhook: ProcessWebhook,
        clock: Clock,
        schedules: Schedules,
        limits: SweepLimits,
    ) -> None:
        self._due = due
        self._inbox = inbox
        self._documents = documents
        self._submit = submit
        self._refresh = refresh
        self._settle_doubt = settle_doubt
        self._execute_void = execute_void
        self._process_webhook = process_webhook
        self._clock = clock
        self._schedules = schedules
        self._limits = limits
        self._in_flight = asyncio.Semaphore(limits.in_flight)
        self._under_way: dict[TenantId, asyncio.Task[int]] = {}

    async def __call__(self) -> int:
        """One sweep; how many things it handled while it waited.

        Tenants that take longer go on by themselves, and the next sweeps pass them over until they are done.
        """
        now, limit = self._clock.now(), self._limits.tenants + len(self._under_way)
        with_deliveries = await self._inbox.waiting_tenants(limit=limit)
        with_documents = await self._due.due_tenants(now, limit=limit)
        tenants = dict.fromkeys([*with_documents, *with_deliveries])
        begun = [self._begin(tenant_id) for tenant_id in tenants if tenant_id not in self._under_way]
        if not begun:
            return 0
        impatience = asyncio.ensure_future(self._clock.sleep(self._limits.patience_seconds))
        try:
            waited: set[asyncio.Future[Any]] = {asyncio.gather(*begun, return_exceptions=True), impatience}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            impatience.cancel()
        return sum(task.result() for task in begun if task.done())

    async def finish_running(self) -> None:
        """End what sweeps left under way, at a shutdown. What is cut off stays due."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, tenant_id: TenantId) -> asyncio.Task[int]:
        task = asyncio.ensure_future(self._sweep_tenant(tenant_id))
        self._under_way[tenant_id] = task
        task.add_done_callback(partial(self._ended, tenant_id))
        return task

    def _ended(self, tenant_id: TenantId, task: asyncio.Task[int]) -> None:
        del self._under_way[tenant_id]
        if not task.cancelled() and task.exception() is not None:
            log.error("The sweep of tenant %s failed", tenant_id, exc_info=task.exception())

    async def handle(self, job: Job) -> None:
        """One ring of the doorbell. Raises what the use case raises; the due time in the database stands."""
        match job.kind:
            case JobKind.SUBMIT:
                await self._submit(job.tenant_id, DocumentId(job.subject_id))
            case JobKind.REFRESH:
                await self._refresh(job.tenant_id, DocumentId(job.subject_id), actor="sweep")
            case JobKind.WEBHOOK:
                await self._process_webhook(job.tenant_id, DeliveryId(job.subject_id))
            case JobKind.VOID:
                await self._execute_void(job.tenant_id, DocumentId(job.subject_id))

    async def _sweep_tenant(self, tenant_id: TenantId) -> int:
        own_share = asyncio.Semaphore(self._limits.in_flight_per_tenant)
        deliveries = await self._inbox.waiting(tenant_id, limit=self._limits.deliveries_per_tenant)
        for delivery in deliveries:
            process = partial(self._process_webhook, tenant_id, delivery.delivery_id)
            await self._guarded(own_share, process, f"delivery {delivery.delivery_id}")
        documents = await self._due.due_documents(tenant_id, self._clock.now(), limit=self._limits.documents_per_tenant)
        await asyncio.gather(*(self._act(own_share, document) for document in documents))
        return len(deliveries) + len(documents)

    async def _act(self, own_share: asyncio.Semaphore, due: DueDocument) -> None:
        async def act() -> object:
            match due.submission:
                case Submission.QUEUED if not await self._has_hints(due):
                    return await self._submit(due.tenant_id, due.document_id)
                case Submission.ACCEPTED if due.has_void:
                    return await self._void_or_refresh(due)
                case Submission.ACCEPTED:
                    return await self._refresh(due.tenant_id, due.document_id, actor="sweep")
                case _:
                    return await self._settle_doubt(due.tenant_id, due.document_id)

        if not await self._guarded(own_share, act, f"document {due.document_id}"):
            await self._postpone(due)

    async def _void_or_refresh(self, due: DueDocument) -> object:
        """The void where it is due, and then whatever else the document waits for."""
        document = await self._execute_void(due.tenant_id, due.document_id)
        if document.next_action_at is None or document.next_action_at > self._clock.now():
            return document
        return await self._refresh(due.tenant_id, due.document_id, actor="sweep")

    async def _has_hints(self, due: DueDocument) -> bool:
        return bool((await self._documents.get(due.tenant_id, due.document_id)).hinted_ids)

    async def _guarded(self, own_share: asyncio.Semaphore, act: Callable[[], Awaitable[object]], subject: str) -> bool:
        async with own_share, self._in_flight:
            try:
                await act()
            except Exception:  # one bad document must not stop the others; it is logged and postponed
                log.exception("The sweep could not handle %s", subject)
                return False
        return True

    async def _postpone(self, due: DueDocument) -> None:
        def later(current: FiscalDocument) -> Change | None:
            now = self._clock.now()
            if current.next_action_at is None or current.next_action_at > now:
                return None
            later_still = now + self._schedules.poison_delay(current.checks)
            postponed = replace(current, next_action_at=later_still, checks=current.checks + 1)
            event = Event(at=now, kind=EventKind.ALARM, actor="sweep", facts={"about": "handling_failed"})
            return Change(document=postponed, events=(event,))

        try:
            await self._documents.update(due.tenant_id, due.document_id, later)
        except Exception:  # the store is away: the document simply stays due
            log.exception("The sweep could not postpone document %s", due.document_id)
