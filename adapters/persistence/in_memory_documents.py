"""Documents in memory: the twin of the SQL store, for tests and for the simulation."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.persistence.document_keys import (
    LAST_NUMBER,
    UNLIKE,
    as_stored,
    bills_its_order,
    is_draft,
    likeness,
    natural_key,
    refuse_foreign,
    refuse_page,
    refuse_stale_draft,
)
from adapters.persistence.in_memory_state import InMemoryStore, StoredDocument
from adapters.persistence.trade_keys import refuse_unlike
from core.diagnosis import waits_since_before
from core.documents import Attachment, Change, FiscalDocument, Recording
from core.events import Event
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    OrderAlreadyInvoicedError,
    PacDocumentIdTakenError,
    SeriesExhaustedError,
    StoreUnavailableError,
)
from core.identifiers import DocumentId, OrderId, PacDocumentId, TenantId
from core.ports.document_repository import (
    DocumentFilter,
    DocumentPage,
    DocumentRepository,
    FamilyStep,
    Recorded,
    Relative,
    Reservation,
)
from core.ports.series_ledger import SeriesState
from core.timeline import chain


class InMemoryDocumentRepository(DocumentRepository):
    """Changes are made in one synchronous piece, which is what a transaction is in one event loop."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        """See the port."""
        draft = None
        if reservation.draft is not None:
            draft = find_stored(self._store, reservation.tenant_id, reservation.draft.document_id)
            if not is_draft(draft.document):
                return Recorded(document=draft.document, is_replay=True)
            refuse_stale_draft(draft.document, reservation.draft)
        else:
            existing = self._by_key(reservation.tenant_id, reservation.idempotency_key, reservation.fingerprint)
            if existing is not None:
                return Recorded(document=existing, is_replay=True)
        if reservation.order_id is not None:
            order = self._store.orders.get((reservation.tenant_id, reservation.order_id))
            if order is not None:
                refuse_unlike(
                    order.order_id,
                    reservation.order_version,
                    order.version,
                    is_cancelled=order.cancelled_at is not None,
                )
            self._refuse_billed_order(reservation.tenant_id, reservation.order_id)
        series_key = (reservation.tenant_id, reservation.series)
        state = self._store.series.get(series_key) or SeriesState(
            series=reservation.series, first_number=1, next_number=1
        )
        if state.next_number > LAST_NUMBER:
            raise SeriesExhaustedError(
                billing_point=reservation.series.billing_point,
                document_type=reservation.series.document_type.value,
            )
        agreed = [
            self._agreed(reservation.tenant_id, relative)
            for relative in (reservation.relative, reservation.replaced)
            if relative is not None
        ]
        number = reservation.number or state.next_number
        recording = build(number)
        refuse_foreign(reservation, recording, number)
        document = recording.document
        self._refuse_taken_id(document)
        self._refuse_taken_cufe(document)
        for stored, change in agreed:
            if change is not None:
                self._write(stored, change)
        if draft is not None:
            document = replace(document, version=draft.document.version + 1)
            draft.document, draft.body = document, recording.body
            draft.events.extend(chain(map(_detached, recording.events), after=draft.events[-1]))
            self._store.series[series_key] = replace(state, next_number=max(state.next_number, number + 1))
            return Recorded(document=document, is_replay=False)
        self._store.series[series_key] = replace(state, next_number=max(state.next_number, number + 1))
        self._store.intents[reservation.tenant_id, reservation.idempotency_key] = document.document_id
        self._store.documents[document.tenant_id, document.document_id] = StoredDocument(
            document=document,
            fingerprint=reservation.fingerprint,
            body=recording.body,
            events=chain(map(_detached, recording.events), after=None),
        )
        return Recorded(document=document, is_replay=False)

    async def find_by_key(self, tenant_id: TenantId, idempotency_key: str, fingerprint: str) -> FiscalDocument | None:
        """See the port."""
        return self._by_key(tenant_id, idempotency_key, fingerprint)

    async def update(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        step: Callable[[FiscalDocument], Change | None],
    ) -> FiscalDocument:
        """See the port."""
        stored = find_stored(self._store, tenant_id, document_id)
        change = step(stored.document)
        return stored.document if change is None else self._write(stored, change)

    async def update_family(self, tenant_id: TenantId, document_id: DocumentId, step: FamilyStep) -> FiscalDocument:
        """See the port."""
        stored = find_stored(self._store, tenant_id, document_id)
        change = step(stored.document, self._notes(tenant_id, (document_id,)))
        return stored.document if change is None else self._write(stored, change)

    async def notes_of(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """See the port."""
        refuse_page(len(document_ids))
        return self._notes(tenant_id, document_ids)

    def _notes(self, tenant_id: TenantId, parents: Sequence[DocumentId]) -> tuple[FiscalDocument, ...]:
        notes = (document for document in self._of(tenant_id) if document.parent_id in parents)
        return tuple(sorted(notes, key=lambda note: note.document_id))

    def _agreed(self, tenant_id: TenantId, relative: Relative) -> tuple[StoredDocument, Change | None]:
        """The relative with the change that it agreed to."""
        stored = find_stored(self._store, tenant_id, relative.document_id)
        return stored, relative.agree(stored.document, self._notes(tenant_id, (relative.document_id,)))

    def _write(self, stored: StoredDocument, change: Change) -> FiscalDocument:
        after = as_stored(stored.document, change)
        self._refuse_taken_id(after)
        last = stored.events[-1] if stored.events else None
        stored.events.extend(chain(map(_detached, change.events), after=last))
        stored.exchanges.extend(change.exchanges)
        for attachment in change.attachments:
            stored.attachments = [*_others(stored.attachments, attachment), attachment]
        stored.document = after
        return after

    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """See the port."""
        return find_stored(self._store, tenant_id, document_id).document

    async def several(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """See the port."""
        refuse_page(len(document_ids))
        found = (document for document in self._of(tenant_id) if document.document_id in document_ids)
        return tuple(sorted(found, key=lambda document: document.document_id))

    async def find_by_reference(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> FiscalDocument | None:
        """See the port."""
        key = natural_key(cufe)
        ranked = [(likeness(document, pac_document_id, cufe, key), document) for document in self._of(tenant_id)]
        rank, best = min(ranked, key=lambda entry: (entry[0], entry[1].document_id), default=(UNLIKE, None))
        return best if rank < UNLIKE else None

    async def page(
        self, tenant_id: TenantId, wanted: DocumentFilter, *, limit: int, after: DocumentId | None
    ) -> DocumentPage:
        """See the port."""
        refuse_page(limit)
        found = [
            document
            for document in sorted(self._of(tenant_id), key=lambda one: one.document_id, reverse=True)
            if (after is None or document.document_id < after) and _matches(document, wanted)
        ]
        shown = tuple(found[:limit])
        return DocumentPage(documents=shown, next_after=shown[-1].document_id if len(found) > limit else None)

    def _of(self, tenant_id: TenantId) -> list[FiscalDocument]:
        return [stored.document for (owner, _), stored in self._store.documents.items() if owner == tenant_id]

    def _by_key(self, tenant_id: TenantId, key: str, fingerprint: str) -> FiscalDocument | None:
        document_id = self._store.intents.get((tenant_id, key))
        if document_id is None:
            return None
        stored = self._store.documents[tenant_id, document_id]
        if stored.fingerprint != fingerprint:
            raise IdempotencyConflictError
        return stored.document

    def _refuse_billed_order(self, tenant_id: TenantId, order_id: OrderId) -> None:
        live = [
            document.document_id
            for document in self._of(tenant_id)
            if document.order_id == order_id and bills_its_order(document)
        ]
        if live:
            raise OrderAlreadyInvoicedError(order_id=order_id, document_id=min(live))

    def _refuse_taken_id(self, document: FiscalDocument) -> None:
        if document.pac_document_id is None:
            return
        for other in self._of(document.tenant_id):
            if other.document_id != document.document_id and other.pac_document_id == document.pac_document_id:
                raise PacDocumentIdTakenError(pac_document_id=document.pac_document_id)

    def _refuse_taken_cufe(self, document: FiscalDocument) -> None:
        expected = (document.expected_cufe, document.issuer.environment)
        if not document.expected_cufe:
            return
        for stored in self._store.documents.values():
            if (stored.document.expected_cufe, stored.document.issuer.environment) == expected:
                raise StoreUnavailableError


def find_stored(store: InMemoryStore, tenant_id: TenantId, document_id: DocumentId) -> StoredDocument:
    """The stored document. Raises DocumentNotFoundError, also for another tenant's."""
    stored = store.documents.get((tenant_id, document_id))
    if stored is None:
        raise DocumentNotFoundError(document_id=document_id)
    return stored


def _matches(document: FiscalDocument, wanted: DocumentFilter) -> bool:
    return all(
        (
            not wanted.document_types or document.document_type in wanted.document_types,
            wanted.parent_id is None or document.parent_id == wanted.parent_id,
            not wanted.submission or document.submission in wanted.submission,
            not wanted.legal_status or document.legal_status in wanted.legal_status,
            wanted.cufe is None or (wanted.cufe != "" and wanted.cufe in (document.cufe, document.expected_cufe)),
            wanted.number is None or document.number == wanted.number,
            wanted.external_id is None or document.external_id == wanted.external_id,
            wanted.receiver_ruc is None or document.draft.receiver.ruc == wanted.receiver_ruc,
            wanted.issued_from is None or document.issued_at >= wanted.issued_from,
            wanted.issued_before is None or document.issued_at < wanted.issued_before,
            wanted.updated_since is None or document.updated_at >= wanted.updated_since,
            wanted.overdue_before is None or waits_since_before(document, wanted.overdue_before),
            wanted.not_overdue_before is None or not waits_since_before(document, wanted.not_overdue_before),
            wanted.withdrawn is None or wanted.withdrawn is (document.withdrawn_at is not None),
        )
    )


def _others(attachments: list[Attachment], newest: Attachment) -> list[Attachment]:
    return [attachment for attachment in attachments if attachment.kind is not newest.kind]


def _detached(event: Event) -> Event:
    return replace(event, facts=dict(event.facts))
