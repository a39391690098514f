"""Damages to voids that the doctor must name."""

from datetime import timedelta

from adapters.persistence.content_codec import to_json
from core.invariants.faults import Fault
from core.voids import Void, VoidState
from tests.builders import NOW
from tests.integration.busy_installation import Installation
from tests.integration.damages import Damage


def with_void(state: VoidState, *, idempotency_key: str, is_due: bool) -> Damage:
    """The settled document with a void that nothing of its timeline speaks of."""
    void = Void(
        state=state,
        reason="El cliente desistió",
        requested_at=NOW,
        requested_by="caller:1",
        idempotency_key=idempotency_key,
        maybe_executed=state is VoidState.IN_DOUBT,
        doubt_since=NOW - timedelta(days=900) if state is VoidState.IN_DOUBT else None,
        due_at=NOW + timedelta(days=9000) if is_due else None,
    )
    due = "9000000000000000" if is_due else "NULL"

    def damage(installation: Installation) -> None:
        statement = f"UPDATE documents SET void = :void, next_action_at = {due} WHERE document_id = :settled"  # noqa: S608
        installation.run(statement, void=to_json(void))

    return damage


VOID_DAMAGES: dict[str, tuple[Damage, Fault]] = {
    "a void that nobody asked for": (
        with_void(VoidState.REQUESTED, idempotency_key="void", is_due=True),
        Fault.VOID_CONTRADICTS,
    ),
    "a void that nobody goes on with": (
        with_void(VoidState.REQUESTED, idempotency_key="", is_due=False),
        Fault.VOID_FORGOTTEN,
    ),
    "a void that stays in doubt": (
        with_void(VoidState.IN_DOUBT, idempotency_key="", is_due=True),
        Fault.VOID_IN_DOUBT,
    ),
}
