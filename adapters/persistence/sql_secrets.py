"""Tenants' secrets in SQL, sealed before they come near the database."""

from collections.abc import Sequence
from datetime import datetime

from adapters.persistence import sql_tenant_statements as sql
from adapters.persistence.connection import Connection
from adapters.persistence.instants import to_micros
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sql_tenants import lock_tenant
from adapters.persistence.store_units import StoreUnits
from core.identifiers import TenantId
from core.ports.tenant_resolver import TenantSecrets
from core.tenants import SecretKind


class SqlTenantSecrets(TenantSecrets):
    """At most two secrets of a kind: age 0 is the newest, age 1 the one before it."""

    def __init__(self, units: StoreUnits, box: SecretBox) -> None:
        self._units = units
        self._box = box

    async def current(self, tenant_id: TenantId, kind: SecretKind) -> Sequence[str]:
        """See the port."""
        rows = await self._units.read(sql.current_secrets, tenant_id=tenant_id, of_kind=kind.value)
        return tuple(self._box.open(row["sealed"], tenant_id, kind) for row in rows)

    async def put(
        self, tenant_id: TenantId, kind: SecretKind, secret: str, at: datetime, *, keep_previous: bool
    ) -> None:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""
        sealed = self._box.seal(secret, tenant_id, kind)
        which = {"tenant": tenant_id, "of_kind": kind.value}

        def unit(connection: Connection) -> None:
            lock_tenant(connection, tenant_id)
            connection.run(sql.drop_secrets, **which, from_age=1 if keep_previous else 0)
            connection.run(sql.age_secrets, **which)
            connection.run(
                sql.add_secret,
                tenant_id=tenant_id,
                kind=kind.value,
                age=0,
                sealed=sealed,
                created_at=to_micros(at),
            )

        await self._units.write(unit, tenant_id=tenant_id)

    async def reseal(self, tenant_id: TenantId, kind: SecretKind) -> int:
        """See the port."""
        which = {"tenant": tenant_id, "of_kind": kind.value}

        def unit(connection: Connection) -> int:
            lock_tenant(connection, tenant_id)  # nobody puts a new secret between reading and writing
            resealed = 0
            for row in connection.execute(sql.current_secrets, **which):
                if self._box.is_newest(row["sealed"]):
                    continue
                anew = self._box.seal(self._box.open(row["sealed"], tenant_id, kind), tenant_id, kind)
                connection.run(sql.reseal_secret, **which, of_age=row["age"], sealed_anew=anew)
                resealed += 1
            return resealed

        return await self._units.write(unit, tenant_id=tenant_id)
