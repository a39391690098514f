"""The PAC gateway on the fake engine, without sockets: the same bytes out, the same reading of answers.

``InMemoryPacGateway`` is the port itself; ``EngineTransport`` lets the production client run over the engine. Faults
end as they would on a wire: a refused connection is NotSent, a lost or late answer is Unknown.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import httpx

from adapters.alanube.answers import classify
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.wire import TransportFault, WireAnswer, WireRequest
from adapters.alanube.files import why_no_pdf, why_no_xml
from adapters.alanube.gateway import collection_of
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.mapping import encode
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.settings import WireOptions
from adapters.alanube.void_answers import classify_void
from adapters.alanube.void_body import encode_void
from core.codes import DocumentType
from core.documents import FiscalDocument
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import (
    DownloadAnswer,
    Downloaded,
    DownloadFailed,
    LookUpAnswer,
    PacAccount,
    PacCapabilities,
    PacGateway,
    SubmitAnswer,
    VoidAnswer,
)

Pause = Callable[[float], Awaitable[None]]
DeliverWebhooks = Callable[[], Awaitable[None]]
TOTAL_SECONDS = 30.0


class InMemoryPacGateway(PacGateway):
    """Documents at a fake PAC in this process.

    ``pause`` lets the time of a slow or lost answer pass (a virtual clock's ``sleep``); None: it passes at once.
    ``deliver_webhooks`` is called when a fault wants the webhooks to overtake the answer.
    """

    def __init__(
        self,
        engine: FakePacEngine,
        *,
        token: str = DEFAULT_TOKEN,
        wire: WireOptions | None = None,
        known_codes: KnownCodes | None = None,
        total_seconds: float = TOTAL_SECONDS,
        pause: Pause | None = None,
        deliver_webhooks: DeliverWebhooks | None = None,
    ) -> None:
        """``token`` is the installation's own key at the fake."""
        self._engine = engine
        self._token = token
        self._wire = wire or WireOptions()
        self._known = known_codes or KnownCodes()
        self._total_seconds = total_seconds
        self._pause = pause
        self._deliver_webhooks = deliver_webhooks

    @property
    def capabilities(self) -> PacCapabilities:
        """What the engine is set to."""
        return PacCapabilities(number_checked_first=self._engine.behaviour.number_checked_first)

    def encode(self, document: FiscalDocument) -> bytes:
        """The production mapping."""
        return encode(document, self._wire)

    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        """One POST to the engine."""
        path = f"/pan/v1/{collection_of(document_type)}"
        query = {"idCompany": account.company_id}
        request = WireRequest(method="POST", path=path, query=query, headers=self._headers(account), body=body)
        return classify(await self._outcome(request), self._known)

    def encode_void(self, reason: str) -> bytes:
        """The production mapping."""
        return encode_void(reason)

    async def void(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId, body: bytes
    ) -> VoidAnswer:
        """One DELETE to the engine."""
        path = f"/pan/v1/{collection_of(document_type)}/{pac_document_id}"
        query = {"idCompany": account.company_id}
        request = WireRequest(method="DELETE", path=path, query=query, headers=self._headers(account), body=body)
        return classify_void(await self._outcome(request), pac_document_id, self._known)

    async def look_up(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId
    ) -> LookUpAnswer:
        """One GET to the engine, with ``documents=pdf``."""
        path = f"/pan/v1/{collection_of(document_type)}/{pac_document_id}"
        query = {"idCompany": account.company_id, "documents": "pdf"}
        request = WireRequest(method="GET", path=path, query=query, headers=self._headers(account))
        return classify_look_up(await self._outcome(request), self._known)

    async def download_pdf(self, url: str) -> DownloadAnswer:
        """From the engine's signed addresses alone."""
        return await self._download(url, why_no_pdf)

    async def download_xml(self, url: str) -> DownloadAnswer:
        """From the engine's signed addresses alone."""
        return await self._download(url, why_no_xml)

    def _headers(self, account: PacAccount) -> dict[str, str]:
        token = account.token if account.token is not None else self._token
        return {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def _outcome(self, request: WireRequest) -> Outcome:
        answer = self._engine.handle(request)
        if answer.webhooks_first and self._deliver_webhooks is not None:
            await self._deliver_webhooks()
        if self._pause is not None and (seconds := seconds_of(answer)):
            await self._pause(min(seconds, self._total_seconds))
        return _received(self._engine, answer, self._total_seconds)

    async def _download(self, url: str, why_not: Callable[[bytes], str | None]) -> DownloadAnswer:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != self._engine.base_url.rstrip("/"):
            return DownloadFailed(reason="the host is not allowed", is_refused=True)
        outcome = await self._outcome(WireRequest(method="GET", path=parts.path))
        if isinstance(outcome, Silence) or outcome.cut is not None:
            return DownloadFailed(reason="the file did not come")
        if 300 <= outcome.status <= 399:
            return DownloadFailed(reason="the address redirects elsewhere", is_refused=True)
        if outcome.status != 200:
            return DownloadFailed(reason=f"the file server answered {outcome.status}")
        problem = why_not(outcome.body)
        if problem is not None:
            return DownloadFailed(reason=problem, is_refused=True)
        return Downloaded(content=outcome.body)


class EngineTransport(httpx.AsyncBaseTransport):
    """Lets an httpx client talk to the engine in this process; failures are httpx's own exceptions."""

    def __init__(
        self,
        engine: FakePacEngine,
        *,
        total_seconds: float = TOTAL_SECONDS,
        pause: Pause | None = None,
        deliver_webhooks: DeliverWebhooks | None = None,
    ) -> None:
        """Arguments as for ``InMemoryPacGateway``."""
        self._engine = engine
        self._total_seconds = total_seconds
        self._pause = pause
        self._deliver_webhooks = deliver_webhooks

    async def carry(self, request: WireRequest) -> WireAnswer:
        """Take the request to the engine and its answer back; a network with a mind of its own overrides this."""
        return self._engine.handle(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer or httpx's exception for why none came."""
        answer = await self.carry(
            WireRequest(
                method=request.method,
                path=request.url.path,
                query=dict(request.url.params.multi_items()),
                headers={name.lower(): value for name, value in request.headers.items()},
                body=await request.aread(),
            )
        )
        if answer.webhooks_first and self._deliver_webhooks is not None:
            await self._deliver_webhooks()
        if self._pause is not None and (seconds := seconds_of(answer)):
            await self._pause(min(seconds, self._total_seconds))
        match answer.transport:
            case TransportFault.REFUSE:
                raise httpx.ConnectError("All connection attempts failed", request=request)
            case TransportFault.CLOSE_WITHOUT_ANSWER:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
            case TransportFault.HANG:
                raise httpx.ReadTimeout("", request=request)
            case _:
                stream = _BrokenOff(
                    _arrived(answer, self._total_seconds), is_whole=_is_whole(answer, self._total_seconds)
                )
                return httpx.Response(answer.status, headers=dict(answer.headers), stream=stream, request=request)


class _BrokenOff(httpx.AsyncByteStream):
    """The bytes that arrive, then the end, or the loss of the connection."""

    def __init__(self, body: bytes, *, is_whole: bool) -> None:
        self._body = body
        self._is_whole = is_whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        if not self._is_whole:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def seconds_of(answer: WireAnswer) -> float:
    """How long an answer takes to arrive or to be given up."""
    if answer.transport is TransportFault.DRIP:
        return answer.hold_seconds * len(answer.body or b"")
    return answer.hold_seconds if answer.transport is TransportFault.HANG else 0.0


def _received(engine: FakePacEngine, answer: WireAnswer, total_seconds: float) -> Outcome:
    match answer.transport:
        case TransportFault.REFUSE:
            return Silence(reason="connection refused", left=False)
        case TransportFault.CLOSE_WITHOUT_ANSWER:
            return Silence(reason="the connection closed without an answer", left=True)
        case TransportFault.HANG:
            return Silence(reason="the total deadline passed", left=True)
        case _:
            return Reply(
                status=answer.status,
                body=_arrived(answer, total_seconds),
                received_at=engine.now(),
                headers={name.lower(): value for name, value in answer.headers.items()},
                cut=None if _is_whole(answer, total_seconds) else "the connection broke off in the answer",
            )


def _is_whole(answer: WireAnswer, total_seconds: float) -> bool:
    return answer.transport is not TransportFault.CUT_MID_BODY and seconds_of(answer) <= total_seconds


def _arrived(answer: WireAnswer, total_seconds: float) -> bytes:
    body = answer.body or b""
    if answer.transport is TransportFault.CUT_MID_BODY:
        return body[: len(body) // 2]
    if answer.transport is TransportFault.DRIP and answer.hold_seconds > 0:
        return body[: int(total_seconds / answer.hold_seconds)]
    return body
