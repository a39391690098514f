"""TenantResolver and TenantDirectory: who issues, from which offices, with which keys."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.codes import Environment, RucType
from core.failures import (
    ApiKeyNotFoundError,
    BillingPointTakenError,
    CompanyTakenError,
    OfficeCodeTakenError,
    OfficeNotFoundError,
    TenantNotFoundError,
)
from core.identifiers import ApiKeyId, OfficeId, TenantId
from core.tenants import Caller, DoubtPolicy, Role, WebhookAuthentication
from tests.builders import NOW, a_tenant, an_api_key, an_office

LATER = NOW + timedelta(minutes=1)


async def test_a_tenant_comes_back_as_it_was_given(stores: Stores) -> None:
    tenant = a_tenant(
        ruc_type=RucType.LEGAL,
        environment=Environment.PRODUCTION,
        doubt_policy=DoubtPolicy.RESEND,
        webhook_authentication=WebhookAuthentication.HMAC_SHA256,
    )
    await stores.directory.add_tenant(tenant)
    assert await stores.tenants.get(tenant.tenant_id) == tenant
    assert tenant.pac_company_id is not None
    assert await stores.tenants.find_by_company(tenant.pac_company_id) == tenant


async def test_unknown_tenants_companies_and_keys_are_not_found(stores: Stores, tenant_id: TenantId) -> None:
    for unknown in ("unknown", "", "\x00", "\ud800", "' OR 1=1 --"):
        with pytest.raises(TenantNotFoundError):
            await stores.tenants.get(TenantId(unknown))
        assert await stores.tenants.find_by_company(unknown) is None
        assert await stores.tenants.find_caller(unknown) is None


async def test_tenants_without_a_company_are_not_found_by_one(stores: Stores) -> None:
    for _ in range(2):
        await stores.directory.add_tenant(a_tenant(pac_company_id=None))
    assert await stores.tenants.find_by_company("None") is None


async def test_a_company_belongs_to_one_tenant(stores: Stores) -> None:
    first = a_tenant(pac_company_id="company-1")
    await stores.directory.add_tenant(first)
    with pytest.raises(CompanyTakenError):
        await stores.directory.add_tenant(a_tenant(pac_company_id="company-1"))
    assert await stores.tenants.find_by_company("company-1") == first


async def test_lists_tenants_oldest_first(stores: Stores, operator_stores: Stores) -> None:
    tenants = [a_tenant(created_at=NOW + timedelta(seconds=seconds)) for seconds in (3, 1, 2)]
    for tenant in tenants:
        await stores.directory.add_tenant(tenant)
    assert list(await operator_stores.directory.tenants(limit=10)) == [tenants[1], tenants[2], tenants[0]]
    assert list(await operator_stores.directory.tenants(limit=1)) == [tenants[1]]


async def test_offices_come_back_with_their_billing_points_in_order(stores: Stores, tenant_id: TenantId) -> None:
    head = an_office(tenant_id, billing_points=("009", "001", "005"))
    branch = an_office(tenant_id, code="0002", billing_points=("002",), created_at=LATER)
    bare = an_office(tenant_id, code="0003", billing_points=(), created_at=LATER + timedelta(seconds=1))
    for office in (bare, branch, head):
        await stores.directory.add_office(office)
    assert await stores.directory.get_office(tenant_id, head.office_id) == head
    assert await stores.directory.get_office(tenant_id, bare.office_id) == bare
    assert list(await stores.directory.offices(tenant_id)) == [head, branch, bare]


async def test_an_office_code_is_used_once_per_tenant(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    await stores.directory.add_office(an_office(tenant_id, code="0001"))
    with pytest.raises(OfficeCodeTakenError):
        await stores.directory.add_office(an_office(tenant_id, code="0001", billing_points=("002",)))
    await stores.directory.add_office(an_office(stranger_id, code="0001"))


async def test_a_billing_point_belongs_to_one_office_and_nothing_is_half_written(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    head = an_office(tenant_id, billing_points=("001", "002"))
    await stores.directory.add_office(head)
    for points in (("003", "002"), ("004", "004")):
        with pytest.raises(BillingPointTakenError):
            await stores.directory.add_office(an_office(tenant_id, code="0009", billing_points=points))
    assert list(await stores.directory.offices(tenant_id)) == [head]
    await stores.directory.add_office(an_office(tenant_id, code="0009", billing_points=("003", "004")))
    await stores.directory.add_office(an_office(stranger_id, billing_points=("001",)))


async def test_concurrent_offices_cannot_share_a_billing_point(stores: Stores, tenant_id: TenantId) -> None:
    offices = [an_office(tenant_id, code=f"{place:04d}") for place in range(8)]
    answers = await asyncio.gather(*(stores.directory.add_office(office) for office in offices), return_exceptions=True)
    assert sum(isinstance(answer, BillingPointTakenError) for answer in answers) == 7
    assert len(await stores.directory.offices(tenant_id)) == 1


async def test_another_tenants_office_is_not_found(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    office = an_office(tenant_id)
    await stores.directory.add_office(office)
    for owner, name in ((stranger_id, office.office_id), (tenant_id, OfficeId("unknown"))):
        with pytest.raises(OfficeNotFoundError):
            await stores.directory.get_office(owner, name)
    assert list(await stores.directory.offices(stranger_id)) == []


async def test_nothing_is_kept_for_a_tenant_who_does_not_exist(stores: Stores) -> None:
    nobody = TenantId("nobody")
    with pytest.raises(TenantNotFoundError):
        await stores.directory.add_office(an_office(nobody))
    with pytest.raises(TenantNotFoundError):
        await stores.directory.add_api_key(an_api_key(nobody))
    assert list(await stores.directory.offices(nobody)) == []
    assert list(await stores.directory.api_keys(nobody)) == []


async def test_a_caller_is_found_by_the_digest_of_a_key_until_it_is_revoked(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    key = an_api_key(tenant_id, role=Role.OPERATOR)
    other = an_api_key(stranger_id)
    for one in (key, other):
        await stores.directory.add_api_key(one)
    caller = Caller(tenant_id=tenant_id, key_id=key.key_id, role=Role.OPERATOR)
    assert await stores.tenants.find_caller(key.secret_digest) == caller
    await stores.directory.revoke_api_key(tenant_id, key.key_id, LATER)
    assert await stores.tenants.find_caller(key.secret_digest) is None
    assert await stores.tenants.find_caller(other.secret_digest) is not None


async def test_keys_are_listed_oldest_first_revoked_ones_too(stores: Stores, tenant_id: TenantId) -> None:
    newer, older = an_api_key(tenant_id, created_at=LATER), an_api_key(tenant_id)
    for key in (newer, older):
        await stores.directory.add_api_key(key)
    await stores.directory.revoke_api_key(tenant_id, older.key_id, NOW)
    await stores.directory.revoke_api_key(tenant_id, older.key_id, LATER)
    assert list(await stores.directory.api_keys(tenant_id)) == [replace(older, revoked_at=NOW), newer]


async def test_another_tenants_key_cannot_be_revoked_or_seen(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    key = an_api_key(tenant_id)
    await stores.directory.add_api_key(key)
    for owner, name in ((stranger_id, key.key_id), (tenant_id, ApiKeyId("unknown"))):
        with pytest.raises(ApiKeyNotFoundError):
            await stores.directory.revoke_api_key(owner, name, NOW)
    assert list(await stores.directory.api_keys(stranger_id)) == []
    assert await stores.tenants.find_caller(key.secret_digest) is not None
