"""One shape for every page, and null for what this tenant does not have."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from adapters.graphql.cursors import write_cursor
from core.errors import Category, IstmoError

Found = TypeVar("Found")


async def or_null(looking: Awaitable[Found]) -> Found | None:
    """What is found, None where nothing is; every other failure passes through."""
    try:
        return await looking
    except IstmoError as error:
        if error.category is Category.NOT_FOUND:
            return None
        raise


def connection_of(
    kind: str, entries: Sequence[Found], id_of: Callable[[Found], str], *, has_next: bool
) -> dict[str, Any]:
    """A page. ``kind`` keeps its cursors from being read in another list."""
    edges = [{"node": entry, "cursor": write_cursor(kind, id_of(entry))} for entry in entries]
    return {
        "edges": edges,
        "page_info": {"has_next_page": has_next, "end_cursor": edges[-1]["cursor"] if edges else None},
    }
