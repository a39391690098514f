"""GET /explorer: a page to try the API with. Everything on it comes from this server; it needs no network beyond it."""

from importlib.resources import files

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

_MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
EXPLORER_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE = "index.html"


def explorer_assets() -> dict[str, tuple[str, bytes]]:
    """Every file of the page by its name, with its media type. Raises KeyError for a kind of file that has none."""
    folder = files("adapters.graphql") / "explorer"
    return {
        entry.name: (_MEDIA_TYPES[f".{entry.name.rpartition('.')[2]}"], entry.read_bytes())
        for entry in folder.iterdir()
    }


def build_explorer_handlers() -> list[HTTPRouteHandler]:
    """The page at /explorer and its files below. It holds no secret: the caller brings the API key."""
    assets = explorer_assets()

    def answer(name: str) -> Response[bytes]:
        media_type, content = assets[name]
        return Response(content=content, media_type=media_type, headers=EXPLORER_HEADERS)

    @get("/explorer", include_in_schema=False)
    async def explorer() -> Response[bytes]:
        return answer(PAGE)

    @get("/explorer/{name:str}", include_in_schema=False)
    async def asset(name: FromPath[str]) -> Response[bytes]:
        if name not in assets:
            return Response(content=b"", status_code=404, headers=EXPLORER_HEADERS)
        return answer(name)

    return [explorer, asset]
