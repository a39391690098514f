"""A file's address comes from the PAC and counts as hostile: every attack is refused before or without harm."""

import asyncio
import gzip
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.alanube.addresses import RefusedAddressError, check_resolved, check_url, is_public
from adapters.alanube.downloads import FileDownloader, Resolver
from adapters.alanube.files import why_no_pdf, why_no_xml
from adapters.alanube.settings import AlanubeSettings
from core.ports.pac_gateway import DownloadAnswer, Downloaded, DownloadFailed
from tests.unit.alanube.raw_server import Conversation, RawServer, raw_server
from tests.unit.alanube.self_signed import self_signed

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
XML = b'<?xml version="1.0" encoding="UTF-8"?><rFE><dId>FE01</dId></rFE>'
ALLOWED = frozenset({"files.example.com", ".cdn.example.net"})


def settings_for(**changes: Any) -> AlanubeSettings:
    named: dict[str, Any] = {
        "base_url": "https://api.example.com",
        "token": "secret-key",
        "connect_seconds": 2.0,
        "read_seconds": 2.0,
        "download_seconds": 5.0,
        "allowed_download_hosts": ALLOWED,
    }
    return AlanubeSettings(**(named | changes))


class Answers:
    """A name server that gives one answer after the other and counts the questions."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.asked: list[tuple[str, int]] = []
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append((host, port))
        return self._answers.pop(0)


@asynccontextmanager
async def downloader(resolver: Resolver, **changes: Any) -> AsyncIterator[FileDownloader]:
    made = FileDownloader(settings_for(**changes), resolver=resolver)
    try:
        yield made
    finally:
        await made.aclose()


async def from_loopback(
    server: RawServer, path: str = "/a.pdf", *, kind: str = "pdf", **changes: Any
) -> DownloadAnswer:
    """Download over plain http from a host that the operator named."""
    named = {"plain_http_hosts": frozenset({"fake-pac"})} | changes
    async with downloader(Answers(("127.0.0.1",)), **named) as files:
        url = f"http://fake-pac:{server.port}{path}"
        return await (files.pdf(url) if kind == "pdf" else files.xml(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.com/a.pdf",
        "file:///etc/passwd",
        "gopher://files.example.com/",
        "ftp://files.example.com/a.pdf",
        "data:application/pdf,%25PDF-",
        "//files.example.com/a.pdf",
        "files.example.com/a.pdf",
        "",
        "https://",
        "https:///a.pdf",
        "https://127.0.0.1/a.pdf",
        "https://0.0.0.0/a.pdf",
        "https://[::1]/a.pdf",
        "https://[::ffff:127.0.0.1]/a.pdf",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a.pdf",
        "https://0x7f000001/a.pdf",
        "https://0177.0.0.1/a.pdf",
        "https://127.1/a.pdf",
        "https://10.0.0.1/a.pdf",
        "https://localhost/a.pdf",
        "https://other.example.com/a.pdf",
        "https://files.example.com.evil.example/a.pdf",
        "https://evilfiles.example.com/a.pdf",
        "https://cdn.example.net/a.pdf",
        "https://evilcdn.example.net/a.pdf",
        "https://files.example.com@evil.example/a.pdf",
        "https://user:password@files.example.com/a.pdf",
        "https://@files.example.com/a.pdf",
        "https://files.example.com:22/a.pdf",
        "https://files.example.com:6379/a.pdf",
        "https://files.example.com:99999/a.pdf",
        "https://files.example.com:x/a.pdf",
        "https://files.example.com\\@evil.example/a.pdf",
        "https://files.example.com/a b.pdf",
        "https://files.example.com/\r\nHost: evil.example",
        "https://files.example.com/\x00",
        "https://fílés.example.com/a.pdf",
        "https://[files.example.com]/a.pdf",
        "https://files.example.com/" + "a" * 5000,
    ],
)
async def test_an_address_that_breaks_a_rule_is_refused_before_any_name_is_resolved(url: str) -> None:
    resolver = Answers()
    async with downloader(resolver) as files:
        answer = await files.pdf(url)
    assert isinstance(answer, DownloadFailed)
    assert answer.is_refused
    assert resolver.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/a.pdf?X-Signature=abc%2F1",
        "https://FILES.example.com:443/a.pdf",
        "https://files.example.com./a.pdf",
        "https://eu.cdn.example.net/a.pdf",
    ],
)
def test_an_allowed_address_passes(url: str) -> None:
    target = check_url(url, allowed_hosts=ALLOWED, plain_http_hosts=frozenset())
    assert (target.scheme, target.port, target.is_exempt) == ("https", 443, False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 - to be refused
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "fd00::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "not an address",
    ],
)
async def test_an_allowed_name_that_resolves_inside_is_refused(address: str) -> None:
    async with downloader(Answers((address,))) as files:
        answer = await files.pdf("https://files.example.com/a.pdf")
    assert isinstance(answer, DownloadFailed)
    assert answer.is_refused


async def test_one_private_address_among_public_ones_condemns_the_name() -> None:
    async with downloader(Answers(("93.184.216.34", "10.0.0.1"))) as files:
        answer = await files.pdf("https://files.example.com/a.pdf")
    assert answer == DownloadFailed(reason="the host resolves to an address that is not public", is_refused=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address: str) -> None:
    target = check_url("https://files.example.com/", allowed_hosts=ALLOWED, plain_http_hosts=frozenset())
    assert check_resolved(target, (address,)) == (address,)


@pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "fe80::1", "::"])
def test_even_a_host_that_the_operator_named_reaches_no_metadata_service(address: str) -> None:
    target = check_url("http://fake-pac/", allowed_hosts=frozenset(), plain_http_hosts=frozenset({"fake-pac"}))
    with pytest.raises(RefusedAddressError):
        check_resolved(target, (address,))


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


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PDF, None),
        (PDF + b"\r\n", None),
        (b"", "the file is no PDF"),
        (b"%PDF-", "the PDF is cut off"),
        (PDF[: len(PDF) // 2], "the PDF is cut off"),
        (PDF + b"x" * 2000, "the PDF is cut off"),
        (b"<!doctype html>" + PDF, "the file is no PDF"),
        (b" " + PDF, "the file is no PDF"),
        (b"GIF89a" + PDF, "the file is no PDF"),
        (b"PK\x03\x04" + PDF, "the file is no PDF"),
    ],
)
def test_a_pdf_begins_and_ends_as_one(content: bytes, problem: str | None) -> None:
    assert why_no_pdf(content) == problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (XML, None),
        (b"\xef\xbb\xbf" + XML + b"\n", None),
        (b"<rFE/>", None),
        (b"", "the file is no XML"),
        (b"{}", "the file is no XML"),
        (PDF, "the file is no XML"),
        (XML.decode().encode("utf-16"), "the file is no XML"),
        (XML[:-3], "the XML is cut off"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "the XML has a document type, entities or HTML"),
        (b"<?xml version='1.0'?><!doctype r><r/>", "the XML has a document type, entities or HTML"),
        (b"<html><body/></html>", "the XML has a document type, entities or HTML"),
    ],
)
def test_an_xml_begins_and_ends_as_one_and_declares_nothing(content: bytes, problem: str | None) -> None:
    assert why_no_xml(content) == problem


def test_notations_that_hide_an_address_are_seen_through() -> None:
    assert not is_public(ipaddress.ip_address("::ffff:192.168.0.1"))
    assert is_public(ipaddress.ip_address("::ffff:93.184.216.34"))
