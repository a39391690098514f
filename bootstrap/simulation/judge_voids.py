"""The voids of a world: void here and void at the PAC are one and the same, and no wish is lost."""

from adapters.alanube.fake.behaviour import RepeatedVoid
from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.callers import Callers
from bootstrap.simulation.world import World
from core.documents import FiscalDocument
from core.voids import VoidState

REFUSED_AFTER_DOUBT = "refused_after_doubt"


def judge_voids(world: World, callers: Callers, documents: list[FiscalDocument]) -> None:
    """Accuse whatever does not hold."""
    void_at_pac = {held.cufe for held in world.engine.documents if held.voided_at is not None}
    for document in documents:
        name = f"{document.document_id} ({document.idempotency_key})"
        void, is_void_there = document.void, document.expected_cufe in void_at_pac
        if void is None:
            if document.document_id in callers.later.voided and world.plan.tail_loss is None:
                world.witness.accuse("A21", f"the void of {name} was acknowledged and is forgotten")
            if is_void_there and world.plan.tail_loss is None:
                world.witness.accuse("A23", f"{name} is void at the PAC, and nobody asked for it here")
            continue
        if void.is_open and not void.waits and not is_for_a_person(world, document):
            world.witness.accuse("A21", f"the void of {name} never ended: {void.state.value} {void.doubt_reason}")
        if void.state is VoidState.FAILED and not (void.codes or void.message):
            world.witness.accuse("A21", f"the void of {name} failed without a reason")
        if document.is_void and not is_void_there:
            world.witness.accuse("A23", f"{name} is void here and not at the PAC")
        if is_void_there and void.state is VoidState.FAILED and not _is_known_hole(world, document):
            world.witness.accuse("A23", f"{name} is void at the PAC and its void FAILED here")


def is_for_a_person(world: World, document: FiscalDocument) -> bool:
    """A void whose answer was lost and whose repetition the PAC refused, be it that the window had closed: unless a GET
    shows that it is void, only a person can find out. It stays in doubt and visible; it is neither forgotten nor
    called settled.
    """
    void = document.void
    if void is None or void.state is not VoidState.IN_DOUBT or void.doubt_reason != REFUSED_AFTER_DOUBT:
        return False
    held = [one for one in world.engine.documents if one.cufe == document.expected_cufe]
    return not (world.plan.void_in_view and any(one.voided_at is not None for one in held))


def _is_known_hole(world: World, document: FiscalDocument) -> bool:
    """Something repeats the DELETE, and the PAC refuses the repetition with a code that no table knows: the setting
    `unrecognised_is_doubt` closes it."""
    plan, void = world.plan, document.void
    return (
        not plan.unrecognised_is_doubt
        and plan.repeated_void is RepeatedVoid.REFUSED_UNKNOWN_CODE
        and any(fault.kind is FaultKind.PROXY_REPEATS_POST and fault.is_on_voids for fault in plan.pac_faults)
        and void is not None
        and not void.is_recognised
    )
