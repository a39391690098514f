"""The machine dies and the newest committed state is gone with it: a restored copy, and `istmo recover`."""

from bootstrap.recovering import recovery_on
from bootstrap.simulation.reading import plain_stores
from bootstrap.simulation.world import World
from core.use_cases.recover_after_restore import TenantSeries


async def lose_the_tail(world: World, image: bytes) -> None:
    """End every process, bring the copy back and recover. Nothing is started yet."""
    world.coverage.note("committed tail lost")
    before = dict(world.witness.documents)
    for process in world.processes:
        process.end()
    for process in world.processes:
        await process.bury()
    await world.disk.reopen(image)
    world.witness.forget()
    stores = plain_stores(world)
    recover = recovery_on(stores, world.clock, world.schedules)
    marked = [
        TenantSeries(tenant_id=tenant_id, series=series) for tenant_id, series in sorted(world.shelf.marks, key=str)
    ]
    await recover(marked, {})
    await world.look_again()
    lost = [document for document in before.values() if document.document_id not in world.witness.documents]
    world.lost_documents |= {document.document_id for document in lost}
    world.lost_cufes |= {document.expected_cufe: (document.tenant_id, document.idempotency_key) for document in lost}
    world.coverage.note("document lost with the tail", len(lost))
