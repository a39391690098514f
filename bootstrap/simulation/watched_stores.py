"""Production's stores with a witness who is told of what was committed, and files and marks that a process can lose."""

from collections.abc import Callable
from dataclasses import replace

from adapters.persistence.connection import Database
from adapters.persistence.in_memory_departures import InMemoryDepartureLog
from adapters.persistence.in_memory_file_store import InMemoryFileStore
from adapters.persistence.in_memory_series import InMemoryHighWaterMarks
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sql_documents import SqlDocumentRepository
from adapters.persistence.sql_webhook_inbox import SqlWebhookInbox
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.stores import Stores, sql_stores
from bootstrap.simulation.process_wiring import SECRETS_KEY
from bootstrap.simulation.processes import SimulatedProcess
from bootstrap.simulation.sweep_clock import Alarm
from bootstrap.simulation.witness import Witness
from core.departures import Departure, VoidDeparture
from core.documents import Change, FiscalDocument, Recording, SeriesKey
from core.failures import StoreUnavailableError
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.document_repository import FamilyStep, Recorded, Reservation
from core.ports.webhook_inbox import Delivery, DeliveryState, Stored

Reach = Callable[[str], None]


class WatchedDocuments(SqlDocumentRepository):
    """The production repository; each committed state is shown to the witness."""

    def __init__(self, units: StoreUnits, witness: Witness, alarm: Alarm) -> None:
        super().__init__(units)
        self._witness = witness
        self._alarm = alarm

    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        """See the port."""
        built: list[Recording] = []

        def noted(number: int) -> Recording:
            built.append(build(number))
            return built[-1]

        recorded = await super().record(reservation, noted)
        if not recorded.is_replay:
            self._witness.recorded(recorded.document, built[-1].body)
        self._saw(recorded.document)
        return recorded

    async def update(
        self, tenant_id: TenantId, document_id: DocumentId, step: Callable[[FiscalDocument], Change | None]
    ) -> FiscalDocument:
        """See the port."""
        return self._saw(await super().update(tenant_id, document_id, step))

    async def update_family(self, tenant_id: TenantId, document_id: DocumentId, step: FamilyStep) -> FiscalDocument:
        """See the port."""
        return self._saw(await super().update_family(tenant_id, document_id, step))

    def _saw(self, document: FiscalDocument) -> FiscalDocument:
        if self._witness.saw(document):
            self._alarm.sooner()
        return document


class WatchedInbox(SqlWebhookInbox):
    """The production inbox; the witness knows which deliveries wait."""

    def __init__(self, units: StoreUnits, witness: Witness, alarm: Alarm) -> None:
        super().__init__(units)
        self._witness = witness
        self._alarm = alarm

    async def store(self, delivery: Delivery) -> Stored:
        """See the port."""
        stored = await super().store(delivery)
        self._witness.stored(stored.delivery)
        self._alarm.sooner()
        return stored

    async def settle(
        self, tenant_id: TenantId, delivery_id: DeliveryId, state: DeliveryState, document_id: DocumentId | None
    ) -> None:
        """See the port."""
        await super().settle(tenant_id, delivery_id, state, document_id)
        self._witness.waiting.pop(delivery_id, None)


class FallibleFiles(InMemoryFileStore):
    """The file store as one process reaches it."""

    def __init__(self, shelf: InMemoryStore, process: SimulatedProcess, is_full: Callable[[], bool]) -> None:
        super().__init__(shelf)
        self._process = process
        self._is_full = is_full

    async def put(self, tenant_id: TenantId, content: bytes) -> str:
        """See the port. Crash point: ``after_file_before_row``."""
        self._process.enter()
        if self._is_full():
            raise StoreUnavailableError
        digest = await super().put(tenant_id, content)
        self._process.reach("after_file_before_row")
        return digest


class FallibleMarks(InMemoryHighWaterMarks):
    """The high-water marks as one process reaches them."""

    def __init__(self, shelf: InMemoryStore, process: SimulatedProcess) -> None:
        super().__init__(shelf)
        self._process = process

    async def raise_to(self, tenant_id: TenantId, series: SeriesKey, number: int) -> None:
        """See the port. Crash point: ``after_mark_before_claim``."""
        self._process.enter()
        await super().raise_to(tenant_id, series, number)
        self._process.reach("after_mark_before_claim")


class FallibleDepartures(InMemoryDepartureLog):
    """The departure log as one process reaches it."""

    def __init__(self, shelf: InMemoryStore, process: SimulatedProcess) -> None:
        super().__init__(shelf)
        self._process = process

    async def keep(self, departure: Departure | VoidDeparture) -> None:
        """See the port."""
        self._process.enter()
        await super().keep(departure)


def stores_of(
    process: SimulatedProcess,
    database: Database,
    shelf: InMemoryStore,
    witness: Witness,
    alarm: Alarm,
    files_are_full: Callable[[], bool],
) -> Stores:
    """Everything that a process keeps things in."""
    units = StoreUnits(database)
    stores = sql_stores(
        database,
        box=SecretBox(SECRETS_KEY),
        files=FallibleFiles(shelf, process, files_are_full),
        marks=FallibleMarks(shelf, process),
        departures=FallibleDepartures(shelf, process),
    )
    return replace(stores, documents=WatchedDocuments(units, witness, alarm), inbox=WatchedInbox(units, witness, alarm))
