"""The HTTP client against raw sockets: what a request carries, and what is proven never to have left."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from adapters.alanube.replies import Reply, Silence
from tests.unit.alanube.client_samples import BODY, SECRET, answer_all, client_of, post, settings_for
from tests.unit.alanube.raw_server import Conversation, raw_server
from tests.unit.alanube.self_signed import self_signed


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
