"""Where the circuits of tenants are kept, so that every process sees the same."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol

from core.circuits import Circuit
from core.identifiers import TenantId


class CircuitStore(Protocol):
    """Raises StoreUnavailableError when it cannot be reached."""

    @abstractmethod
    async def circuit_of(self, tenant_id: TenantId) -> Circuit:
        """The tenant's circuit; a closed one when it never opened."""

    @abstractmethod
    async def change(self, tenant_id: TenantId, step: Callable[[Circuit], Circuit]) -> Circuit:
        """Apply a synchronous, pure step under the row's lock. ``step`` may run twice."""
