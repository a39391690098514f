"""The inspection of an in-memory store. What its maps cannot hold twice or without a parent is not looked for."""

from collections.abc import Collection, Sequence
from datetime import datetime

from adapters.persistence.document_keys import bills_its_order
from adapters.persistence.in_memory_state import InMemoryStore, StoredDocument
from core.administration import ChainedAdminEvent, ChainHead
from core.documents import SeriesKey
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.store_inspection import (
    BlobInspection,
    InspectedSeries,
    NumberUse,
    OfficePoint,
    Repeat,
    RepeatKind,
    StoredAttachment,
    StoredBlob,
    StoreInspection,
    Stray,
    UnreadableRow,
    WholeDocument,
)
from core.ports.webhook_inbox import Delivery

_SAMPLE = 10


class InMemoryStoreInspection(StoreInspection):
    """Looks at the same memory that the in-memory stores write to."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def tenants(self, *, after: TenantId | None, limit: int) -> Sequence[TenantId]:
        """See the port."""
        return tuple(sorted(tenant_id for tenant_id in self._store.tenants if tenant_id > (after or "")))[:limit]

    async def strangers(self, *, limit: int) -> Sequence[tuple[TenantId, str]]:
        """See the port."""
        strange = {owner for owner, _ in self._store.documents if owner not in self._store.tenants}
        return tuple((tenant_id, "documents") for tenant_id in sorted(strange))[:limit]

    async def admin_head(self) -> ChainHead:
        """See the port."""
        kept = self._store.admin_events
        return ChainHead(sequence=kept[-1].sequence, digest=kept[-1].digest) if kept else ChainHead()

    async def admin_events(self, *, after: int, limit: int) -> Sequence[ChainedAdminEvent | UnreadableRow]:
        """See the port."""
        return tuple(each for each in self._store.admin_events if each.sequence > after)[:limit]

    async def documents(
        self, tenant_id: TenantId, *, after: DocumentId | None, limit: int
    ) -> Sequence[WholeDocument | UnreadableRow]:
        """See the port."""
        stored = [one for one in self._of(tenant_id) if one.document.document_id > (after or "")]
        return tuple(
            WholeDocument(
                document=one.document,
                body=one.body,
                events=tuple(one.events),
                event_count=len(one.events),
                attachments=tuple(StoredAttachment(attachment=file, is_current=True) for file in one.attachments),
                notes=tuple(
                    note.document for note in self._of(tenant_id) if note.document.parent_id == one.document.document_id
                ),
            )
            for one in stored[:limit]
        )

    async def series(self, tenant_id: TenantId, *, after: SeriesKey | None, limit: int) -> Sequence[InspectedSeries]:
        """See the port."""
        since = _place(after) if after else ("", "")
        own = [(key, state) for (owner, key), state in self._store.series.items() if owner == tenant_id]
        page = sorted((_place(key), key, state) for key, state in own if _place(key) > since)[:limit]
        return tuple(
            InspectedSeries(state=state, moves=tuple(self._store.series_moves.get((tenant_id, key), ())))
            for _, key, state in page
        )

    async def numbers(
        self, tenant_id: TenantId, series: SeriesKey, *, after: NumberUse | None, limit: int
    ) -> Sequence[NumberUse]:
        """See the port."""
        since = (after.number, after.document_id) if after else (-1, "")
        uses = [
            (one.document.number, one.document.document_id)
            for one in self._of(tenant_id)
            if one.document.series == series
        ]
        page = sorted(use for use in uses if use > since)[:limit]
        return tuple(NumberUse(number=number, document_id=document_id) for number, document_id in page)

    async def repeats(self, tenant_id: TenantId, kind: RepeatKind, *, limit: int) -> Sequence[Repeat]:
        """See the port. Only a live order can be repeated here."""
        if kind is not RepeatKind.LIVE_ORDER:
            return ()
        live: dict[str, list[DocumentId]] = {}
        for one in self._of(tenant_id):
            if one.document.order_id is not None and bills_its_order(one.document):
                live.setdefault(one.document.order_id, []).append(one.document.document_id)
        return tuple(
            Repeat(kind=kind, value=order_id, document_ids=tuple(ids[:_SAMPLE]))
            for order_id, ids in sorted(live.items())
            if len(ids) > 1
        )[:limit]

    async def strays(self, tenant_id: TenantId, *, limit: int) -> Sequence[Stray]:
        """See the port."""
        return tuple(
            Stray(what="document", row_id=one.document.document_id, parent="office", parent_id=one.document.office_id)
            for one in self._of(tenant_id)
            if (tenant_id, one.document.office_id) not in self._store.offices
        )[:limit]

    async def deliveries(
        self, tenant_id: TenantId, *, after: DeliveryId | None, limit: int
    ) -> Sequence[Delivery | UnreadableRow]:
        """See the port."""
        own = [delivery for (owner, _), delivery in self._store.deliveries.items() if owner == tenant_id]
        since = [delivery for delivery in own if delivery.delivery_id > (after or "")]
        return tuple(sorted(since, key=lambda delivery: delivery.delivery_id))[:limit]

    async def office_points(self, tenant_id: TenantId, *, limit: int) -> Sequence[OfficePoint]:
        """See the port."""
        own = [office for (owner, _), office in self._store.offices.items() if owner == tenant_id]
        points = sorted((point, office.office_id, office.code) for office in own for point in office.billing_points)
        return tuple(
            OfficePoint(billing_point=point, office_id=office_id, office_code=code)
            for point, office_id, code in points[:limit]
        )

    async def referenced(self, tenant_id: TenantId, digests: Collection[str]) -> frozenset[str]:
        """See the port."""
        named = {file.digest for one in self._of(tenant_id) for file in one.attachments}
        return frozenset(named.intersection(digests))

    def _of(self, tenant_id: TenantId) -> list[StoredDocument]:
        own = [stored for (owner, _), stored in self._store.documents.items() if owner == tenant_id]
        return sorted(own, key=lambda stored: stored.document.document_id)


class InMemoryBlobInspection(BlobInspection):
    """Files in memory have no age of their own: they are as old as their tenant."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def blobs(self, tenant_id: TenantId, *, after: str | None, limit: int) -> Sequence[StoredBlob]:
        """See the port."""
        since = self._store.tenants[tenant_id].created_at
        own = sorted(digest for owner, digest in self._store.files if owner == tenant_id and digest > (after or ""))
        return tuple(
            StoredBlob(key=digest, digest=digest, size=len(self._store.files[tenant_id, digest]), stored_at=since)
            for digest in own[:limit]
        )

    async def remove(self, tenant_id: TenantId, key: str, *, stored_before: datetime) -> bool:
        """See the port."""
        if self._store.tenants[tenant_id].created_at >= stored_before:
            return False
        return self._store.files.pop((tenant_id, key), None) is not None


def _place(series: SeriesKey) -> tuple[str, str]:
    return series.billing_point, series.document_type.value
