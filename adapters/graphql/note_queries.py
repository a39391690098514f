"""Reading credit and debit notes."""

from typing import Any

from adapters.graphql.connections import connection_of, or_null
from adapters.graphql.cursors import read_cursor, read_first
from adapters.graphql.inputs import Input
from adapters.graphql.note_inputs import CREDITS, DEBITS, read_note_filter
from adapters.graphql.permissions import RootResolver
from adapters.graphql.request_context import Info
from core.codes import DocumentType
from core.documents import FiscalDocument
from core.identifiers import DocumentId


async def credit(_root: object, info: Info, *, id: str) -> FiscalDocument | None:  # noqa: A002
    """One credit note."""
    return await _note(info, id, CREDITS)


async def debit(_root: object, info: Info, *, id: str) -> FiscalDocument | None:  # noqa: A002
    """One debit note."""
    return await _note(info, id, DEBITS)


async def credits_page(
    _root: object,
    info: Info,
    *,
    first: int,
    after: str | None = None,
    filter: Input | None = None,  # noqa: A002
) -> dict[str, Any]:
    """A page of credit notes. Raises MalformedPageError."""
    return await _page(info, filter, CREDITS, first, after)


async def debits_page(
    _root: object,
    info: Info,
    *,
    first: int,
    after: str | None = None,
    filter: Input | None = None,  # noqa: A002
) -> dict[str, Any]:
    """A page of debit notes. Raises MalformedPageError."""
    return await _page(info, filter, DEBITS, first, after)


async def _note(info: Info, note_id: str, document_types: tuple[DocumentType, ...]) -> FiscalDocument | None:
    context = info.context
    found = await or_null(context.operations.documents.get(context.caller.tenant_id, DocumentId(note_id)))
    return found if found is not None and found.document_type in document_types else None


async def _page(
    info: Info, wanted: Input | None, document_types: tuple[DocumentType, ...], first: int, after: str | None
) -> dict[str, Any]:
    context = info.context
    limit, last_shown = read_first(first), read_cursor("document", after)
    page = await context.operations.documents.page(
        context.caller.tenant_id,
        read_note_filter(wanted, document_types),
        limit=limit,
        after=DocumentId(last_shown) if last_shown is not None else None,
    )
    return connection_of(
        "document", page.documents, lambda document: document.document_id, has_next=page.next_after is not None
    )


NOTE_QUERIES: tuple[tuple[str, RootResolver], ...] = (
    ("credit", credit),
    ("credits", credits_page),
    ("debit", debit),
    ("debits", debits_page),
)
