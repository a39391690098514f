"""The circuits of tenants in memory."""

from collections.abc import Callable

from adapters.persistence.in_memory_state import InMemoryStore
from core.circuits import Circuit
from core.identifiers import TenantId
from core.ports.circuit_store import CircuitStore


class InMemoryCircuitStore(CircuitStore):
    """See the port."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def circuit_of(self, tenant_id: TenantId) -> Circuit:
        """See the port."""
        return self._store.circuits.get(tenant_id, Circuit(tenant_id=tenant_id))

    async def change(self, tenant_id: TenantId, step: Callable[[Circuit], Circuit]) -> Circuit:
        """See the port."""
        after = step(await self.circuit_of(tenant_id))
        self._store.circuits[tenant_id] = after
        return after
