"""Covers that count and let everything through as it is."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bootstrap.metrics import Metrics
from core.codes import DocumentType
from core.documents import FiscalDocument
from core.errors import IstmoError
from core.identifiers import PacDocumentId
from core.ports.clock import Clock
from core.ports.job_queue import Job, JobHandler
from core.ports.pac_gateway import (
    DownloadAnswer,
    LookUpAnswer,
    PacAccount,
    PacCapabilities,
    PacGateway,
    SubmitAnswer,
    VoidAnswer,
)
from core.ports.webhook_inbox import Stored
from core.use_cases.receive_webhook import ReceiveWebhook

Answer = TypeVar("Answer")


class MeteredPacGateway(PacGateway):
    """Counts answers by kind and how long they took. It neither repeats nor delays anything."""

    def __init__(self, inner: PacGateway, metrics: Metrics, clock: Clock) -> None:
        self._inner = inner
        self._metrics = metrics
        self._clock = clock

    @property
    def capabilities(self) -> PacCapabilities:
        """The inner gateway's."""
        return self._inner.capabilities

    def encode(self, document: FiscalDocument) -> bytes:
        """The inner gateway's bytes."""
        return self._inner.encode(document)

    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        """See the port."""
        return await self._metered("submit", lambda: self._inner.submit(account, document_type, body))

    def encode_void(self, reason: str) -> bytes:
        """The inner gateway's bytes."""
        return self._inner.encode_void(reason)

    async def void(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId, body: bytes
    ) -> VoidAnswer:
        """See the port."""
        return await self._metered("void", lambda: self._inner.void(account, document_type, pac_document_id, body))

    async def look_up(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId
    ) -> LookUpAnswer:
        """See the port."""
        return await self._metered("look_up", lambda: self._inner.look_up(account, document_type, pac_document_id))

    async def download_pdf(self, url: str) -> DownloadAnswer:
        """See the port."""
        return await self._metered("download_pdf", lambda: self._inner.download_pdf(url))

    async def download_xml(self, url: str) -> DownloadAnswer:
        """See the port."""
        return await self._metered("download_xml", lambda: self._inner.download_xml(url))

    async def _metered(self, operation: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        began = self._clock.monotonic()
        kind = "Interrupted"  # cancelled or broken: no answer at all
        try:
            answer = await ask()
            kind = type(answer).__name__
            return answer
        finally:
            self._metrics.pac_seconds.labels(operation).observe(self._clock.monotonic() - began)
            self._metrics.pac_answers.labels(operation, kind).inc()


class MeteredReceiveWebhook(ReceiveWebhook):
    """Counts what becomes of deliveries at the door."""

    def __init__(self, inner: ReceiveWebhook, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    async def __call__(self, company_id: str, *, signature: bytes | None, user_id: str | None, body: bytes) -> Stored:
        """See ReceiveWebhook."""
        outcome = "interrupted"
        try:
            stored = await self._inner(company_id, signature=signature, user_id=user_id, body=body)
        except IstmoError as error:
            outcome = error.code
            raise
        else:
            outcome = "stored" if stored.is_new else "repeated"
            return stored
        finally:
            self._metrics.webhooks.labels(outcome).inc()


class CountedHandler:
    """Counts the rings that a worker answered, for a queue that does not count them itself."""

    def __init__(self, handler: JobHandler) -> None:
        self._handler = handler
        self.counts = {"handled": 0, "failed": 0}

    async def __call__(self, job: Job) -> None:
        """See JobHandler."""
        outcome = "failed"
        try:
            await self._handler(job)
            outcome = "handled"
        finally:
            self.counts[outcome] += 1
