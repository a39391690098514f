"""The printed form of a document."""

from typing import Any

from ariadne import ObjectType

from adapters.graphql.request_context import Info
from core.cafe import CafePaper, CafeStanding
from core.documents import FiscalDocument

Shown = dict[str, Any]


def _cafe(document: FiscalDocument, info: Info, *, format: CafePaper) -> Shown | None:  # noqa: A002 - the API's name
    context = info.context
    context.rows.spend(1)
    offer = context.operations.cafe_links.offer(document, format)
    if offer is None:
        return None
    return {
        "format": offer.paper,
        "standing": offer.standing,
        "is_provisional": offer.standing is CafeStanding.PROVISIONAL,
        "file_name": offer.file_name,
        "content_type": "application/pdf",
        "download_url": f"{context.settings.public_url.rstrip('/')}/cafe/{offer.token}",
        "expires_at": offer.expires_at,
    }


def cafe_types() -> list[ObjectType]:
    """What a document has beside its own fields."""
    document = ObjectType("Document")
    document.set_field("cafe", _cafe)
    return [document]
