"""The number ledger of a series, page by page. A cursor names the last number that was shown."""

from typing import Any

from ariadne import ObjectType

from adapters.graphql.cursors import PAGE_MAX, read_cursor, read_first, write_cursor
from adapters.graphql.request_context import Info
from core.codes import DocumentType
from core.failures import MalformedPageError
from core.identifiers import OfficeId
from core.number_ledger import LedgerEntry, NumberLedger

CURSOR = "number"


async def number_ledger(
    _root: object,
    info: Info,
    *,
    office_id: str,
    billing_point: str,
    type: DocumentType,  # noqa: A002
    first: int,
    after: str | None = None,
) -> NumberLedger:
    """Raises MalformedPageError and what ReadNumberLedger raises."""
    context = info.context
    limit, last_shown = read_first(first), read_cursor(CURSOR, after)
    if last_shown is not None and not (last_shown.isascii() and last_shown.isdigit() and len(last_shown) <= 10):
        raise MalformedPageError(path=("after",), limit=PAGE_MAX)
    ledger = await context.operations.read_number_ledger(
        context.caller.tenant_id,
        OfficeId(office_id),
        billing_point,
        type,
        first=None if last_shown is None else int(last_shown) + 1,
        limit=limit,
    )
    context.rows.spend(len(ledger.entries))
    return ledger


def _number(number: int) -> str:
    return f"{number:010d}"


def _page_info(ledger: NumberLedger, _info: Info) -> dict[str, Any]:
    last = str(ledger.entries[-1].last) if ledger.entries else None
    return {
        "has_next_page": ledger.next_first is not None,
        "end_cursor": None if last is None else write_cursor(CURSOR, last),
    }


def _first(entry: LedgerEntry, _info: Info) -> str:
    return _number(entry.first)


def _last(entry: LedgerEntry, _info: Info) -> str:
    return _number(entry.last)


def _count(entry: LedgerEntry, _info: Info) -> str:
    return str(entry.last - entry.first + 1)


def ledger_types() -> list[ObjectType]:
    """The ledger with its entries."""
    ledger = ObjectType("NumberLedger")
    ledger.set_alias("billingPoint", "series.billing_point")
    ledger.set_alias("documentType", "series.document_type")
    ledger.set_field("firstNumber", lambda shown, _info: _number(shown.first_number))
    ledger.set_field("nextNumber", lambda shown, _info: _number(shown.next_number))
    ledger.set_field("pageInfo", _page_info)
    entry = ObjectType("NumberLedgerEntry")
    entry.set_field("first", _first)
    entry.set_field("last", _last)
    entry.set_field("count", _count)
    return [ledger, entry]
