"""Who a RUC belongs to, and the DGI's catalogues."""

from collections.abc import Awaitable, Callable
from typing import Any

from ariadne import ObjectType

from adapters.graphql.cursors import PAGE_MAX, read_cursor, read_first, write_cursor
from adapters.graphql.permissions import RootResolver
from adapters.graphql.request_context import Info
from core.catalogues import CatalogueKind, search
from core.codes import RucType
from core.failures import MalformedPageError
from core.use_cases.ask_registry import RucAnswer

CURSOR = "catalogue"
SEARCH_MAX = 100


async def _verify_ruc(_root: object, info: Info, *, ruc: str, type: RucType) -> RucAnswer:  # noqa: A002
    context = info.context
    return await context.operations.verify_ruc(context.caller.tenant_id, ruc, type)


def _catalogue(kind: CatalogueKind) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def resolve(
        _root: object,
        info: Info,
        *,
        first: int,
        after: str | None = None,
        search: str | None = None,
    ) -> dict[str, Any]:
        context = info.context
        limit, start = read_first(first), _start(after)
        read = await context.operations.read_catalogue(context.caller.tenant_id, kind)
        return _page(read.catalogue, search or "", limit, start) | {
            "fetched_at": read.catalogue.fetched_at,
            "is_stale": read.is_stale,
        }

    return resolve


def _page(catalogue: Any, wanted: str, limit: int, start: int) -> dict[str, Any]:
    found = search(catalogue, wanted[:SEARCH_MAX])
    shown = found[start : start + limit]
    edges = [
        {"node": entry, "cursor": write_cursor(CURSOR, str(place))}
        for place, entry in enumerate(shown, start=start + 1)
    ]
    return {
        "edges": edges,
        "page_info": {
            "has_next_page": start + len(shown) < len(found),
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
        "total_count": len(found),
    }


def _start(after: str | None) -> int:
    place = read_cursor(CURSOR, after)
    if place is None:
        return 0
    if not (place.isascii() and place.isdigit()):
        raise MalformedPageError(path=("after",), limit=PAGE_MAX)
    return int(place[:9])


REFERENCE_QUERIES: tuple[tuple[str, RootResolver], ...] = (
    ("verifyRuc", _verify_ruc),
    ("goodsAndServices", _catalogue(CatalogueKind.GOODS_AND_SERVICES)),
    ("locations", _catalogue(CatalogueKind.LOCATIONS)),
    ("units", _catalogue(CatalogueKind.UNITS)),
    ("countries", _catalogue(CatalogueKind.COUNTRIES)),
)


def reference_types() -> list[ObjectType]:
    """The answer about a RUC."""
    verification = ObjectType("RucVerification")
    verification.set_field("ruc", lambda answer, _info: answer.ruc.normalised)
    verification.set_field("contributorType", lambda answer, _info: answer.ruc.ruc_type)
    verification.set_field("disagreement", lambda answer, _info: answer.disagreement or None)
    return [verification]
