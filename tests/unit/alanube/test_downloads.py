"""A file server that misbehaves: nothing is followed, unpacked, believed or read without a limit."""

import asyncio
import gzip
from pathlib import Path

import pytest

from adapters.alanube.downloads import FileDownloader
from core.ports.pac_gateway import DownloadAnswer, Downloaded, DownloadFailed
from tests.unit.alanube.download_samples import PDF, XML, Answers, downloader, from_loopback, settings_for
from tests.unit.alanube.raw_server import Conversation, raw_server
from tests.unit.alanube.self_signed import self_signed


async def test_the_connection_goes_to_the_address_that_was_checked_with_the_name_and_no_key() -> None:
    async def serve(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, PDF, "content-disposition: attachment; filename=../../etc/passwd")

    resolver = Answers(("127.0.0.1",), ("10.0.0.1",))
    async with (
        raw_server(serve) as server,
        downloader(resolver, plain_http_hosts=frozenset({"fake-pac"})) as files,
    ):
        answer = await files.pdf(f"http://fake-pac:{server.port}/a.pdf?sig=x%2Fy")
        head = server.requests[0].lower()
    assert answer == Downloaded(content=PDF)
    assert len(resolver.asked) == 1
    assert head.startswith(b"get /a.pdf?sig=x%2fy http/1.1")
    assert f"host: fake-pac:{server.port}".encode() in head
    assert b"authorization" not in head
    assert b"secret-key" not in head
    assert b"accept-encoding: identity" in head


async def test_the_certificate_must_be_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    async def serve(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, PDF)

    async def fetch(named: str) -> DownloadAnswer:
        certificate = self_signed(tmp_path, named)
        async with raw_server(serve, tls=certificate.server) as server:
            files = FileDownloader(
                settings_for(plain_http_hosts=frozenset({"files.example.com"})),
                resolver=Answers(("127.0.0.1",)),
                tls=certificate.client,
            )
            answer = await files.pdf(f"https://files.example.com:{server.port}/a.pdf")
            await files.aclose()
            return answer

    assert await fetch("files.example.com") == Downloaded(content=PDF)
    failed = await fetch("127.0.0.1")
    assert isinstance(failed, DownloadFailed)
    assert not failed.is_refused


async def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    async def serve(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, PDF)

    async with (
        raw_server(serve) as server,
        downloader(Answers(("127.0.0.2", "127.0.0.1")), plain_http_hosts=frozenset({"fake-pac"})) as files,
    ):
        assert await files.pdf(f"http://fake-pac:{server.port}/") == Downloaded(content=PDF)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("location", ["http://169.254.169.254/", "https://files.example.com/", "/a.pdf"])
async def test_no_redirect_is_followed(status: int, location: str) -> None:
    async def redirect(conversation: Conversation) -> None:
        while await conversation.read_request() is not None:
            await conversation.answer(status, b"", f"location: {location}")

    async with raw_server(redirect) as server:
        answer = await from_loopback(server)
        assert len(server.requests) == 1
    assert answer == DownloadFailed(reason="the address redirects elsewhere", is_refused=True)


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503, 204])
async def test_a_file_that_is_not_served_may_be_asked_for_again(status: int) -> None:
    async def refuse(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(status, b"")

    async with raw_server(refuse) as server:
        answer = await from_loopback(server)
    assert answer == DownloadFailed(reason=f"the file server answered {status}", is_refused=False)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(b"%PDF-" + b"0" * 100_000), ("content-encoding: gzip",)),
        (b"\x28\xb5\x2f\xfd", ("content-encoding: zstd",)),
        (PDF, ("content-encoding: br",)),
    ],
)
async def test_nothing_is_unpacked(body: bytes, headers: tuple[str, ...]) -> None:
    async def packed(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, body, *headers)

    async with raw_server(packed) as server:
        answer = await from_loopback(server)
    assert answer == DownloadFailed(reason="the file is compressed, though identity was asked for", is_refused=True)


@pytest.mark.parametrize("is_chunked", [True, False])
async def test_an_endless_file_is_refused_at_the_limit(is_chunked: bool) -> None:
    async def flood(conversation: Conversation) -> None:
        await conversation.read_request()
        head = "transfer-encoding: chunked" if is_chunked else "connection: close"
        await conversation.send(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        while True:
            await conversation.send(b"1000\r\n" + b"%" * 4096 + b"\r\n" if is_chunked else b"%" * 4096)

    async with raw_server(flood) as server:
        answer = await from_loopback(server, download_bytes_max=50_000)
    assert answer == DownloadFailed(reason="the file is larger than 50000 bytes", is_refused=True)


async def test_a_file_that_announces_too_much_is_refused_unread() -> None:
    async def announce(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b"%PDF-", announce=10 * 1024**3)
        await asyncio.Event().wait()

    async with raw_server(announce) as server:
        answer = await from_loopback(server)
    assert isinstance(answer, DownloadFailed)
    assert answer.is_refused


async def test_a_file_that_drips_hits_the_deadline() -> None:
    async def drip(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, b"%PDF-", announce=1000)
        while True:
            await asyncio.sleep(0.05)
            await conversation.send(b"x")

    async with raw_server(drip) as server:
        answer = await from_loopback(server, download_seconds=0.4)
    assert answer == DownloadFailed(reason="the file did not come (TimeoutError)")


async def test_a_file_that_is_cut_off_is_not_taken() -> None:
    async def cut(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, PDF[:-10], announce=len(PDF))

    async with raw_server(cut) as server:
        answer = await from_loopback(server)
    assert isinstance(answer, DownloadFailed)
    assert not answer.is_refused


async def test_a_name_that_does_not_resolve_may_be_asked_again() -> None:
    async def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise OSError("Name or service not known")

    async with downloader(unknown) as files:
        answer = await files.pdf("https://files.example.com/a.pdf")
    assert answer == DownloadFailed(reason="the file did not come (OSError)")


async def test_xml_comes_through_the_same_rules() -> None:
    async def serve(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(200, XML)

    async with raw_server(serve) as server:
        assert await from_loopback(server, "/a.xml", kind="xml") == Downloaded(content=XML)
    async with raw_server(serve) as server:
        assert await from_loopback(server, "/a.xml") == DownloadFailed(reason="the file is no PDF", is_refused=True)
