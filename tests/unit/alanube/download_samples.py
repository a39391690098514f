"""A downloader whose names a test resolves, and small files of each kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.alanube.downloads import FileDownloader, Resolver
from adapters.alanube.settings import AlanubeSettings
from core.ports.pac_gateway import DownloadAnswer
from tests.unit.alanube.raw_server import RawServer

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
