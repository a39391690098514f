"""Why a document is where it is, as of now."""

from datetime import datetime

from core.circuits import Circuit
from core.diagnosis import Diagnosis, diagnose, overdue_before
from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Clock
from core.schedules import Schedules


class DiagnoseDocument:
    """Tell the cause, the next step by itself and what a person may do."""

    def __init__(self, circuits: CircuitStore, clock: Clock, schedules: Schedules) -> None:
        self._circuits = circuits
        self._clock = clock
        self._schedules = schedules

    async def circuit(self, tenant_id: TenantId) -> Circuit:
        """Whether the tenant's documents are sent. Raises StoreUnavailableError."""
        return await self._circuits.circuit_of(tenant_id)

    def __call__(self, document: FiscalDocument, circuit: Circuit) -> Diagnosis:
        """The diagnosis; ``circuit`` is the one of the document's tenant, read once for many documents."""
        return diagnose(document, circuit, now=self._clock.now(), schedules=self._schedules)

    def overdue_before(self) -> datetime:
        """What was created before this and still waits is overdue now."""
        return overdue_before(self._clock.now(), self._schedules)
