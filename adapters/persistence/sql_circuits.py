"""The circuits of tenants in SQL."""

from collections.abc import Callable

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row, Statement, insert_into
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables.circuit_tables import circuits
from core.circuits import Circuit, CircuitState
from core.identifiers import TenantId
from core.ports.circuit_store import CircuitStore

_of_tenant = circuits.c.tenant_id == sa.bindparam("tenant")
_find = Statement(sa.select(circuits).where(_of_tenant))
_lock = Statement(sa.select(circuits).where(_of_tenant).with_for_update())
_begin = Statement(
    lambda dialect: insert_into(dialect, circuits).on_conflict_do_nothing(index_elements=[circuits.c.tenant_id])
)
_change = Statement(
    sa.update(circuits)
    .where(_of_tenant)
    .values({name: sa.bindparam(name) for name in ("state", "failures", "openings", "reason", "opened_at", "probe_at")})
)


class SqlCircuitStore(CircuitStore):
    """One row per tenant whose circuit ever changed."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def circuit_of(self, tenant_id: TenantId) -> Circuit:
        """See the port."""
        rows = await self._units.read(_find, tenant_id=tenant_id, tenant=tenant_id)
        return _circuit_of(rows[0]) if rows else Circuit(tenant_id=tenant_id)

    async def change(self, tenant_id: TenantId, step: Callable[[Circuit], Circuit]) -> Circuit:
        """See the port."""

        def unit(connection: Connection) -> Circuit:
            connection.run(_begin, tenant_id=tenant_id, **_columns(Circuit(tenant_id=tenant_id)))
            after = step(_circuit_of(connection.one(_lock, tenant=tenant_id)))
            connection.run(_change, tenant=tenant_id, **_columns(after))
            return after

        return await self._units.write(unit, tenant_id=tenant_id)


def _columns(circuit: Circuit) -> Row:
    return {
        "state": circuit.state.value,
        "failures": circuit.failures,
        "openings": circuit.openings,
        "reason": circuit.reason,
        "opened_at": to_micros(circuit.opened_at),
        "probe_at": to_micros(circuit.probe_at),
    }


def _circuit_of(row: Row) -> Circuit:
    return Circuit(
        tenant_id=row["tenant_id"],
        state=CircuitState(row["state"]),
        failures=row["failures"],
        openings=row["openings"],
        reason=row["reason"],
        opened_at=from_micros(row["opened_at"]),
        probe_at=from_micros(row["probe_at"]),
    )
