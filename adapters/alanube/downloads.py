"""Fetches a file from an address that the PAC gave, under rules that assume that the address is hostile.

The name is resolved once and the connection goes to the address that was checked, with the name as SNI and Host, so
that a second answer of the name server changes nothing. No redirect is followed, no credential is sent, no cookie is
kept, nothing is decompressed, and the size has a limit. The server names no file.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import httpx

from adapters.alanube.addresses import DownloadTarget, RefusedAddressError, check_resolved, check_url
from adapters.alanube.client import raw_chunks
from adapters.alanube.files import why_no_pdf, why_no_xml
from adapters.alanube.settings import AlanubeSettings
from core.ports.pac_gateway import DownloadAnswer, Downloaded, DownloadFailed

ADDRESSES_TRIED_MAX = 3

Resolver = Callable[[str, int], Awaitable[tuple[str, ...]]]
Judge = Callable[[bytes], str | None]


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """All addresses of a host name, each once, in the order of preference. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class FileDownloader:
    """Downloads PDF and XML. Raises nothing but CancelledError."""

    def __init__(
        self,
        settings: AlanubeSettings,
        *,
        resolver: Resolver = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """No connection is kept: one opened for one name must not serve another at the same address."""
        self._settings = settings
        self._resolve = resolver
        self._transport = transport or httpx.AsyncHTTPTransport(
            verify=tls or True,
            trust_env=False,
            retries=0,
            limits=httpx.Limits(max_connections=settings.connections_max, max_keepalive_connections=0),
        )

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def pdf(self, url: str) -> DownloadAnswer:
        """The bytes of a PDF."""
        return await self._download(url, why_no_pdf, "application/pdf")

    async def xml(self, url: str) -> DownloadAnswer:
        """The bytes of an XML."""
        return await self._download(url, why_no_xml, "application/xml")

    async def _download(self, url: str, why_not: Judge, accept: str) -> DownloadAnswer:
        try:
            async with asyncio.timeout(self._settings.download_seconds):
                target = check_url(
                    url,
                    allowed_hosts=self._settings.allowed_download_hosts,
                    plain_http_hosts=self._settings.plain_http_hosts,
                )
                addresses = check_resolved(target, await self._resolve(target.host, target.port))
                content = await self._fetch_from_any(target, addresses, accept)
        except RefusedAddressError as refusal:
            return DownloadFailed(reason=str(refusal), is_refused=True)
        except _NotServedError as failure:
            return DownloadFailed(reason=str(failure))
        except Exception as error:  # noqa: BLE001 - the port promises a value for whatever the network does
            return DownloadFailed(reason=f"the file did not come ({type(error).__name__})")
        problem = why_not(content)
        return Downloaded(content=content) if problem is None else DownloadFailed(reason=problem, is_refused=True)

    async def _fetch_from_any(self, target: DownloadTarget, addresses: tuple[str, ...], accept: str) -> bytes:
        *others, last = addresses[:ADDRESSES_TRIED_MAX]
        for address in others:
            try:
                return await self._fetch(target, address, accept)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._fetch(target, last, accept)

    async def _fetch(self, target: DownloadTarget, address: str, accept: str) -> bytes:
        settings = self._settings
        timeout = httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds)
        literal = f"[{address}]" if ":" in address else address
        default_port = 443 if target.scheme == "https" else 80
        request = httpx.Request(
            "GET",
            f"{target.scheme}://{literal}:{target.port}{target.path_and_query}",
            headers={
                "Host": target.host if target.port == default_port else f"{target.host}:{target.port}",
                "Accept": accept,
                "Accept-Encoding": "identity",
                "User-Agent": "istmo",
            },
            extensions={"timeout": timeout.as_dict(), "sni_hostname": target.host},
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            _check_response(response, settings.download_bytes_max)
            return await _read_within(response, settings.download_bytes_max)
        finally:
            await response.aclose()


class _NotServedError(Exception):
    """The server did not serve the file; asking again later may help."""


def _check_response(response: httpx.Response, limit: int) -> None:
    if 300 <= response.status_code <= 399:
        raise RefusedAddressError("the address redirects elsewhere")
    if response.status_code != 200:
        raise _NotServedError(f"the file server answered {response.status_code}")
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise RefusedAddressError("the file is compressed, though identity was asked for")
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) <= 18 and int(announced) > limit:
        raise RefusedAddressError(f"the file is larger than {limit} bytes")


async def _read_within(response: httpx.Response, limit: int) -> bytes:
    content = bytearray()
    async with aclosing(raw_chunks(response)) as chunks:
        async for chunk in chunks:
            content += chunk
            if len(content) > limit:
                raise RefusedAddressError(f"the file is larger than {limit} bytes")
    return bytes(content)
