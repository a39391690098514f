"""How much work several workers do in vain on one queue: ``python -m benchmarks.claims`` (needs PostgreSQL).

Each worker takes what is due, reads the document twice, as a submission does, and claims it under its lock. Printed
are claims that took the document, claims in vain, and the seconds until nothing was due.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.persistence.application_role import grant_to_application
from adapters.persistence.migration import migrate
from adapters.persistence.stores import Stores, open_stores
from core.documents import Change, FiscalDocument
from core.identifiers import DocumentId, TenantId
from tests.builders import NOW, a_tenant, record_document
from tests.services import postgres_roles_for_tests

WORKERS = 4
WORK_SECONDS = 0.05
SHAPES = ((1, 200), (10, 20), (200, 1))  # tenants, documents of each


@dataclass(slots=True, kw_only=True)
class Tally:
    """Claims of all workers together."""

    useful: int = 0
    useless: int = 0


async def work(stores: Stores, tally: Tally, *, after_seconds: float) -> None:
    """Sweep until nothing is due, with the sweep's own limits."""
    await asyncio.sleep(after_seconds)
    in_flight = asyncio.Semaphore(16)
    while tenants := await stores.due_work.due_tenants(NOW, limit=50):
        await asyncio.gather(*(_sweep(stores, tally, tenant_id, in_flight) for tenant_id in tenants))


async def _sweep(stores: Stores, tally: Tally, tenant_id: TenantId, in_flight: asyncio.Semaphore) -> None:
    own_share = asyncio.Semaphore(4)

    async def handle(document_id: DocumentId) -> None:
        async with own_share, in_flight:
            for _ in range(2):
                await stores.documents.get(tenant_id, document_id)
            if await _claim(stores, tenant_id, document_id):
                tally.useful += 1
                await asyncio.sleep(WORK_SECONDS)
            else:
                tally.useless += 1

    due = await stores.due_work.due_documents(tenant_id, NOW, limit=20)
    await asyncio.gather(*(handle(one.document_id) for one in due))


async def _claim(stores: Stores, tenant_id: TenantId, document_id: DocumentId) -> bool:
    took = False

    def step(now: FiscalDocument) -> Change | None:
        nonlocal took
        took = now.next_action_at is not None and now.next_action_at <= NOW
        return Change(document=replace(now, next_action_at=NOW + timedelta(seconds=90))) if took else None

    await stores.documents.update(tenant_id, document_id, step)
    return took


async def measure(workers: Sequence[Stores], tenants: int, each: int, *, apart_seconds: float) -> None:
    """One line of the table."""
    for _ in range(tenants):
        tenant = a_tenant()
        await workers[0].directory.add_tenant(tenant)
        for _ in range(each):
            await record_document(workers[0].documents, tenant.tenant_id, next_action_at=NOW)
    tally, began = Tally(), time.perf_counter()
    await asyncio.gather(
        *(work(stores, tally, after_seconds=place * apart_seconds) for place, stores in enumerate(workers))
    )
    seconds = time.perf_counter() - began
    print(f"{tenants:>4} x {each:<4} {apart_seconds:>4} s apart  {tally}  {seconds:.1f} s")  # noqa: T201


async def main(url: str, folder: Path) -> None:
    """Every shape, with workers that begin in step and apart."""
    workers = [
        await open_stores(url, secrets_key=bytes(32), files_folder=folder, marks_folder=folder) for _ in range(WORKERS)
    ]
    for tenants, each in SHAPES:
        for apart_seconds in (0.0, 0.25):
            await measure(workers, tenants, each, apart_seconds=apart_seconds)
    for stores in workers:
        await stores.close()


if __name__ == "__main__":
    with postgres_roles_for_tests() as roles, TemporaryDirectory() as scratch:
        migrate(roles.owner_url)
        grant_to_application(roles.owner_url, roles.application_role)
        asyncio.run(main(roles.application_url, Path(scratch)))
