"""GET /files/{token} and /cafe/{token}: a document's file or printed form, for whoever holds a link that is not old."""

import re
from urllib.parse import quote

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from adapters.http_webhooks.answers import SECURITY_HEADERS, failure_answer, incident_answer
from core.documents import FileKind
from core.errors import IstmoError
from core.use_cases.download_file import DownloadFile
from core.use_cases.render_cafe import RenderCafe

_UNSAFE = re.compile(r"[^0-9A-Za-z._-]", re.ASCII)
_NAME_MAX = 120
_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XML: "application/xml",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
_VIEWER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SHOWN = frozenset({FileKind.PDF})  # anything else is saved: a browser must never render foreign markup


def build_file_handlers(download_file: DownloadFile, render_cafe: RenderCafe) -> list[HTTPRouteHandler]:
    """The route handlers of downloads. The token is the only credential and names one file of one document."""

    @get("/files/{token:str}", include_in_schema=False)
    async def file(token: FromPath[str]) -> Response[bytes]:
        try:
            opened = await download_file(token)
        except IstmoError as error:
            return failure_answer(error)
        except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
            return incident_answer(error, route="files")
        return _served(opened.content, opened.kind, opened.file_name)

    @get("/cafe/{token:str}", include_in_schema=False)
    async def cafe(token: FromPath[str]) -> Response[bytes]:
        try:
            rendered = await render_cafe(token)
        except IstmoError as error:
            return failure_answer(error)
        except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
            return incident_answer(error, route="cafe")
        return _served(rendered.content, FileKind.PDF, rendered.file_name)

    return [file, cafe]


def _served(content: bytes, kind: FileKind, file_name: str) -> Response[bytes]:
    return Response(
        content=content,
        media_type=_MEDIA_TYPES[kind],
        headers=dict(SECURITY_HEADERS)
        | {
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": _VIEWER_POLICY,
            "Content-Disposition": f"{'inline' if kind in _SHOWN else 'attachment'}; {_file_name(file_name, kind)}",
        },
    )


def _file_name(file_name: str, kind: FileKind) -> str:
    """A name without path, quotes or control characters, in the plain and in the encoded form."""
    extension = f".{kind.value.lower()}"
    stem = file_name.replace("\\", "/").rpartition("/")[2].removesuffix(extension)
    safe = _UNSAFE.sub("_", stem)[:_NAME_MAX].strip("._") or "document"
    return f"filename=\"{safe}{extension}\"; filename*=UTF-8''{quote(safe + extension)}"
