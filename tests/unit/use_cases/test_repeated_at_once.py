"""The same call twice at the same moment: one document, and both callers get it (B03)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from adapters.persistence.in_memory_store import InMemoryDocumentRepository, InMemoryStore
from core.documents import FiscalDocument
from core.identifiers import TenantId
from tests.notes_shop import an_authorised_invoice, credit
from tests.unit.use_cases.reissuing import refused, reissued
from tests.unit.use_cases.told_pac import Told
from tests.world import World, memory_of


class Overtaken(InMemoryDocumentRepository):
    """A store in which the twin of a call is faster: it runs once, right after the key was not found."""

    twin: Callable[[], Awaitable[FiscalDocument]] | None = None
    made_by_twin: FiscalDocument | None = None

    async def find_by_key(self, tenant_id: TenantId, idempotency_key: str, fingerprint: str) -> FiscalDocument | None:
        found = await super().find_by_key(tenant_id, idempotency_key, fingerprint)
        twin, self.twin = self.twin, None
        if twin is not None:
            self.made_by_twin = await twin()
        return found


def overtaken_world() -> tuple[World, Told, Overtaken]:
    memory, pac = InMemoryStore(), Told()
    documents = Overtaken(memory)
    world = World(gateway=pac, stores=replace(memory_of(memory), documents=documents))
    pac.over(world)
    return world, pac, documents


async def test_a_credit_that_its_own_twin_left_nothing_to_gives_the_twins_note() -> None:
    world, _, documents = overtaken_world()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    documents.twin = lambda: credit(world, invoice, wait=0)
    note = await credit(world, invoice, wait=0)
    assert documents.made_by_twin is not None
    assert note.document_id == documents.made_by_twin.document_id


async def test_a_reissue_that_its_own_twin_came_before_gives_the_twins_successor() -> None:
    world, pac, documents = overtaken_world()
    original = await refused(world, pac)
    documents.twin = lambda: reissued(world, original, wait=0)
    successor = await reissued(world, original, wait=0)
    assert documents.made_by_twin is not None
    assert successor.document_id == documents.made_by_twin.document_id
