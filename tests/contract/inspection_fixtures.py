"""Stores to fill and what looks into them, on every engine; on PostgreSQL the looking is done as the owner."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.persistence.in_memory_inspection import InMemoryBlobInspection, InMemoryStoreInspection
from adapters.persistence.in_memory_store import InMemoryStore, in_memory_stores
from adapters.persistence.in_memory_work_gauges import InMemoryWorkGauges
from adapters.persistence.inspections import open_gauges, open_inspection
from adapters.persistence.local_blob_inspection import LocalBlobInspection
from adapters.persistence.stores import Stores, open_stores
from core.ports.store_inspection import BlobInspection, StoreInspection
from core.ports.work_gauges import WorkGauges
from tests.builders import (
    INVOICES,
)
from tests.services import PostgresRoles

KEY = bytes(range(32))
SECOND_POINT = replace(INVOICES, billing_point="002")


@dataclass(frozen=True)
class Looked:
    """One engine."""

    stores: Stores
    inspection: StoreInspection
    blobs: BlobInspection
    gauges: WorkGauges


@asynccontextmanager
async def looking(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Looked]:
    if request.param == "memory":
        memory = InMemoryStore()
        yield Looked(
            in_memory_stores(memory),
            InMemoryStoreInspection(memory),
            InMemoryBlobInspection(memory),
            InMemoryWorkGauges(memory),
        )
        return
    if request.param == "sqlite":
        url = owner_url = str(request.getfixturevalue("empty_sqlite_url"))
    else:
        roles: PostgresRoles = request.getfixturevalue("empty_postgres_roles")
        url, owner_url = roles.application_url, roles.owner_url
    async with AsyncExitStack() as opened:
        files = tmp_path / "files"
        stores = await open_stores(url, secrets_key=KEY, files_folder=files, marks_folder=tmp_path / "marks")
        opened.push_async_callback(stores.close)
        inspection = await open_inspection(owner_url)
        opened.push_async_callback(inspection.close)
        gauges = await open_gauges(owner_url)
        opened.push_async_callback(gauges.close)
        yield Looked(stores, inspection.store, LocalBlobInspection(files), gauges.gauges)
