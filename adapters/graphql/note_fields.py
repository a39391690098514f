"""What notes add to documents: the invoice that they name, the notes that name an invoice, and what is left of it."""

from decimal import Decimal
from typing import Any

from ariadne import EnumType, ObjectType

from adapters.graphql.connections import connection_of
from adapters.graphql.cursors import read_cursor, read_first
from adapters.graphql.request_context import Info
from core.business_status import CreditStatus
from core.documents import DocumentMode, FiscalDocument
from core.drafts import Modification
from core.notes.remaining import LineRest, creditable_of
from core.standing import credit_status_of

_DEBIT_PURPOSES = {each.name: each for each in (Modification.INTEREST, Modification.ADJUSTMENT)}


async def _parent(document: FiscalDocument, info: Info) -> FiscalDocument | None:
    return None if document.parent_id is None else await info.context.parents.of(document)


async def _notes(document: FiscalDocument, info: Info, *, first: int, after: str | None = None) -> dict[str, Any]:
    limit, last_shown = read_first(first), read_cursor("document", after)
    newest_first = sorted(await info.context.notes.of(document), key=lambda note: note.document_id, reverse=True)
    left = [note for note in newest_first if last_shown is None or note.document_id < last_shown]
    return connection_of("document", left[:limit], lambda note: note.document_id, has_next=len(left) > limit)


def _credit_status(document: FiscalDocument, _info: Info) -> CreditStatus | None:
    return credit_status_of(document) if document.document_type.is_credit_note else None


async def _credit_rest(document: FiscalDocument, info: Info) -> dict[str, Any] | None:
    if document.mode is not DocumentMode.DGI or not document.document_type.is_invoice:
        return None
    rest = creditable_of(document, await info.context.notes.of(document))
    left = [line for line in rest.lines if line.is_left]
    info.context.rows.spend(len(left))
    return {"total": rest.total, "lines": [_shown_rest(line, document) for line in left]}


def _shown_rest(line: LineRest, invoice: FiscalDocument) -> dict[str, int | Decimal]:
    amount = line.net_with_itbms if invoice.draft.prices_include_itbms else line.net
    return {"line": line.position, "quantity": line.quantity, "amount": amount}


def note_types() -> list[ObjectType | EnumType]:
    """The types of notes, and what notes add to a document."""
    document = ObjectType("Document")
    document.set_field("parent", _parent)
    document.set_field("notes", _notes)
    document.set_field("creditStatus", _credit_status)
    document.set_field("creditRest", _credit_rest)
    document.set_alias("modification", "draft.modification")
    line = ObjectType("DocumentLine")
    line.set_alias("invoiceLine", "drafted.invoice_line")
    line.set_alias("returned", "drafted.returned")
    return [
        document,
        line,
        EnumType("CreditStatus", CreditStatus),
        EnumType("Modification", Modification),
        EnumType("DebitPurpose", dict(_DEBIT_PURPOSES)),
    ]
