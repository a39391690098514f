"""Tenants, their offices, API keys and secrets in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adapters.persistence.connection import UniqueViolation
from adapters.persistence.in_memory_intents import find_made, remember_made
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.secret_box import SecretBox
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
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.tenants import ApiKey, Caller, DoubtPolicy, Office, SecretKind, Tenant

_MOST = 1_000


class InMemoryTenantResolver(TenantResolver):
    """Reads what InMemoryTenantDirectory wrote."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def get(self, tenant_id: TenantId) -> Tenant:
        """See the port."""
        return _tenant(self._store, tenant_id)

    async def find_by_company(self, pac_company_id: str) -> Tenant | None:
        """See the port."""
        return next(
            (tenant for tenant in self._store.tenants.values() if tenant.pac_company_id == pac_company_id),
            None,
        )

    async def find_caller(self, secret_digest: str) -> Caller | None:
        """See the port."""
        for key in self._store.api_keys.values():
            if key.secret_digest == secret_digest and key.revoked_at is None:
                return Caller(tenant_id=key.tenant_id, key_id=key.key_id, role=key.role)
        return None


class InMemoryTenantDirectory(TenantDirectory):
    """Refuses the same rows as the unique indexes of the SQL store."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def add_tenant(self, tenant: Tenant) -> None:
        """See the port."""
        if tenant.tenant_id in self._store.tenants:
            raise IdempotencyConflictError(path=("idempotencyKey",))
        for other in self._store.tenants.values():
            if tenant.pac_company_id is not None and other.pac_company_id == tenant.pac_company_id:
                raise CompanyTakenError
        self._store.tenants[tenant.tenant_id] = tenant

    async def tenants(self, *, limit: int) -> Sequence[Tenant]:
        """See the port."""
        ordered = sorted(self._store.tenants.values(), key=lambda one: (one.created_at, one.tenant_id))
        return tuple(ordered[:limit])

    async def set_doubt_policy(self, tenant_id: TenantId, policy: DoubtPolicy) -> None:
        """See the port."""
        self._store.tenants[tenant_id] = replace(_tenant(self._store, tenant_id), doubt_policy=policy)

    async def add_office(self, office: Office, *, intent: Intent | None = None) -> Office:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""
        _tenant(self._store, office.tenant_id)
        made = find_made(self._store, office.tenant_id, intent)
        if made is not None:
            return self._store.offices[office.tenant_id, OfficeId(made)]
        if (office.tenant_id, office.office_id) in self._store.offices:
            raise UniqueViolation("pk_offices")
        others = await self.offices(office.tenant_id)
        if any(other.code == office.code for other in others):
            raise OfficeCodeTakenError(code=office.code)
        taken = {point for other in others for point in other.billing_points}
        for place, point in enumerate(office.billing_points):
            if point in taken or point in office.billing_points[:place]:
                raise BillingPointTakenError(billing_point=point)
        self._store.offices[office.tenant_id, office.office_id] = office
        remember_made(self._store, office.tenant_id, intent, office.office_id)
        return office

    async def find_made_office(self, tenant_id: TenantId, intent: Intent) -> Office | None:
        """See the port."""
        made = find_made(self._store, tenant_id, intent)
        return None if made is None else self._store.offices[tenant_id, OfficeId(made)]

    async def get_office(self, tenant_id: TenantId, office_id: OfficeId) -> Office:
        """See the port."""
        office = self._store.offices.get((tenant_id, office_id))
        if office is None:
            raise OfficeNotFoundError(office_id=office_id)
        return office

    async def offices(self, tenant_id: TenantId) -> Sequence[Office]:
        """See the port."""
        own = [office for (owner, _), office in self._store.offices.items() if owner == tenant_id]
        return tuple(sorted(own, key=lambda one: (one.created_at, one.office_id))[:_MOST])

    async def add_api_key(self, key: ApiKey) -> None:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""
        _tenant(self._store, key.tenant_id)
        if (key.tenant_id, key.key_id) in self._store.api_keys:
            raise IdempotencyConflictError(path=("idempotencyKey",))
        if any(other.secret_digest == key.secret_digest for other in self._store.api_keys.values()):
            raise UniqueViolation("uq_api_keys_secret_digest")
        self._store.api_keys[key.tenant_id, key.key_id] = key

    async def revoke_api_key(self, tenant_id: TenantId, key_id: ApiKeyId, at: datetime) -> None:
        """See the port. A key that is revoked already keeps its first time."""
        key = self._store.api_keys.get((tenant_id, key_id))
        if key is None:
            raise ApiKeyNotFoundError(key_id=key_id)
        if key.revoked_at is None:
            self._store.api_keys[tenant_id, key_id] = replace(key, revoked_at=at)

    async def api_keys(self, tenant_id: TenantId) -> Sequence[ApiKey]:
        """See the port."""
        own = [key for (owner, _), key in self._store.api_keys.items() if owner == tenant_id]
        return tuple(sorted(own, key=lambda one: (one.created_at, one.key_id))[:_MOST])


class InMemoryTenantSecrets(TenantSecrets):
    """Sealed here too, so that a test sees the same failures."""

    def __init__(self, store: InMemoryStore, box: SecretBox) -> None:
        self._store = store
        self._box = box

    async def current(self, tenant_id: TenantId, kind: SecretKind) -> Sequence[str]:
        """See the port."""
        sealed = self._store.secrets.get((tenant_id, kind), ())
        return tuple(self._box.open(one, tenant_id, kind) for _, one in sealed)

    async def put(
        self, tenant_id: TenantId, kind: SecretKind, secret: str, at: datetime, *, keep_previous: bool
    ) -> None:
        """See the port. Raises TenantNotFoundError for an unknown tenant."""
        _tenant(self._store, tenant_id)
        older = self._store.secrets.get((tenant_id, kind), ())[:1] if keep_previous else ()
        self._store.secrets[tenant_id, kind] = ((at, self._box.seal(secret, tenant_id, kind)), *older)

    async def reseal(self, tenant_id: TenantId, kind: SecretKind) -> int:
        """See the port."""
        _tenant(self._store, tenant_id)
        kept = self._store.secrets.get((tenant_id, kind), ())
        older = [sealed for _, sealed in kept if not self._box.is_newest(sealed)]
        anew = {sealed: self._box.seal(self._box.open(sealed, tenant_id, kind), tenant_id, kind) for sealed in older}
        if older:
            self._store.secrets[tenant_id, kind] = tuple((at, anew.get(sealed, sealed)) for at, sealed in kept)
        return len(older)


def _tenant(store: InMemoryStore, tenant_id: TenantId) -> Tenant:
    tenant = store.tenants.get(tenant_id)
    if tenant is None:
        raise TenantNotFoundError(tenant_id=tenant_id)
    return tenant
