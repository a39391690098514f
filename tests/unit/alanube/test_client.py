"""The HTTP client against raw sockets: what is proven unsent, what is in doubt, and that no POST leaves twice."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.alanube.client import AlanubeClient
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.system_clock import SystemClock
from tests.unit.alanube.raw_server import Conversation, raw_server
from tests.unit.alanube.self_signed import self_signed

SECRET = "key-of-the-installation"
BODY = b'{"information": {}}'


def settings_for(url: str, **changes: Any) -> AlanubeSettings:
    named: dict[str, Any] = {
        "base_url": url,
        "token": SECRET,
        "connect_seconds": 2.0,
        "read_seconds": 5.0,
        "total_seconds": 5.0,
        "plain_http_hosts": frozenset({"127.0.0.1", "localhost"}),
    }
    return AlanubeSettings(**(named | changes))


@asynccontextmanager
async def client_of(url: str, **changes: Any) -> AsyncIterator[AlanubeClient]:
    client = AlanubeClient(settings_for(url, **changes), SystemClock())
    try:
        yield client
    finally:
        await client.aclose()


async def post(client: AlanubeClient, token: str | None = None) -> Outcome:
    return await client.send("POST", ("invoices",), token=token, query={"idCompany": "01C"}, body=BODY)


async def answer_all(conversation: Conversation) -> None:
    while await conversation.read_request() is not None:
        await conversation.answer(200, b'{"ok": true}')


async def test_a_request_names_company_key_and_exact_bytes() -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        outcome = await post(client)
        assert isinstance(outcome, Reply)
        assert (outcome.status, outcome.body, outcome.cut) == (200, b'{"ok": true}', None)
        request = server.requests[0]
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert head.startswith(b"POST /pan/v1/invoices?idCompany=01C HTTP/1.1\r\n")
    assert b"authorization: bearer " + SECRET.encode() in lines
    assert b"accept-encoding: identity" in lines
    assert b"content-type: application/json" in lines
    assert body == BODY


async def test_a_tenants_own_key_goes_before_the_installations() -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        await post(client, token="tenant-key")
        assert b"Bearer tenant-key" in server.requests[0]
        assert SECRET.encode() not in server.requests[0]


async def test_delete_carries_its_body() -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        await client.send("DELETE", ("invoices", "01A"), token=None, body=b'{"reason": "x"}')
        assert server.requests[0].startswith(b"DELETE /pan/v1/invoices/01A HTTP/1.1")
        assert server.requests[0].endswith(b'{"reason": "x"}')


async def test_path_segments_cannot_leave_their_place() -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        await client.send("GET", ("invoices", "../companies?x=1#y"), token=None)
        assert server.requests[0].startswith(b"GET /pan/v1/invoices/..%2Fcompanies%3Fx%3D1%23y HTTP/1.1")


async def test_connections_are_kept_and_cookies_are_not() -> None:
    async def with_cookie(conversation: Conversation) -> None:
        while await conversation.read_request() is not None:
            await conversation.answer(200, b"{}", "set-cookie: session=of-tenant-a; path=/")

    async with raw_server(with_cookie) as server, client_of(server.url) as client:
        for _ in range(3):
            await post(client)
        assert server.connections == 1
        assert all(b"cookie" not in request.lower() for request in server.requests)


async def test_a_refused_connection_is_proven_unsent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    async with client_of(f"http://127.0.0.1:{port}") as client:
        outcome = await post(client)
    assert isinstance(outcome, Silence)
    assert not outcome.left


async def test_a_name_that_does_not_exist_is_proven_unsent() -> None:
    async with client_of("https://nowhere.invalid") as client:
        outcome = await post(client)
    assert isinstance(outcome, Silence)
    assert not outcome.left


async def test_a_certificate_of_nobody_is_proven_unsent(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "127.0.0.1")
    async with raw_server(answer_all, tls=certificate.server) as server:
        async with client_of(server.url.replace("http:", "https:")) as client:
            outcome = await post(client)
        assert server.requests == []
    assert isinstance(outcome, Silence)
    assert not outcome.left


async def test_a_tls_handshake_that_never_ends_is_proven_unsent() -> None:
    async def mute(conversation: Conversation) -> None:
        await conversation.reader.read()

    async with (
        raw_server(mute) as server,
        client_of(server.url.replace("http:", "https:"), connect_seconds=0.2) as client,
    ):
        outcome = await post(client)
    assert isinstance(outcome, Silence)
    assert "ConnectTimeout" in outcome.reason
    assert not outcome.left


async def test_a_full_pool_is_proven_unsent() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(conversation: Conversation) -> None:
        await conversation.read_request()
        entered.set()
        await leave.wait()
        await conversation.answer(200, b"{}")

    async with (
        raw_server(slow) as server,
        client_of(server.url, connections_max=1, connect_seconds=0.2) as client,
    ):
        first = asyncio.create_task(post(client))
        await entered.wait()
        outcome = await post(client)
        leave.set()
        assert isinstance(await first, Reply)
        assert len(server.requests) == 1
    assert isinstance(outcome, Silence)
    assert not outcome.left


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ñ", "x" * 9000])
async def test_a_key_that_is_no_header_never_leaves(token: str) -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        outcome = await post(client, token=token)
        assert server.requests == []
    assert isinstance(outcome, Silence)
    assert not outcome.left


async def test_silence_after_the_request_is_in_doubt() -> None:
    async def close_without_answer(conversation: Conversation) -> None:
        await conversation.read_request()

    async with raw_server(close_without_answer) as server, client_of(server.url) as client:
        outcome = await post(client)
        assert len(server.requests) == 1
    assert isinstance(outcome, Silence)
    assert outcome.left


async def test_a_read_that_takes_too_long_is_in_doubt() -> None:
    async def hang(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.reader.read()

    async with raw_server(hang) as server, client_of(server.url, read_seconds=0.2) as client:
        outcome = await post(client)
    assert isinstance(outcome, Silence)
    assert outcome.left
    assert "ReadTimeout" in outcome.reason


async def test_a_drip_hits_the_total_deadline_and_keeps_what_came() -> None:
    async def drip(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b"{", announce=1000)
        while True:
            await asyncio.sleep(0.05)
            await conversation.send(b" ")

    async with raw_server(drip) as server, client_of(server.url, total_seconds=0.4, read_seconds=0.3) as client:
        outcome = await post(client)
    assert isinstance(outcome, Reply)
    assert outcome.status == 200
    assert outcome.body.startswith(b"{")
    assert outcome.cut == "the total deadline passed"


async def test_a_cut_body_is_kept_and_marked() -> None:
    async def cut(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b'{"document": {"id"', announce=500)

    async with raw_server(cut) as server, client_of(server.url) as client:
        outcome = await post(client)
    assert isinstance(outcome, Reply)
    assert outcome.body == b'{"document": {"id"'
    assert outcome.cut is not None


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_an_endless_answer_is_cut_at_the_limit(is_chunked: bool) -> None:
    async def flood(conversation: Conversation) -> None:
        await conversation.read_request()
        head = "transfer-encoding: chunked" if is_chunked else "content-length: 99999999999"
        await conversation.send(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        block = b"x" * 4096
        while True:
            await conversation.send(b"1000\r\n" + block + b"\r\n" if is_chunked else block)

    async with raw_server(flood) as server, client_of(server.url, response_bytes_max=10_000) as client:
        outcome = await post(client)
    assert isinstance(outcome, Reply)
    assert len(outcome.body) == 10_000
    assert outcome.cut == "the answer is larger than 10000 bytes"


async def test_a_compressed_answer_is_not_unpacked() -> None:
    async def bomb(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b"\x1f\x8b\x08bomb", "content-encoding: gzip")

    async with raw_server(bomb) as server, client_of(server.url) as client:
        outcome = await post(client)
    assert isinstance(outcome, Reply)
    assert outcome.body == b"\x1f\x8b\x08bomb"
    assert outcome.cut is not None
    assert "gzip" in outcome.cut


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_post_is_an_answer_and_nothing_more(status: int) -> None:
    async def redirect(conversation: Conversation) -> None:
        while await conversation.read_request() is not None:
            await conversation.answer(status, b"", f"location: http://127.0.0.1:{conversation.server.port}/elsewhere")

    async with raw_server(redirect) as server, client_of(server.url) as client:
        outcome = await post(client)
        assert len(server.requests) == 1
    assert isinstance(outcome, Reply)
    assert outcome.status == status


async def test_a_connection_that_the_server_closed_while_idle_is_not_used_again() -> None:
    closed = asyncio.Event()

    async def one_answer_each(conversation: Conversation) -> None:
        if await conversation.read_request() is not None:
            await conversation.answer(200, b"{}")
        conversation.writer.close()
        await conversation.writer.wait_closed()
        closed.set()

    async with raw_server(one_answer_each) as server, client_of(server.url) as client:
        for number in range(1, 4):
            assert isinstance(await post(client), Reply)
            await closed.wait()
            closed.clear()
            assert len(server.requests) == number
        assert server.connections == 3


async def test_a_post_on_a_connection_that_dies_under_it_is_in_doubt_and_leaves_once() -> None:
    """The server keeps the connection after one answer and resets it as soon as the next request begins to arrive."""

    async def dies_on_second(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b"{}")
        await conversation.reader.readexactly(1)
        conversation.server.requests.append(b"began")
        transport = conversation.writer.transport
        transport.abort()

    async with raw_server(dies_on_second) as server, client_of(server.url) as client:
        assert isinstance(await post(client), Reply)
        outcome = await post(client)
        assert server.connections == 1
        assert server.requests.count(b"began") == 1
    assert isinstance(outcome, Silence)
    assert outcome.left


async def test_a_post_that_never_reached_a_closing_server_is_still_in_doubt() -> None:
    """The close and our bytes cross on the wire: nothing proves that the server read nothing, so we do not say so."""
    outcome = await _post_with(httpx.WriteError("broken pipe"), ["http11.send_request_headers.started"])
    assert isinstance(outcome, Silence)
    assert outcome.left


async def test_the_deadline_before_a_connection_is_proven_unsent_and_after_it_is_not() -> None:
    before = await _post_with(TimeoutError(), ["connection.connect_tcp.started"])
    after = await _post_with(TimeoutError(), ["connection.connect_tcp.started", "http11.send_request_headers.started"])
    unknown = await _post_with(TimeoutError(), [])
    assert isinstance(before, Silence)
    assert not before.left
    assert isinstance(after, Silence)
    assert after.left
    assert isinstance(unknown, Silence)
    assert unknown.left


@pytest.mark.parametrize("error", [ssl.SSLError("bad record"), ValueError("a bug"), httpx.ReadError("reset")])
async def test_whatever_breaks_is_told_as_a_value(error: Exception) -> None:
    outcome = await _post_with(error, ["http11.send_request_headers.started"])
    assert isinstance(outcome, Silence)
    assert outcome.left
    assert SECRET not in outcome.reason


async def _post_with(error: Exception, events: list[str]) -> Outcome:
    class Failing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            for event in events:
                await request.extensions["trace"](event, {})
            raise error

    client = AlanubeClient(settings_for("http://127.0.0.1:1"), SystemClock(), transport=Failing())
    return await post(client)


async def test_a_caller_that_gives_up_is_not_answered_for() -> None:
    entered = asyncio.Event()

    async def hang(conversation: Conversation) -> None:
        await conversation.read_request()
        entered.set()
        await conversation.reader.read()

    async with raw_server(hang) as server, client_of(server.url) as client:
        task = asyncio.create_task(post(client))
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(server.requests) == 1


async def test_a_proxy_of_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        assert isinstance(await post(client), Reply)


async def test_a_shared_client_serves_many_at_once() -> None:
    async with raw_server(answer_all) as server, client_of(server.url) as client:
        outcomes = await asyncio.gather(*(post(client) for _ in range(40)))
        assert all(isinstance(outcome, Reply) for outcome in outcomes)
        assert len(server.requests) == 40
        assert server.connections <= 40


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "api.example.com"},
        {"base_url": "https://api.example.com/pan/v1"},
        {"base_url": "https://user:pass@api.example.com"},
        {"base_url": "http://api.example.com"},
        {"base_url": "ftp://api.example.com"},
        {"total_seconds": 0.0},
        {"response_bytes_max": -1},
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"PAC|plain http"):
        settings_for(**({"url": "https://api.example.com"} | _as_arguments(changes)))


def _as_arguments(changes: dict[str, Any]) -> dict[str, Any]:
    return {("url" if name == "base_url" else name): value for name, value in changes.items()}


def test_the_key_never_shows() -> None:
    assert SECRET not in repr(settings_for("https://api.example.com"))
