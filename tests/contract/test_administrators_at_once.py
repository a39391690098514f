"""Administrators who create the same thing at the same moment get the same thing, on every store."""

import asyncio

import pytest

from adapters.persistence.stores import Stores
from core.codes import Environment, RucType
from core.failures import CompanyTakenError, IdempotencyConflictError
from core.identifiers import TenantId
from core.ports.tenant_resolver import TenantResolver
from core.tenants import ApiKey, Caller, Role, Tenant
from core.use_cases.api_keys import AuthenticateCaller, CreateApiKey
from core.use_cases.create_once import CreateApiKeyOnce, CreateTenantOnce
from tests.builders import ISSUER_DV, ISSUER_RUC, a_tenant, an_api_key
from tests.world import World


class TogetherTenants(TenantResolver):
    """Lets two callers look before either goes on, and later look-ups through as they come."""

    def __init__(self, tenants: TenantResolver) -> None:
        self._tenants = tenants
        self._looking = asyncio.Barrier(2)
        self._first = 2

    async def get(self, tenant_id: TenantId) -> Tenant:
        try:
            return await self._tenants.get(tenant_id)
        finally:
            if self._first:
                self._first -= 1
                await self._looking.wait()

    async def find_by_company(self, pac_company_id: str) -> Tenant | None:
        return await self._tenants.find_by_company(pac_company_id)

    async def find_caller(self, secret_digest: str) -> Caller | None:
        return await self._tenants.find_caller(secret_digest)


async def tenants_at_once(world: World, *names: str, company: str | None) -> list[Tenant | BaseException]:
    create = CreateTenantOnce(TogetherTenants(world.stores.tenants), world.create_tenant)
    calls = [
        create(
            "the-bakery",
            name=name,
            ruc=ISSUER_RUC,
            ruc_type=RucType.NATURAL,
            dv=ISSUER_DV,
            environment=Environment.TEST,
            pac_company_id=company,
        )
        for name in names
    ]
    return await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize("company", [None, "the-same-company"])
async def test_one_key_at_once_gives_one_tenant(stores: Stores, company: str | None) -> None:
    world = World(stores=stores)
    first, second = await tenants_at_once(world, "Panadería Sol", "Panadería Sol", company=company)
    assert isinstance(first, Tenant), first
    assert second == first == await stores.tenants.get(first.tenant_id)


@pytest.mark.parametrize("company", [None, "the-same-company"])
async def test_one_key_at_once_with_another_input_is_a_conflict(stores: Stores, company: str | None) -> None:
    world = World(stores=stores)
    ended = await tenants_at_once(world, "Panadería Sol", "Panadería Luna", company=company)
    (made,) = [end for end in ended if isinstance(end, Tenant)]
    (lost,) = [end for end in ended if isinstance(end, IdempotencyConflictError)]
    assert lost.path == ("idempotencyKey",)
    assert await stores.tenants.get(made.tenant_id) == made


async def test_a_company_of_another_key_is_still_said_to_be_taken(stores: Stores) -> None:
    world = World(stores=stores)
    await stores.directory.add_tenant(a_tenant(pac_company_id="theirs"))
    ended = await tenants_at_once(world, "Panadería Sol", "Panadería Sol", company="theirs")
    assert [type(end) for end in ended] == [CompanyTakenError] * 2


async def keys_at_once(
    world: World, tenant_id: TenantId, *names: str
) -> list[tuple[ApiKey, str | None] | BaseException]:
    stores = world.stores
    together = TogetherTenants(stores.tenants)  # CreateApiKey looks for the tenant after both saw no key
    create = CreateApiKey(together, stores.directory, world.clock, world.identifiers, world.chance)
    once = CreateApiKeyOnce(stores.directory, create)
    calls = [once(tenant_id, "till", name=name, role=Role.ISSUER) for name in names]
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_one_key_at_once_gives_one_api_key_whose_secret_is_shown_once(
    stores: Stores, tenant_id: TenantId
) -> None:
    world = World(stores=stores)
    ended = await keys_at_once(world, tenant_id, "till", "till")
    made = [end for end in ended if not isinstance(end, BaseException)]
    assert [key for key, _ in made] == [made[0][0]] * 2, ended
    (secret,) = [secret for _, secret in made if secret is not None]
    caller = await AuthenticateCaller(stores.tenants)(f"Bearer {secret}")
    assert (caller.tenant_id, caller.role) == (tenant_id, Role.ISSUER)
    assert await stores.directory.api_keys(tenant_id) == (made[0][0],)


async def test_one_key_at_once_for_two_api_keys_is_a_conflict(stores: Stores, tenant_id: TenantId) -> None:
    ended = await keys_at_once(World(stores=stores), tenant_id, "till", "kitchen")
    assert sorted(type(end).__name__ for end in ended) == ["IdempotencyConflictError", "tuple"]


async def test_a_taken_id_is_a_conflict_and_changes_nothing(stores: Stores, tenant_id: TenantId) -> None:
    tenant = await stores.tenants.get(tenant_id)
    with pytest.raises(IdempotencyConflictError):
        await stores.directory.add_tenant(a_tenant(tenant_id=tenant_id, name="Otra, S.A."))
    assert await stores.tenants.get(tenant_id) == tenant
    key = an_api_key(tenant_id)
    await stores.directory.add_api_key(key)
    with pytest.raises(IdempotencyConflictError):
        await stores.directory.add_api_key(an_api_key(tenant_id, key_id=key.key_id))
    assert await stores.directory.api_keys(tenant_id) == (key,)
