"""HTTP to the PAC: one request out, what came back, and whether anything left at all. Nothing is ever sent twice.

It drives httpx's transport itself: a client on top would keep the PAC's cookies from one tenant to the next, and
would write addresses with their signatures into the log.

httpcore never repeats a request: on a pooled connection that the server closed meanwhile, the write or the read
fails and the error is ours to judge. Such a request may have been read before the close, so it counts as sent. The
pool drops a connection whose close it can see, and keep-alive is shorter than that of common servers, so that this
stays rare.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from urllib.parse import quote, urlencode

import httpx

from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.settings import AlanubeSettings
from core.ports.clock import Clock

PATH_PREFIX = "/pan/v1"
KEPT_HEADERS = ("content-type", "content-encoding", "date", "retry-after")
HEADER_LENGTH_MAX = 200

_BEFORE_A_BYTE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}", re.ASCII)


class AlanubeClient:
    """One connection pool for all tenants. Raises nothing but CancelledError."""

    def __init__(
        self,
        settings: AlanubeSettings,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``transport`` replaces the network (the fake in process); ``tls`` adds a private authority."""
        self._settings = settings
        self._clock = clock
        self._root = settings.base_url.rstrip("/") + PATH_PREFIX
        self._timeout = httpx.Timeout(
            connect=settings.connect_seconds,
            read=settings.read_seconds,
            write=settings.read_seconds,
            pool=settings.connect_seconds,
        ).as_dict()
        self._transport = transport or httpx.AsyncHTTPTransport(
            verify=tls or True,
            http1=True,
            http2=False,
            trust_env=False,
            retries=0,
            limits=httpx.Limits(
                max_connections=settings.connections_max,
                max_keepalive_connections=settings.connections_max,
                keepalive_expiry=settings.keep_alive_seconds,
            ),
        )

    async def aclose(self) -> None:
        """Close the pool. Requests in flight end as answers that never came."""
        await self._transport.aclose()

    async def send(
        self,
        method: str,
        segments: tuple[str, ...],
        *,
        token: str | None,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Outcome:
        """One request to ``/pan/v1/<segments>``, each segment quoted. ``token`` None: the installation's own."""
        secret = token if token is not None else self._settings.token
        if _TOKEN.fullmatch(secret) is None:
            return Silence(reason="the PAC key cannot be an HTTP header", left=False)
        progress = _Progress()
        headers = {
            "Authorization": f"Bearer {secret}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "istmo",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        path = "".join(f"/{quote(segment, safe='')}" for segment in segments)
        request = httpx.Request(
            method,
            f"{self._root}{path}" + (f"?{urlencode(query)}" if query else ""),
            headers=headers,
            content=body,
            extensions={"timeout": self._timeout, "trace": progress.note},
        )
        return await self._exchange(request, progress)

    async def _exchange(self, request: httpx.Request, progress: "_Progress") -> Outcome:
        received = _Received(self._settings.response_bytes_max)
        try:
            async with asyncio.timeout(self._settings.total_seconds):
                response = await self._transport.handle_async_request(request)
                response.request = request
                received.status = response.status_code
                received.take_headers(response.headers)
                try:
                    await received.take_body(response)
                finally:
                    await response.aclose()
        except Exception as error:  # noqa: BLE001 - whatever broke, the request may have been executed
            reason = _reason(error)
            if received.status is None:
                return Silence(reason=reason, left=not progress.proves_nothing_left(error))
            received.cut = received.cut or reason
        return received.reply(self._clock)


class _Progress:
    """How far a request got, told by httpcore's trace events."""

    def __init__(self) -> None:
        self._is_connecting = False
        self._is_writing = False

    async def note(self, event: str, _info: object) -> None:
        """httpcore's ``trace`` extension; events are like ``http11.send_request_headers.started``."""
        if event.startswith("connection."):
            self._is_connecting = True
        elif ".send_" in event:
            self._is_writing = True

    def proves_nothing_left(self, error: Exception) -> bool:
        """Whether the failure came before the first byte of the request was written."""
        return not self._is_writing and (self._is_connecting or isinstance(error, _BEFORE_A_BYTE))


class _Received:
    """An answer as it comes in, kept as far as it came."""

    def __init__(self, limit: int) -> None:
        self.status: int | None = None
        self.cut: str | None = None
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._limit = limit

    def take_headers(self, headers: httpx.Headers) -> None:
        """Keep the few headers that are ever read."""
        for name in KEPT_HEADERS:
            if name in headers:
                self._headers[name] = headers[name][:HEADER_LENGTH_MAX]
        encoding = self._headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            self.cut = f"content-encoding {encoding}, though identity was asked for"

    async def take_body(self, response: httpx.Response) -> None:
        """Read up to the limit and stop."""
        async with aclosing(raw_chunks(response)) as chunks:
            async for chunk in chunks:
                room = self._limit - len(self._body)
                self._body += chunk[:room]
                if len(chunk) > room:
                    self.cut = f"the answer is larger than {self._limit} bytes"
                    return

    def reply(self, clock: Clock) -> Reply:
        """What came, whole or cut."""
        return Reply(
            status=self.status or 0,
            body=bytes(self._body),
            received_at=clock.now(),
            headers=self._headers,
            cut=self.cut,
        )


async def raw_chunks(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The bytes of a body as they come, never decompressed."""
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("the transport answers without an asynchronous body")
    async for chunk in stream:
        yield chunk


def _reason(error: Exception) -> str:
    """The kind of failure and its text; httpcore's texts name hosts and errors, never headers."""
    if type(error) is TimeoutError:
        return "the total deadline passed"
    return f"{type(error).__name__}: {error}"[:300].rstrip(": ")
