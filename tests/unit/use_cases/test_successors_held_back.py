"""Two authorised documents for one sale: a successor does not leave when its original is valid after all."""

import pytest

from core.documents import FiscalDocument, Submission
from core.events import EventKind
from core.ports.job_queue import Job
from tests.unit.use_cases.reissuing import MENDED, facts, refused, reissued
from tests.unit.use_cases.told_pac import Told, a_world
from tests.world import World


async def evidence(world: World, original: FiscalDocument, *, look: bool = True) -> None:
    """A webhook that names the original; with ``look`` it is processed, and the id looked up."""
    held = world.engine.documents[0]
    body = f'{{"id":"{held.id}","legalStatus":"DGI_AUTHORIZED","cufe":"{held.cufe}"}}'.encode()
    tenant = await world.stores.tenants.get(original.tenant_id)
    await world.receive_webhook(
        tenant.pac_company_id or "", signature=b"the secret that the PAC echoes", user_id=None, body=body
    )
    if look:
        await world.queue.drain(world.run_due_work.handle)


async def unheard(_: Job) -> None:
    """The doorbell rings and nobody comes."""


async def waiting() -> tuple[World, Told, FiscalDocument, FiscalDocument]:
    """A refused document that the PAC holds in truth, and its successor, recorded and not sent."""
    world, pac = a_world()
    original = await refused(world, pac)
    successor = await reissued(world, original, wait=0)
    assert successor.submission is Submission.QUEUED
    await world.queue.drain(unheard)
    return world, pac, original, successor


async def test_evidence_for_the_original_keeps_its_successor_from_leaving() -> None:
    world, _, original, successor = await waiting()
    await evidence(world, original)
    assert (await world.current(original)).submission is Submission.ACCEPTED
    await world.sweep(times=5, every_seconds=60)
    held = await world.current(successor)
    assert held.submission is Submission.QUARANTINED
    assert (held.attempts, held.next_action_at) == (0, None)
    assert original.document_id in (held.quarantine_reason or "")
    assert len(world.engine.documents) == 1, "nothing reached the PAC"
    (event,) = await facts(world, successor, EventKind.QUARANTINED)
    assert event["original"] == original.document_id
    assert await reissued(world, original, MENDED) == held, "the key gives back what became of it"


async def test_evidence_that_waits_in_the_inbox_is_read_before_the_successor_leaves() -> None:
    world, _, original, successor = await waiting()
    await evidence(world, original, look=False)
    held = await world.submit(successor.tenant_id, successor.document_id)
    assert (held.submission, held.attempts) == (Submission.QUEUED, 0)
    assert held.next_action_at is not None
    assert held.next_action_at > world.clock.now()
    await world.sweep(times=5, every_seconds=60)
    assert (await world.current(successor)).submission is Submission.QUARANTINED
    assert len(world.engine.documents) == 1


async def test_a_hint_that_proves_nothing_holds_the_successor_until_the_deadline() -> None:
    world, pac, original, successor = await waiting()
    held_id = world.engine.documents[0].id
    pac.says[held_id] = None
    await evidence(world, original)
    await world.sweep(times=30, every_seconds=3600)
    parked = await world.current(successor)
    assert parked.submission is Submission.QUARANTINED
    assert held_id in (parked.quarantine_reason or "")


async def test_evidence_between_the_claim_and_the_first_byte_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _, original, successor = await waiting()
    asked: list[FiscalDocument] = []

    async def overtaken(document: FiscalDocument) -> bool:
        asked.append(document)
        if document.submission is Submission.SENDING:
            await evidence(world, original)
        return False

    monkeypatch.setattr(world.submit._line, "yields", overtaken)
    held = await world.submit(successor.tenant_id, successor.document_id)
    assert len(asked) == 2
    assert (held.submission, held.maybe_executed) == (Submission.QUARANTINED, False)
    assert len(world.engine.documents) == 1


async def test_a_successor_leaves_when_its_original_stays_refused() -> None:
    world, _, _, successor = await waiting()
    await world.sweep(times=3, every_seconds=60)
    assert (await world.current(successor)).submission is Submission.ACCEPTED
