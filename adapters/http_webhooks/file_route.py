"""GET /files, /cafe and /bundles, each with a token: a document's file, its printed form, or a ZIP of a month or of
evidence, for whoever holds a link that is not old."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from adapters.http_webhooks.answers import SECURITY_HEADERS, failure_answer, incident_answer
from core.errors import IstmoError
from core.use_cases.download_file import DownloadFile
from core.use_cases.offer_bundle import OpenBundle
from core.use_cases.render_cafe import RenderCafe

_UNSAFE = re.compile(r"[^0-9A-Za-z._-]", re.ASCII)
_NAME_MAX = 120
_BUNDLE = "zip"
_MEDIA_TYPES = {  # by the extension under which it is served
    "pdf": "application/pdf",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    _BUNDLE: "application/zip",
}
_VIEWER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SHOWN = frozenset({"pdf"})  # anything else is saved: a browser must never render foreign markup


def build_file_handlers(
    download_file: DownloadFile, render_cafe: RenderCafe, open_bundle: OpenBundle
) -> list[HTTPRouteHandler]:
    """The route handlers of downloads. The token is the only credential and names one file of one taxpayer."""

    @get("/files/{token:str}", include_in_schema=False)
    async def file(token: FromPath[str]) -> Response[bytes]:
        async def serve() -> Response[bytes]:
            opened = await download_file(token)
            return _served(opened.content, opened.kind.value.lower(), opened.file_name)

        return await _answered(serve, route="files")

    @get("/cafe/{token:str}", include_in_schema=False)
    async def cafe(token: FromPath[str]) -> Response[bytes]:
        async def serve() -> Response[bytes]:
            rendered = await render_cafe(token)
            return _served(rendered.content, "pdf", rendered.file_name)

        return await _answered(serve, route="cafe")

    @get("/bundles/{token:str}", include_in_schema=False)
    async def bundle(token: FromPath[str]) -> Response[bytes]:
        async def serve() -> Response[bytes]:
            opened = await open_bundle(token)
            return _served(opened.content, _BUNDLE, opened.file_name)

        return await _answered(serve, route="bundles")

    return [file, cafe, bundle]


async def _answered(serve: Callable[[], Awaitable[Response[bytes]]], *, route: str) -> Response[bytes]:
    try:
        return await serve()
    except IstmoError as error:
        return failure_answer(error)
    except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
        return incident_answer(error, route=route)


def _served(content: bytes, extension: str, file_name: str) -> Response[bytes]:
    disposition = "inline" if extension in _SHOWN else "attachment"
    return Response(
        content=content,
        media_type=_MEDIA_TYPES[extension],
        headers=dict(SECURITY_HEADERS)
        | {
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": _VIEWER_POLICY,
            "Content-Disposition": f"{disposition}; {_file_name(file_name, extension)}",
        },
    )


def _file_name(file_name: str, extension: str) -> str:
    """A name without path, quotes or control characters, in the plain and in the encoded form."""
    ending = f".{extension}"
    stem = file_name.replace("\\", "/").rpartition("/")[2].removesuffix(ending)
    safe = _UNSAFE.sub("_", stem)[:_NAME_MAX].strip("._") or "document"
    return f"filename=\"{safe}{ending}\"; filename*=UTF-8''{quote(safe + ending)}"
