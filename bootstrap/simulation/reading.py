"""Reads everything that is committed, for the witness and for the judge."""

from typing import Protocol

from adapters.persistence.in_memory_departures import InMemoryDepartureLog
from adapters.persistence.in_memory_file_store import InMemoryFileStore
from adapters.persistence.in_memory_series import InMemoryHighWaterMarks
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.simulated_disk import SimulatedDisk
from adapters.persistence.stores import Stores, sql_stores
from bootstrap.simulation.process_wiring import SECRETS_KEY
from bootstrap.simulation.witness import Witness
from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.ports.document_repository import DocumentFilter

PAGE = 100


class ReadableWorld(Protocol):
    """What is read."""

    disk: SimulatedDisk
    shelf: InMemoryStore
    witness: Witness


def plain_stores(world: ReadableWorld) -> Stores:
    """The stores without any process in between."""
    return sql_stores(
        world.disk.database,
        box=SecretBox(SECRETS_KEY),
        files=InMemoryFileStore(world.shelf),
        marks=InMemoryHighWaterMarks(world.shelf),
        departures=InMemoryDepartureLog(world.shelf),
    )


async def read_everything(world: ReadableWorld) -> None:
    """Show the witness every document and every waiting delivery."""
    stores = plain_stores(world)
    world.witness.waiting.clear()
    for tenant_id in world.witness.companies:
        for document in await all_documents(stores, tenant_id):
            watched = world.witness.watched.get(document.document_id)
            if watched is None or watched.body_digest is None:
                body = await stores.journal.body(tenant_id, document.document_id)
                world.witness.recorded(document, body)
            world.witness.saw(document)
        for delivery in await stores.inbox.waiting(tenant_id, limit=10_000):
            world.witness.stored(delivery)


async def all_documents(stores: Stores, tenant_id: TenantId) -> list[FiscalDocument]:
    """Every document of a tenant, newest first."""
    found: list[FiscalDocument] = []
    after = None
    while True:
        page = await stores.documents.page(tenant_id, DocumentFilter(), limit=PAGE, after=after)
        found.extend(page.documents)
        after = page.next_after
        if after is None:
            return found
