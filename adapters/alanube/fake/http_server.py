"""The fake PAC as an HTTP server: /pan/v1/*, signed files, /_fake/*, real webhooks, and connections that really break.

A raw ASGI callable on uvicorn: the faults need the connection's transport, which a framework hides.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.alanube.fake.clocks import AdjustableClock, OffsetClock
from adapters.alanube.fake.control import PREFIX as CONTROL_PREFIX
from adapters.alanube.fake.control import Control, Preparation, nothing_to_prepare
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.progression import after
from adapters.alanube.fake.records import WebhookTarget
from adapters.alanube.fake.webhook_courier import WebhookCourier
from adapters.alanube.fake.wire import TransportFault, WireAnswer, WireRequest

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LARGEST_READ = 4 * 1024 * 1024
DEMO_RUC = "155777777-2-2021"


class FakePacApp:
    """The ASGI application. ``transport_of`` finds a connection by its client; the server that runs the app sets it."""

    def __init__(
        self,
        engine: FakePacEngine,
        prepare: Preparation = nothing_to_prepare,
        clock: AdjustableClock | None = None,
    ) -> None:
        """``clock`` is what /_fake/clock/advance moves (None: the engine's own).

        ``prepare`` sets the engine up again after /_fake/reset.
        """
        self._engine = engine
        self._control = Control(engine, prepare, clock)
        self._courier: WebhookCourier | None = None
        self.transport_of: Callable[[object], asyncio.Transport | None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One HTTP request, or the life of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._courier = WebhookCourier(self._engine)
        delivering = asyncio.create_task(self._courier.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        request = await _read_request(scope, receive)
        if request.path.startswith(f"{CONTROL_PREFIX}/"):
            answer = self._control.handle(request)
        else:
            answer = self._engine.handle(request)
        if self._courier is not None:
            if answer.webhooks_first:
                await self._courier.deliver_due()
            self._courier.wake()
        await self._answer(answer, scope.get("client"), receive, send)

    async def _answer(self, answer: WireAnswer, client: object, receive: Receive, send: Send) -> None:
        match answer.transport:
            case TransportFault.NONE:
                await _send_whole(answer, send)
            case TransportFault.DRIP:
                await _drip(answer, receive, send)
            case TransportFault.CUT_MID_BODY:
                await _send_half(answer, send)
                await self._break_off(client, receive, flush=True)
            case TransportFault.HANG:
                await _gives_up_within(answer.hold_seconds, receive)
                await self._break_off(client, receive, flush=False)
            case _:
                await self._break_off(client, receive, flush=False)

    async def _break_off(self, client: object, receive: Receive, *, flush: bool) -> None:
        if self.transport_of is None:
            message = "this server cannot break a connection: run the app with FakePacServer"
            raise RuntimeError(message)
        transport = self.transport_of(client)
        if transport is None:
            return  # the client has gone by itself
        if flush:
            transport.close()
        else:
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            continue


class FakePacServer(uvicorn.Server):
    """uvicorn that lends its connections to the app and leaves signals to whoever runs it in process."""

    def __init__(self, app: FakePacApp, *, own_signals: bool) -> None:
        """``own_signals``: stop on SIGINT and SIGTERM (a process of its own)."""
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                log_level="warning",
                access_log=False,
                ws="none",
                http="h11",
                proxy_headers=False,
                timeout_graceful_shutdown=1,
            )
        )
        self.is_up = asyncio.Event()
        self._own_signals = own_signals
        app.transport_of = self._transport_of

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets=sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install handlers only in a process of our own."""
        if self._own_signals:
            with super().capture_signals():
                yield
        else:
            yield

    def _transport_of(self, client: object) -> asyncio.Transport | None:
        for connection in self.server_state.connections:
            if isinstance(connection, H11Protocol) and connection.client == client:
                return connection.transport
        return None


def build_fake_pac_app(
    engine: FakePacEngine,
    prepare: Preparation = nothing_to_prepare,
    clock: AdjustableClock | None = None,
) -> FakePacApp:
    """The ASGI application over an engine."""
    return FakePacApp(engine, prepare, clock)


@contextlib.asynccontextmanager
async def running_fake_pac(
    engine: FakePacEngine,
    clock: AdjustableClock | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    prepare: Preparation = nothing_to_prepare,
) -> AsyncIterator[str]:
    """Serve inside the running event loop; gives the base address. Port 0: a free one."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # whoever learns the address may connect at once
        base_url = f"http://{host}:{listener.getsockname()[1]}"
        engine.set_base_url(base_url)
        server = FakePacServer(build_fake_pac_app(engine, prepare, clock), own_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            is_up = asyncio.create_task(server.is_up.wait())
            await asyncio.wait({serving, is_up}, return_when=asyncio.FIRST_COMPLETED)
            is_up.cancel()
            yield base_url
        finally:
            server.should_exit = True
            await serving


def run_fake_pac(
    host: str,
    port: int,
    token: str = DEFAULT_TOKEN,
    *,
    company_id: str | None = None,
    ruc: str = DEMO_RUC,
    name: str = "Comercial Istmo, S.A.",
    environment: int = 2,
    webhook: WebhookTarget | None = None,
    dgi_seconds: float = 2.0,
    seed: int = 0,
    on_ready: Callable[[str, FakePacEngine], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, with one affiliated company that may emit.

    ``dgi_seconds`` is how long the DGI takes; ``on_ready`` gets the base address once the port is bound. Raises
    OSError when the port is taken, MalformedRucError for a bad RUC.
    """

    def prepare(engine: FakePacEngine) -> None:
        engine.set_progression(after(timedelta(seconds=dgi_seconds)))
        engine.register_company(
            ruc=ruc, name=name, token=token, company_id=company_id, environment=environment, webhook=webhook
        )

    engine = FakePacEngine(clock=OffsetClock(), seed=seed)
    prepare(engine)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # whoever learns the address may connect at once
        base_url = f"http://{host}:{listener.getsockname()[1]}"
        engine.set_base_url(base_url)
        if on_ready is not None:
            on_ready(base_url, engine)
        server = FakePacServer(build_fake_pac_app(engine, prepare), own_signals=True)
        server.run(sockets=[listener])


async def _read_request(scope: Message, receive: Receive) -> WireRequest:
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= LARGEST_READ:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
    return WireRequest(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=b"".join(chunks),
    )


async def _send_whole(answer: WireAnswer, send: Send) -> None:
    body = answer.body or b""
    await send(_start(answer, len(body)))
    await send({"type": "http.response.body", "body": body})


async def _send_half(answer: WireAnswer, send: Send) -> None:
    body = answer.body or b""
    await send(_start(answer, len(body)))
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _drip(answer: WireAnswer, receive: Receive, send: Send) -> None:
    body = answer.body or b""
    await send(_start(answer, len(body)))
    for place in range(len(body)):
        await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
        if await _gives_up_within(answer.hold_seconds, receive):
            return
    await send({"type": "http.response.body", "body": b""})


async def _gives_up_within(seconds: float, receive: Receive) -> bool:
    """Wait so long; True as soon as the client closes the connection."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                continue
    except TimeoutError:
        return False
    return True


def _start(answer: WireAnswer, length: int) -> Message:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(length).encode()))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}
