"""A journal of administrative changes, whole, and with what can be done to it behind Istmo's back."""

from collections.abc import Callable
from datetime import timedelta

from adapters.persistence.sql_administration_journal import HEAD, admin_event_columns
from core.administration import AdminEvent, AdminKind, AdminOutcome, ChainHead, chain_event
from core.invariants.faults import Fault
from tests.integration.busy_installation import Installation

Damage = Callable[[Installation], None]


def keep_journal(installation: Installation) -> None:
    """Two changes that were done."""
    _keep(installation, AdminOutcome.ASKED, AdminOutcome.DONE, AdminOutcome.ASKED, AdminOutcome.REFUSED)


def _keep(installation: Installation, *outcomes: AdminOutcome) -> None:
    head = ChainHead()
    for outcome in outcomes:
        event = AdminEvent(
            at=installation.clock.now() - timedelta(hours=1),
            actor="admin:alice",
            kind=AdminKind.SECRET_SET,
            outcome=outcome,
            asked=None if outcome is AdminOutcome.ASKED else head.sequence,
            facts={"kind": "webhook"},
        )
        chained = chain_event(event, head)
        row = admin_event_columns(chained)
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        installation.run(f"INSERT INTO administration_events ({names}) VALUES ({values})", **row)  # noqa: S608
        head = ChainHead(sequence=chained.sequence, digest=chained.digest)
    installation.run(
        "INSERT INTO administration_head (head_id, sequence, digest) VALUES (:head, :sequence, :digest)",
        head=HEAD,
        sequence=head.sequence,
        digest=head.digest,
    )


def and_then(*statements: str) -> Damage:
    def damage(installation: Installation) -> None:
        keep_journal(installation)
        installation.run(*statements)

    return damage


ADMINISTRATION_DAMAGES: dict[str, tuple[Damage, Fault]] = {
    "an administrative event that names another": (
        and_then("UPDATE administration_events SET actor = 'bob' WHERE sequence = 2"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "a fact of an administrative event that was rewritten": (
        and_then("UPDATE administration_events SET facts = '{}' WHERE sequence = 2"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "an administrative event that was taken out": (
        and_then("DELETE FROM administration_events WHERE sequence = 2"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "administrative events whose end was cut off": (
        and_then("DELETE FROM administration_events WHERE sequence > 2"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "administrative events that are all gone": (
        and_then("DELETE FROM administration_events"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "administrative events that end elsewhere": (
        and_then("UPDATE administration_head SET digest = 'x'"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "administrative events without a remembered end": (
        and_then("DELETE FROM administration_head"),
        Fault.ADMIN_CHAIN_BROKEN,
    ),
    "an administrative event of a kind that this version does not know": (
        and_then("UPDATE administration_events SET kind = 'FROM_THE_FUTURE' WHERE sequence = 2"),
        Fault.UNREADABLE_ROW,
    ),
    "a change during which the process died": (
        lambda installation: _keep(installation, AdminOutcome.ASKED),
        Fault.ADMIN_CHANGE_UNANSWERED,
    ),
}
