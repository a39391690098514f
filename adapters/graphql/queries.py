"""What can be read. Everything is the caller's own tenant's; what belongs to another is simply not found."""

from collections.abc import Sequence
from typing import Any

from ariadne import QueryType

from adapters.graphql.book_queries import BOOK_QUERIES
from adapters.graphql.connections import connection_of, or_null
from adapters.graphql.cursors import read_cursor, read_first
from adapters.graphql.inputs import Input, read_filter
from adapters.graphql.note_queries import NOTE_QUERIES
from adapters.graphql.number_ledger_fields import number_ledger
from adapters.graphql.permissions import RootResolver, guarded
from adapters.graphql.preview_fields import preview_invoice
from adapters.graphql.reference_queries import REFERENCE_QUERIES
from adapters.graphql.request_context import Info
from adapters.graphql.statement_queries import zero_difference_statement
from adapters.graphql.trade_queries import TRADE_QUERIES
from core.circuits import Circuit
from core.documents import FiscalDocument
from core.identifiers import ClientId, DocumentId, OrderId
from core.tenants import Office, Role
from core.trade import Client, Order


async def _viewer(_root: object, info: Info) -> dict[str, Any]:
    context = info.context
    tenant = await context.operations.tenants.get(context.caller.tenant_id)
    return {"tenant": tenant, "role": context.caller.role, "key_id": context.caller.key_id}


async def _invoice(_root: object, info: Info, *, id: str) -> FiscalDocument | None:  # noqa: A002
    context = info.context
    return await or_null(context.operations.documents.get(context.caller.tenant_id, DocumentId(id)))


async def _order(_root: object, info: Info, *, id: str) -> Order | None:  # noqa: A002
    context = info.context
    return await or_null(context.operations.trade_book.get_order(context.caller.tenant_id, OrderId(id)))


async def _client(_root: object, info: Info, *, id: str) -> Client | None:  # noqa: A002
    context = info.context
    return await or_null(context.operations.trade_book.get_client(context.caller.tenant_id, ClientId(id)))


async def _invoices(
    _root: object,
    info: Info,
    *,
    first: int,
    after: str | None = None,
    filter: Input | None = None,  # noqa: A002
) -> dict[str, Any]:
    context = info.context
    limit, last_shown = read_first(first), read_cursor("document", after)
    page = await context.operations.documents.page(
        context.caller.tenant_id,
        read_filter(filter, context.operations.diagnose.overdue_before()),
        limit=limit,
        after=DocumentId(last_shown) if last_shown is not None else None,
    )
    return connection_of(
        "document", page.documents, lambda document: document.document_id, has_next=page.next_after is not None
    )


async def _offices(_root: object, info: Info) -> Sequence[Office]:
    context = info.context
    offices = await context.operations.directory.offices(context.caller.tenant_id)
    context.rows.spend(len(offices))
    return offices


async def _circuit(_root: object, info: Info) -> Circuit:
    return await info.context.circuit()


_READS: tuple[tuple[str, RootResolver], ...] = (
    ("viewer", _viewer),
    ("invoice", _invoice),
    ("invoices", _invoices),
    ("order", _order),
    ("client", _client),
    *TRADE_QUERIES,
    ("offices", _offices),
    ("numberLedger", number_ledger),
    ("previewInvoice", preview_invoice),
    *NOTE_QUERIES,
    *REFERENCE_QUERIES,
    *BOOK_QUERIES,
)


def query_type() -> QueryType:
    """The root of reading. Every role may read what documents say; how the sending goes is the operators' matter."""
    query = QueryType()
    for name, resolver in _READS:
        query.set_field(name, guarded(Role.VIEWER, resolver))
    query.set_field("circuit", guarded(Role.OPERATOR, _circuit))
    query.set_field("zeroDifferenceStatement", guarded(Role.OPERATOR, zero_difference_statement))
    return query
