"""Documents in SQL: the same functions on SQLite and PostgreSQL, each in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.connection import Connection, T, UniqueViolation
from adapters.persistence.document_keys import (
    LAST_NUMBER,
    UNLIKE,
    as_stored,
    is_draft,
    likeness,
    natural_key,
    refuse_foreign,
    refuse_page,
    refuse_stale_draft,
)
from adapters.persistence.document_rows import document_of
from adapters.persistence.instants import to_micros
from adapters.persistence.sql_document_writing import fill_draft, insert_recording, write_change
from adapters.persistence.sql_order_lock import refuse_changed_order
from adapters.persistence.statements import Row
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from core.documents import Change, FiscalDocument, Recording
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    OrderAlreadyInvoicedError,
    SeriesExhaustedError,
)
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.ports.document_repository import (
    DocumentFilter,
    DocumentPage,
    DocumentRepository,
    FamilyStep,
    Recorded,
    Reservation,
)

# A unit that lost a race for one of these sees the winner when it runs again.
_SETTLED_BY_LOOKING_AGAIN = frozenset({"uq_documents_idempotency_key", "uq_documents_live_order"})


class SqlDocumentRepository(DocumentRepository):
    """Locks the row it decides by; on SQLite the single writer is that lock."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        """See the port. ``build`` may run twice, when another task records the same intent meanwhile."""

        def unit(connection: Connection) -> Recorded:
            return _record(connection, reservation, build)

        return await _settled(lambda: self._units.write(unit, tenant_id=reservation.tenant_id))

    async def find_by_key(self, tenant_id: TenantId, idempotency_key: str, fingerprint: str) -> FiscalDocument | None:
        """See the port."""
        rows = await self._units.read(sql.find_by_key, tenant_id=tenant_id, idempotency_key=idempotency_key)
        return _of_intent(rows[0], fingerprint) if rows else None

    async def update(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        step: Callable[[FiscalDocument], Change | None],
    ) -> FiscalDocument:
        """See the port."""

        def unit(connection: Connection) -> FiscalDocument:
            return update_document(connection, tenant_id, document_id, step)

        return await _settled(lambda: self._units.claim(unit, tenant_id=tenant_id))

    async def update_family(self, tenant_id: TenantId, document_id: DocumentId, step: FamilyStep) -> FiscalDocument:
        """See the port."""

        def unit(connection: Connection) -> FiscalDocument:
            return _update_family(connection, tenant_id, document_id, step)

        return await _settled(lambda: self._units.claim(unit, tenant_id=tenant_id))

    async def notes_of(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """See the port."""
        refuse_page(len(document_ids))
        rows = await self._units.read(sql.notes_of, tenant_id=tenant_id, parents=list(document_ids))
        return tuple(map(document_of, rows))

    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """See the port."""
        rows = await self._units.read(sql.get_document, tenant_id=tenant_id, document=document_id)
        if not rows:
            raise DocumentNotFoundError(document_id=document_id)
        return document_of(rows[0])

    async def several(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """See the port."""
        refuse_page(len(document_ids))
        rows = await self._units.read(sql.several, tenant_id=tenant_id, documents=list(document_ids))
        return tuple(map(document_of, rows))

    async def find_by_reference(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> FiscalDocument | None:
        """See the port."""
        key = natural_key(cufe)
        rows = await self._units.read(
            sql.find_by_reference, tenant_id=tenant_id, pac_document_id=pac_document_id, cufe=cufe, natural_key=key
        )
        ranked = [(likeness(document, pac_document_id, cufe, key), document) for document in map(document_of, rows)]
        rank, best = min(ranked, key=lambda entry: (entry[0], entry[1].document_id), default=(UNLIKE, None))
        return best if rank < UNLIKE else None

    async def page(
        self, tenant_id: TenantId, wanted: DocumentFilter, *, limit: int, after: DocumentId | None
    ) -> DocumentPage:
        """See the port."""
        refuse_page(limit)
        params = _page_conditions(wanted, after)
        conditions = frozenset(params)
        notes = sql.notes_condition(wanted.document_types) if wanted.parent_id is None else None
        if notes is not None:  # by the index that holds them alone
            del params["document_types"]
            conditions = frozenset({*params, notes})
        # One row more than the page tells whether there is a next one.
        rows = await self._units.read(sql.page_of(conditions), tenant_id=tenant_id, limit=limit + 1, **params)
        shown = tuple(map(document_of, rows[:limit]))
        return DocumentPage(documents=shown, next_after=shown[-1].document_id if len(rows) > limit else None)


async def _settled(attempt: Callable[[], Awaitable[T]]) -> T:
    try:
        return await attempt()
    except UniqueViolation as lost:
        if lost.constraint not in _SETTLED_BY_LOOKING_AGAIN:
            raise
    return await attempt()


def _record(connection: Connection, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
    whose = storable({"tenant": reservation.tenant_id})
    draft = None
    if reservation.draft is not None:
        draft = _lock(connection, reservation.tenant_id, reservation.draft.document_id)
        current = document_of(draft)
        if not is_draft(current):
            return Recorded(document=current, is_replay=True)
        refuse_stale_draft(current, reservation.draft)
    else:
        existing = _find_by_key(connection, reservation)
        if existing is not None:
            return Recorded(document=existing, is_replay=True)
    if reservation.order_id is not None:
        refuse_changed_order(connection, reservation.tenant_id, reservation.order_id, reservation.order_version)
        live = connection.execute(sql.billed_by, **whose, **storable({"order_id": reservation.order_id}))
        if live:
            # where a read sees what was committed since the last one, the bill may be of this very key
            existing = None if draft else _find_by_key(connection, reservation)
            if existing is not None:
                return Recorded(document=existing, is_replay=True)
            oldest = min(row["document_id"] for row in live)
            raise OrderAlreadyInvoicedError(order_id=reservation.order_id, document_id=oldest)
    agreed: list[tuple[Row, FiscalDocument, Change | None]] = []
    for relative in (reservation.relative, reservation.replaced):
        if relative is None:
            continue
        row, before, notes = _lock_family(connection, reservation.tenant_id, relative.document_id)
        # who waited for the relative's row sees what its holder recorded, perhaps under this very key
        existing = None if draft else _find_by_key(connection, reservation)
        if existing is not None:
            return Recorded(document=existing, is_replay=True)
        agreed.append((row, before, relative.agree(before, notes)))
    for row, before, change in agreed:
        _write(connection, row, before, change)
    number = _take_number(connection, reservation)
    recording = build(number)
    refuse_foreign(reservation, recording, number)
    if draft is None:
        insert_recording(connection, recording, reservation.fingerprint)
        return Recorded(document=recording.document, is_replay=False)
    return Recorded(document=fill_draft(connection, draft, recording), is_replay=False)


def _find_by_key(connection: Connection, reservation: Reservation) -> FiscalDocument | None:
    keyed = storable({"tenant": reservation.tenant_id, "idempotency_key": reservation.idempotency_key})
    existing = connection.one_or_none(sql.find_by_key, **keyed)
    return None if existing is None else _of_intent(existing, reservation.fingerprint)


def _take_number(connection: Connection, reservation: Reservation) -> int:
    point, document_type = reservation.series.billing_point, reservation.series.document_type.value
    whose = {"tenant_id": reservation.tenant_id, "billing_point": point, "document_type": document_type}
    if reservation.number is not None:
        connection.run(sql.pass_number, **whose, after=reservation.number + 1)
        return reservation.number
    taken = connection.one(sql.take_number, **whose)
    number: int = taken["number"]
    if number > LAST_NUMBER:
        raise SeriesExhaustedError(billing_point=point, document_type=document_type)
    return number


def _lock(connection: Connection, tenant_id: TenantId, document_id: DocumentId) -> Row:
    row = connection.one_or_none(sql.lock_document, **storable({"tenant": tenant_id, "document": document_id}))
    if row is None:
        raise DocumentNotFoundError(document_id=document_id)
    return row


def update_document(
    connection: Connection,
    tenant_id: TenantId,
    document_id: DocumentId,
    step: Callable[[FiscalDocument], Change | None],
) -> FiscalDocument:
    """``DocumentRepository.update`` within a unit that writes more: the row stays locked until the unit ends."""
    row = _lock(connection, tenant_id, document_id)
    before = document_of(row)
    return _write(connection, row, before, step(before))


def _update_family(
    connection: Connection, tenant_id: TenantId, document_id: DocumentId, step: FamilyStep
) -> FiscalDocument:
    row, before, notes = _lock_family(connection, tenant_id, document_id)
    return _write(connection, row, before, step(before, notes))


def _lock_family(
    connection: Connection, tenant_id: TenantId, document_id: DocumentId
) -> tuple[Row, FiscalDocument, tuple[FiscalDocument, ...]]:
    row = _lock(connection, tenant_id, document_id)
    # read after the lock: no note can be recorded any more until this unit ends
    notes = connection.execute(sql.notes_of, **storable({"tenant": tenant_id}), parents=[document_id])
    return row, document_of(row), tuple(map(document_of, notes))


def _write(connection: Connection, row: Row, before: FiscalDocument, change: Change | None) -> FiscalDocument:
    if change is None:
        return before
    after = as_stored(before, change)
    write_change(connection, row, change, after)
    return after


def _of_intent(row: Row, fingerprint: str) -> FiscalDocument:
    if row["fingerprint"] != fingerprint:
        raise IdempotencyConflictError
    return document_of(row)


def _page_conditions(wanted: DocumentFilter, after: DocumentId | None) -> dict[str, Any]:
    given: dict[str, Any] = {
        **_one_or_several("document_type", "document_types", [each.value for each in wanted.document_types]),
        "parent": wanted.parent_id,
        **_one_or_several("submission", "submissions", [submission.value for submission in wanted.submission]),
        **_one_or_several("legal_status", "legal_statuses", [status.value for status in wanted.legal_status]),
        "cufe": wanted.cufe,
        "number": wanted.number,
        "external_id": wanted.external_id,
        "receiver_ruc": wanted.receiver_ruc,
        "issued_from": to_micros(wanted.issued_from),
        "issued_before": to_micros(wanted.issued_before),
        "updated_since": to_micros(wanted.updated_since),
        "overdue_before": to_micros(wanted.overdue_before),
        "not_overdue_before": to_micros(wanted.not_overdue_before),
        "withdrawn": None if wanted.withdrawn is None else int(wanted.withdrawn),
        "after": after,
    }
    return {name: value for name, value in given.items() if value is not None}


def _one_or_several(one: str, several: str, values: list[str]) -> dict[str, Any]:
    return {one: values[0]} if len(values) == 1 else {several: values or None}
