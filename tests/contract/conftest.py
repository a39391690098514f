"""Every implementation of the stores, empty: the suites here say what each port promises, whoever keeps it."""

from collections.abc import AsyncIterator

import pytest

from adapters.persistence.in_memory_store import in_memory_stores
from adapters.persistence.stores import Stores
from core.identifiers import TenantId
from tests.builders import a_tenant


@pytest.fixture(params=["memory"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    yield in_memory_stores()


@pytest.fixture
async def tenant_id(stores: Stores) -> TenantId:
    tenant = a_tenant()
    await stores.directory.add_tenant(tenant)
    return tenant.tenant_id


@pytest.fixture
async def stranger_id(stores: Stores) -> TenantId:
    """Another tenant of the same installation, who must see nothing of the first."""
    tenant = a_tenant()
    await stores.directory.add_tenant(tenant)
    return tenant.tenant_id
