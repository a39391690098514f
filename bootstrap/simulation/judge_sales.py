"""The corrected documents of a world: for one sale the DGI has at most one. Counted at the PAC."""

from collections import Counter

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.persistence.stores import Stores
from bootstrap.simulation.callers import Callers
from bootstrap.simulation.judge_pac import may_be_refused_and_valid
from bootstrap.simulation.world import World
from core.documents import FiscalDocument, Submission
from core.events import EventKind


async def judge_sales(world: World, stores: Stores, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Accuse whatever does not hold."""
    valid = {
        held.cufe
        for held in world.engine.documents
        if held.legal_status == DGI_AUTHORIZED and held.voided_at is None and held.cufe is not None
    }
    for document_id, count in Counter(one.replaces for one in documents if one.replaces is not None).items():
        if count > 1:
            world.witness.accuse("A1", f"{document_id} has {count} successors")
    for successor in documents:
        if successor.replaces is None:
            continue
        if successor.submission is Submission.QUARANTINED and not successor.attempts:
            world.coverage.note("successor held back")
        if successor.expected_cufe not in valid:
            continue
        world.coverage.note("successor authorised")
        for original in world.witness.successors.originals(successor):
            if original.expected_cufe in valid:
                await _judge_two(world, stores, successor, original)
    _judge_told(world, callers, documents)


async def _judge_two(world: World, stores: Stores, successor: FiscalDocument, original: FiscalDocument) -> None:
    """Both are valid: only where the PAC refused what it had, and told nobody in time; and not unnoticed."""
    both = f"{original.document_id} and its successor {successor.document_id} are both authorised"
    world.coverage.note("evidence came after the successor left")
    if not may_be_refused_and_valid(world.plan) or _is_early(world, successor, original):
        world.witness.accuse("I3", both)
        return
    if not any(one in body for one in _ids(world, original) for _, body in world.courier.accepted):
        return  # nobody can know of it
    events = await stores.journal.events(original.tenant_id, original.document_id)
    alarms = [chained.event for chained in events if chained.event.kind is EventKind.ALARM]
    if world.plan.tail_loss is None and not any("successor" in alarm.facts for alarm in alarms):
        world.witness.accuse("I3", f"{both}, and no alarm names the successor")


def _is_early(world: World, successor: FiscalDocument, original: FiscalDocument) -> bool:
    """Whether the successor left while the PAC could still accept what it had refused with a code that no table knows.

    A document that it took under an id and rejected there is told to be dead at once.
    """
    if world.plan.duplicate is DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE:
        return False
    watched = world.witness.watched
    left, refused = watched[successor.document_id].posts, watched[original.document_id].posts
    return bool(left and refused) and left[0] - refused[-1] < world.witness.settling


def _ids(world: World, document: FiscalDocument) -> list[bytes]:
    return [held.id.encode() for held in world.engine.documents if held.cufe == document.expected_cufe]


def _judge_told(world: World, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Each successor that a caller was told of is there and takes the place of what it was asked for."""
    if world.plan.tail_loss is not None:
        return
    kept: dict[str, FiscalDocument] = {document.document_id: document for document in documents}
    for key, (document_id, successor_id) in callers.later.corrections.told.items():
        successor, original = kept.get(successor_id), kept.get(document_id)
        if successor is None or original is None:
            world.witness.accuse("A32", f"{key} was told of {successor_id}, which is gone")
        elif successor.replaces != document_id or original.replaced_by != successor_id:
            world.witness.accuse("A8", f"{key} was told that {successor_id} takes the place of {document_id}")
