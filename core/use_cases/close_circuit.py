"""An administrator closes a taxpayer's circuit: what made it open is mended."""

import logging

from core.circuits import Circuit
from core.identifiers import TenantId
from core.ports.circuit_store import CircuitStore
from core.ports.tenant_resolver import TenantResolver

log = logging.getLogger(__name__)


class CloseCircuit:
    """Documents are sent again as they come due; should the PAC still refuse, it opens again."""

    def __init__(self, tenants: TenantResolver, circuits: CircuitStore) -> None:
        self._tenants = tenants
        self._circuits = circuits

    async def __call__(self, tenant_id: TenantId, administrator: str) -> Circuit:
        """The closed circuit. May be repeated. Raises TenantNotFoundError."""
        await self._tenants.get(tenant_id)
        closed = await self._circuits.change(tenant_id, lambda current: Circuit(tenant_id=current.tenant_id))
        log.warning("The circuit of tenant %s was closed by %s", tenant_id, administrator)
        return closed
