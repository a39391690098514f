"""What one recording or one change writes: a document's row and everything that grows with it."""

from dataclasses import replace

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.connection import Connection, UniqueViolation
from adapters.persistence.document_keys import bills_its_order
from adapters.persistence.document_rows import (
    attachment_columns,
    changing_columns,
    content_columns,
    event_columns,
    event_of,
    exchange_columns,
    fixed_columns,
)
from adapters.persistence.statements import Row
from adapters.persistence.storable_text import storable, storable_text
from core.documents import Attachment, Change, DocumentMode, FiscalDocument, Recording
from core.events import ChainedEvent, Event, Exchange
from core.failures import PacDocumentIdTakenError, StoreUnavailableError
from core.timeline import chain


def insert_recording(connection: Connection, recording: Recording, fingerprint: str) -> None:
    """Write a new document. Raises UniqueViolation for a race that looking again settles, PacDocumentIdTakenError,
    and StoreUnavailableError when another document expects the same CUFE: a repeated call draws another code."""
    document = recording.document
    counts = {
        "event_count": len(recording.events),
        "exchange_count": 0,
        "offered_until": None,
        "holds_order": int(bills_its_order(document)),
    }
    row = storable({**fixed_columns(document, fingerprint), **changing_columns(document), **counts})
    try:
        connection.run(sql.add_document, **row)
    except UniqueViolation as broken:
        raise _known(broken, document) from broken
    connection.run(sql.add_contents, **storable(content_columns(document)))
    if recording.body:
        _add_body(connection, document, recording.body)
    _add_events(connection, document, recording.events, after=None)


def fill_draft(connection: Connection, before: Row, recording: Recording) -> FiscalDocument:
    """Make the draft of the locked row ``before`` the recorded document. Raises as ``insert_recording``."""
    after = replace(recording.document, version=before["version"] + 1)
    write_change(connection, before, Change(document=after, events=recording.events), after)
    _add_body(connection, after, recording.body)
    return after


def write_change(connection: Connection, before: Row, change: Change, after: FiscalDocument) -> None:
    """Write what a step did to the locked row ``before``. Raises as ``insert_recording``."""
    whose = storable({"tenant": after.tenant_id, "document": after.document_id})
    counts = {
        "event_count": before["event_count"] + len(change.events),
        "exchange_count": before["exchange_count"] + len(change.exchanges),
        "holds_order": int(_may_hold_order(connection, before, after)),
    }
    try:
        if before["mode"] == DocumentMode.PROFORM.value:
            _rewrite_draft(connection, before, after)
        connection.run(sql.change_document, **whose, **storable(changing_columns(after)), **counts)
    except UniqueViolation as broken:
        raise _known(broken, after) from broken
    if change.events:
        last = None
        if before["event_count"]:
            last = event_of(connection.one(sql.one_event, **whose, sequence=before["event_count"]))
        _add_events(connection, after, change.events, after=last)
    _add_exchanges(connection, after, change.exchanges, before["exchange_count"])
    for attachment in change.attachments:
        _add_attachment(connection, after, attachment)


def _add_body(connection: Connection, document: FiscalDocument, body: bytes) -> None:
    whose = storable({"tenant_id": document.tenant_id, "document_id": document.document_id})
    connection.run(sql.add_body, **whose, body=body)


def _rewrite_draft(connection: Connection, before: Row, after: FiscalDocument) -> None:
    whose = storable({"tenant": after.tenant_id, "document": after.document_id})
    fixed, said = fixed_columns(after, before["fingerprint"]), content_columns(after)
    # the contents first: once the row is no draft's any more, PostgreSQL lets nobody rewrite them
    connection.run(sql.change_contents, **whose, **storable({name: said[name] for name in sql.CONTENTS}))
    connection.run(sql.change_draft, **whose, **storable({name: fixed[name] for name in sql.FIXED_OF_DRAFTS}))


def _may_hold_order(connection: Connection, before: Row, after: FiscalDocument) -> bool:
    """Evidence can make a refused invoice live again after its order was billed anew. The evidence is kept; the
    order stays with the invoice that holds it, so that the unique index refuses no fact."""
    if not bills_its_order(after):
        return False
    if before["holds_order"]:
        return True
    others = connection.execute(
        sql.order_holders,
        **storable({"tenant": after.tenant_id, "document": after.document_id, "order_id": after.order_id}),
    )
    return not others


def _add_events(
    connection: Connection, document: FiscalDocument, events: tuple[Event, ...], after: ChainedEvent | None
) -> None:
    whose = {"tenant_id": document.tenant_id, "document_id": document.document_id}
    # The chain is made of what is kept, or it would break when it is read back.
    kept = chain(map(_as_kept, events), after=after)
    connection.run_many(sql.add_event, [storable({**whose, **event_columns(chained)}) for chained in kept])


def _as_kept(event: Event) -> Event:
    facts = {storable_text(name): storable_text(fact) for name, fact in event.facts.items()}
    return replace(event, actor=storable_text(event.actor), facts=facts)


def _add_exchanges(
    connection: Connection, document: FiscalDocument, exchanges: tuple[Exchange, ...], count: int
) -> None:
    whose = {"tenant_id": document.tenant_id, "document_id": document.document_id}
    connection.run_many(
        sql.add_exchange,
        [
            storable({**whose, **exchange_columns(exchange, place)})
            for place, exchange in enumerate(exchanges, start=count + 1)
        ],
    )


def _add_attachment(connection: Connection, document: FiscalDocument, attachment: Attachment) -> None:
    whose = storable({"tenant": document.tenant_id, "document": document.document_id})
    kind = attachment.kind.value
    connection.run(sql.retire_attachment, **whose, kind=kind)
    revision = connection.one(sql.count_attachments, **whose, kind=kind)["count"] + 1
    columns = attachment_columns(attachment)
    connection.run(
        sql.add_attachment,
        **storable({"tenant_id": document.tenant_id, "document_id": document.document_id, **columns}),
        revision=revision,
    )


def _known(broken: UniqueViolation, document: FiscalDocument) -> Exception:
    if broken.constraint == "uq_documents_pac_document":
        return PacDocumentIdTakenError(pac_document_id=document.pac_document_id)
    if broken.constraint == "uq_documents_expected_cufe":
        return StoreUnavailableError()
    return broken
