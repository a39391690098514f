"""The inspection in SQL: one statement per page, and nothing that a row holds can stop it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

import msgspec

from adapters.persistence import inspection_statements as sql
from adapters.persistence.connection import Connection
from adapters.persistence.document_rows import attachment_of, changing_columns, document_of, event_of, fixed_columns
from adapters.persistence.instants import from_micros
from adapters.persistence.sql_administration_journal import admin_event_of
from adapters.persistence.statements import Row
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from core.administration import ChainedAdminEvent, ChainHead
from core.codes import DocumentType
from core.documents import FiscalDocument, SeriesKey
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.series_ledger import SeriesMove, SeriesState
from core.ports.store_inspection import (
    InspectedSeries,
    NumberUse,
    OfficePoint,
    Repeat,
    RepeatKind,
    StoredAttachment,
    StoreInspection,
    Stray,
    UnreadableRow,
    WholeDocument,
)
from core.ports.webhook_inbox import Delivery, DeliveryState

T = TypeVar("T")

MOVES_MAX = 1_000
_DERIVED = ("environment", "natural_key", "receiver_ruc", "bills_order", "void_waits_since", "void_doubt_since")
_NOT_UNDERSTOOD = (ValueError, TypeError, KeyError, OverflowError, msgspec.MsgspecError)


class SqlStoreInspection(StoreInspection):
    """Every page is one transaction that sees one state; between pages others write on."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def tenants(self, *, after: TenantId | None, limit: int) -> Sequence[TenantId]:
        """See the port. Crosses tenants: for the role that owns the tables."""
        rows = await self._units.read(sql.tenant_page, tenant_id=None, after=after or "", limit=limit)
        return tuple(row["tenant_id"] for row in rows)

    async def strangers(self, *, limit: int) -> Sequence[tuple[TenantId, str]]:
        """See the port. Crosses tenants: for the role that owns the tables."""
        found: list[tuple[TenantId, str]] = []
        for what, statement in sql.strange_tenants.items():
            rows = await self._units.read(statement, tenant_id=None, limit=limit)
            found.extend((row["tenant_id"], what) for row in rows)
        return tuple(found)

    async def admin_head(self) -> ChainHead:
        """See the port. For the role that owns the tables."""
        rows = await self._units.read(sql.admin_head, tenant_id=None)
        return ChainHead(sequence=rows[0]["sequence"], digest=rows[0]["digest"]) if rows else ChainHead()

    async def admin_events(self, *, after: int, limit: int) -> Sequence[ChainedAdminEvent | UnreadableRow]:
        """See the port. For the role that owns the tables."""
        rows = await self._units.read(sql.admin_event_page, tenant_id=None, after=after, limit=limit)
        return tuple(_understood(admin_event_of, row, "administrative event", str(row["sequence"])) for row in rows)

    async def documents(
        self, tenant_id: TenantId, *, after: DocumentId | None, limit: int
    ) -> Sequence[WholeDocument | UnreadableRow]:
        """See the port."""

        def page(connection: Connection) -> list[WholeDocument | UnreadableRow]:
            whose = storable({"tenant": tenant_id})
            rows = connection.execute(sql.document_page, **whose, after=after or "", limit=limit)
            ids = [row["document_id"] for row in rows]
            events = _grouped(connection.execute(sql.events_of_page, **whose, documents=ids))
            files = _grouped(connection.execute(sql.attachments_of_page, **whose, documents=ids))
            notes = _grouped(connection.execute(sql.notes_of_page, **whose, documents=ids), "parent_id")
            return [
                _whole(row, *(found.get(row["document_id"], []) for found in (events, files, notes))) for row in rows
            ]

        return await self._units.read_all(page, tenant_id=tenant_id)

    async def series(self, tenant_id: TenantId, *, after: SeriesKey | None, limit: int) -> Sequence[InspectedSeries]:
        """See the port."""
        point, document_type = (after.billing_point, after.document_type.value) if after else ("", "")

        def page(connection: Connection) -> list[InspectedSeries]:
            whose = storable({"tenant": tenant_id})
            rows = connection.execute(sql.series_page, **whose, point=point, type=document_type, limit=limit)
            return [_series_of(row, _moves(connection, whose, row)) for row in rows]

        return await self._units.read_all(page, tenant_id=tenant_id)

    async def numbers(
        self, tenant_id: TenantId, series: SeriesKey, *, after: NumberUse | None, limit: int
    ) -> Sequence[NumberUse]:
        """See the port."""
        rows = await self._units.read(
            sql.number_page,
            tenant_id=tenant_id,
            point=series.billing_point,
            type=series.document_type.value,
            number=after.number if after else -(2**63),
            after=after.document_id if after else "",
            limit=limit,
        )
        return tuple(NumberUse(number=row["number"], document_id=row["document_id"]) for row in rows)

    async def repeats(self, tenant_id: TenantId, kind: RepeatKind, *, limit: int) -> Sequence[Repeat]:
        """See the port."""

        def unit(connection: Connection) -> list[Repeat]:
            whose = storable({"tenant": tenant_id})
            values = [row["value"] for row in connection.execute(sql.repeated[kind], **whose, limit=limit)]
            return [
                Repeat(
                    kind=kind,
                    value=value,
                    document_ids=tuple(
                        row["document_id"] for row in connection.execute(sql.having[kind], **whose, value=value)
                    ),
                )
                for value in values
            ]

        return await self._units.read_all(unit, tenant_id=tenant_id)

    async def strays(self, tenant_id: TenantId, *, limit: int) -> Sequence[Stray]:
        """See the port."""
        found: list[Stray] = []
        for (what, parent), statement in sql.strays.items():
            rows = await self._units.read(statement, tenant_id=tenant_id, limit=limit)
            found.extend(
                Stray(what=what, row_id=row["row_id"], parent=parent, parent_id=row["parent_id"]) for row in rows
            )
        return tuple(found)

    async def deliveries(
        self, tenant_id: TenantId, *, after: DeliveryId | None, limit: int
    ) -> Sequence[Delivery | UnreadableRow]:
        """See the port."""
        rows = await self._units.read(sql.delivery_page, tenant_id=tenant_id, after=after or "", limit=limit)
        return tuple(_understood(_delivery_of, row, "webhook delivery", row["delivery_id"]) for row in rows)

    async def office_points(self, tenant_id: TenantId, *, limit: int) -> Sequence[OfficePoint]:
        """See the port."""
        rows = await self._units.read(sql.office_points, tenant_id=tenant_id, limit=limit)
        return tuple(
            OfficePoint(billing_point=row["billing_point"], office_id=row["office_id"], office_code=row["code"])
            for row in rows
        )

    async def referenced(self, tenant_id: TenantId, digests: Collection[str]) -> frozenset[str]:
        """See the port."""
        rows = await self._units.read(sql.referenced, tenant_id=tenant_id, digests=list(digests))
        return frozenset(row["digest"] for row in rows)


def _understood(read: Callable[[Row], T], row: Row, what: str, row_id: str) -> T | UnreadableRow:
    try:
        return read(row)
    except _NOT_UNDERSTOOD as error:
        return UnreadableRow(tenant_id=row["tenant_id"], what=what, row_id=row_id, reason=str(error)[:300])


def _whole(row: Row, events: list[Row], files: list[Row], notes: list[Row]) -> WholeDocument | UnreadableRow:
    document = _understood(document_of, row, "document", row["document_id"])
    if isinstance(document, UnreadableRow):
        return document
    return WholeDocument(
        document=document,
        body=row["body"],
        events=_all_understood(event_of, events),
        event_count=row["event_count"],
        attachments=_all_understood(_stored_attachment, files),
        notes=tuple(_notes_understood(notes)),
        disagreeing=_disagreeing(row, document),
    )


def _notes_understood(rows: list[Row]) -> Iterator[FiscalDocument]:
    """One that cannot be understood is told of when its own page comes."""
    for row in rows:
        note = _understood(document_of, row, "document", row["document_id"])
        if not isinstance(note, UnreadableRow):
            yield note


def _all_understood(read: Callable[[Row], T], rows: list[Row]) -> tuple[T, ...] | None:
    try:
        return tuple(map(read, rows))
    except _NOT_UNDERSTOOD:
        return None


def _disagreeing(row: Row, document: FiscalDocument) -> tuple[str, ...]:
    expected = storable({**fixed_columns(document, row["fingerprint"]), **changing_columns(document)})
    return tuple(name for name in _DERIVED if row[name] != expected[name])


def _stored_attachment(row: Row) -> StoredAttachment:
    return StoredAttachment(attachment=attachment_of(row), is_current=bool(row["is_current"]))


def _grouped(rows: list[Row], by: str = "document_id") -> dict[str, list[Row]]:
    return {document_id: list(group) for document_id, group in groupby(rows, key=lambda row: str(row[by]))}


def _moves(connection: Connection, whose: Row, of: Row) -> list[Row]:
    return connection.execute(
        sql.moves_of_series, **whose, point=of["billing_point"], type=of["document_type"], limit=MOVES_MAX
    )


def _series_of(row: Row, moves: list[Row]) -> InspectedSeries:
    key = SeriesKey(billing_point=row["billing_point"], document_type=DocumentType(row["document_type"]))
    return InspectedSeries(
        state=SeriesState(series=key, first_number=row["first_number"], next_number=row["next_number"]),
        moves=tuple(
            SeriesMove(
                at=from_micros(move["at"]),
                actor=move["actor"],
                series=key,
                from_number=move["from_number"],
                to_number=move["to_number"],
                reason=move["reason"],
            )
            for move in moves
        ),
    )


def _delivery_of(row: Row) -> Delivery:
    return Delivery(
        tenant_id=row["tenant_id"],
        delivery_id=row["delivery_id"],
        received_at=from_micros(row["received_at"]),
        body=row["body"] if row["body"] is not None else b"",
        body_digest=row["body_digest"],
        pac_document_id=row["pac_document_id"],
        cufe=row["cufe"],
        claimed_status=row["claimed_status"],
        claimed_user_id=row["claimed_user_id"],
        state=DeliveryState(row["state"]),
        repeats=row["repeats"],
        last_received_at=from_micros(row["last_received_at"]),
        document_id=row["document_id"],
    )
