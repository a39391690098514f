"""Tenants, their offices and API keys in SQL."""

from collections.abc import Sequence
from datetime import datetime

from adapters.persistence import sql_tenant_statements as sql
from adapters.persistence.connection import Connection, UniqueViolation
from adapters.persistence.instants import to_micros
from adapters.persistence.sql_intents import claim_intent, find_intent, intent_parameters, subject_of
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tenant_rows import (
    api_key_columns,
    api_key_of,
    office_columns,
    offices_of,
    tenant_columns,
    tenant_of,
)
from core.failures import (
    ApiKeyNotFoundError,
    BillingPointTakenError,
    CompanyTakenError,
    IdempotencyConflictError,
    OfficeCodeTakenError,
    OfficeNotFoundError,
    TenantNotFoundError,
)
from core.identifiers import ApiKeyId, OfficeId, TenantId
from core.intents import Intent
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.tenants import ApiKey, Caller, DoubtPolicy, Office, Role, Tenant


class SqlTenantResolver(TenantResolver):
    """Three reads; those by company and by key are among the few that cross tenants."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def get(self, tenant_id: TenantId) -> Tenant:
        """See the port."""
        rows = await self._units.read(sql.get_tenant, tenant_id=tenant_id)
        if not rows:
            raise TenantNotFoundError(tenant_id=tenant_id)
        return tenant_of(rows[0])

    async def find_by_company(self, pac_company_id: str) -> Tenant | None:
        """See the port."""
        rows = await self._units.read(sql.tenant_of_company, tenant_id=None, company=pac_company_id)
        return await self.get(rows[0]["tenant_id"]) if rows else None

    async def find_caller(self, secret_digest: str) -> Caller | None:
        """See the port."""
        rows = await self._units.read(sql.tenant_of_key, tenant_id=None, digest=secret_digest)
        if not rows:
            return None
        row = rows[0]
        return Caller(tenant_id=row["tenant_id"], key_id=row["key_id"], role=Role(row["role"]))


class SqlTenantDirectory(TenantDirectory):
    """What is taken is told by the unique indexes, so that two who come at once cannot both have it."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def add_tenant(self, tenant: Tenant) -> None:
        """See the port."""
        row = storable(tenant_columns(tenant))

        def unit(connection: Connection) -> None:
            connection.run(sql.add_tenant, **row)

        try:
            await self._units.write(unit, tenant_id=tenant.tenant_id)
        except UniqueViolation as broken:
            if broken.constraint == "uq_tenants_pac_company_id":
                raise CompanyTakenError from broken
            if broken.constraint == "pk_tenants":
                raise IdempotencyConflictError(path=("idempotencyKey",)) from broken
            raise

    async def tenants(self, *, limit: int) -> Sequence[Tenant]:
        """See the port. For operators: on PostgreSQL it needs the owner's connection."""
        return tuple(map(tenant_of, await self._units.read(sql.all_tenants, tenant_id=None, limit=limit)))

    async def set_doubt_policy(self, tenant_id: TenantId, policy: DoubtPolicy) -> None:
        """See the port."""

        def unit(connection: Connection) -> None:
            if connection.run(sql.set_doubt_policy, tenant=tenant_id, policy=policy.value) == 0:
                raise TenantNotFoundError(tenant_id=tenant_id)

        await self._units.write(unit, tenant_id=tenant_id)

    async def add_office(self, office: Office, *, intent: Intent | None = None) -> Office:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""
        return await self._units.write(
            lambda connection: _add_office(connection, office, intent), tenant_id=office.tenant_id
        )

    async def find_made_office(self, tenant_id: TenantId, intent: Intent) -> Office | None:
        """See the port."""
        rows = await self._units.read(find_intent, tenant_id=tenant_id, **intent_parameters(intent))
        return await self.get_office(tenant_id, OfficeId(subject_of(rows[0], intent))) if rows else None

    async def get_office(self, tenant_id: TenantId, office_id: OfficeId) -> Office:
        """See the port."""
        found = offices_of(await self._units.read(sql.get_office, tenant_id=tenant_id, office=office_id))
        if not found:
            raise OfficeNotFoundError(office_id=office_id)
        return found[0]

    async def offices(self, tenant_id: TenantId) -> Sequence[Office]:
        """See the port."""
        return tuple(offices_of(await self._units.read(sql.all_offices, tenant_id=tenant_id)))

    async def add_api_key(self, key: ApiKey) -> None:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""

        def unit(connection: Connection) -> None:
            lock_tenant(connection, key.tenant_id)
            connection.run(sql.add_api_key, **storable(api_key_columns(key)))

        try:
            await self._units.write(unit, tenant_id=key.tenant_id)
        except UniqueViolation as broken:
            if broken.constraint == "pk_api_keys":
                raise IdempotencyConflictError(path=("idempotencyKey",)) from broken
            raise

    async def revoke_api_key(self, tenant_id: TenantId, key_id: ApiKeyId, at: datetime) -> None:
        """See the port. A key that is revoked already keeps its first time."""
        params = storable({"tenant": tenant_id, "key": key_id, "at": to_micros(at)})
        known = await self._units.write(
            lambda connection: connection.run(sql.revoke_api_key, **params), tenant_id=tenant_id
        )
        if known == 0:
            raise ApiKeyNotFoundError(key_id=key_id)

    async def api_keys(self, tenant_id: TenantId) -> Sequence[ApiKey]:
        """See the port."""
        return tuple(map(api_key_of, await self._units.read(sql.all_api_keys, tenant_id=tenant_id)))


def lock_tenant(connection: Connection, tenant_id: TenantId) -> None:
    """Hold the tenant's row until the unit ends. Raises TenantNotFoundError."""
    if connection.one_or_none(sql.lock_tenant, **storable({"tenant": tenant_id})) is None:
        raise TenantNotFoundError(tenant_id=tenant_id)


def _add_office(connection: Connection, office: Office, intent: Intent | None) -> Office:
    lock_tenant(connection, office.tenant_id)
    made = claim_intent(connection, office.tenant_id, intent, subject_id=office.office_id, at=office.created_at)
    if made != office.office_id:
        kept = connection.execute(sql.get_office, **storable({"tenant": office.tenant_id, "office": made}))
        return offices_of(kept)[0]
    try:
        connection.run(sql.add_office, **storable(office_columns(office)))
    except UniqueViolation as broken:
        if broken.constraint == "uq_offices_code":
            raise OfficeCodeTakenError(code=office.code) from broken
        raise
    for place, point in enumerate(office.billing_points):
        row = {"tenant_id": office.tenant_id, "office_id": office.office_id, "billing_point": point, "place": place}
        try:
            connection.run(sql.add_billing_point, **storable(row))
        except UniqueViolation as broken:
            raise BillingPointTakenError(billing_point=point) from broken
    return office
