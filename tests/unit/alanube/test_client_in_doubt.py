"""The HTTP client when a connection breaks: what stays in doubt, and that no POST leaves twice."""

import asyncio
import ssl

import httpx
import pytest

from adapters.alanube.client import AlanubeClient
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.scheduler.system_clock import SystemClock
from tests.unit.alanube.client_samples import SECRET, client_of, post, settings_for
from tests.unit.alanube.raw_server import Conversation, raw_server


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
