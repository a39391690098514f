"""What was changed for the installation and its taxpayers, by whom, and what came of it: a chain of its own.

A change is two events: ASKED before it, and what came of it afterwards. An ASKED without an answer is a change during
which the process died: it may have happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from core.events import NOTHING
from core.hash_chain import GENESIS, link
from core.identifiers import TenantId

FACT_MAX = 200
FACTS_MAX = 20


class AdminKind(Enum):
    """What was changed. Values are stable: they are stored and shown."""

    TENANT_CREATED = "TENANT_CREATED"
    OFFICE_CREATED = "OFFICE_CREATED"
    API_KEY_CREATED = "API_KEY_CREATED"
    API_KEY_REVOKED = "API_KEY_REVOKED"
    SECRET_SET = "SECRET_SET"  # noqa: S105 - the name of an event
    SECRETS_RESEALED = "SECRETS_RESEALED"
    DOUBT_POLICY_SET = "DOUBT_POLICY_SET"
    CIRCUIT_CLOSED = "CIRCUIT_CLOSED"
    SERIES_SET = "SERIES_SET"
    ONBOARDING_ADVANCED = "ONBOARDING_ADVANCED"
    CERTIFICATES_REPLACED = "CERTIFICATES_REPLACED"

    @property
    def happens_once(self) -> bool:
        """Whether it happens to its subject once: a second time is a repetition that changed nothing."""
        return self in _ONCE


_ONCE = frozenset(
    {AdminKind.TENANT_CREATED, AdminKind.OFFICE_CREATED, AdminKind.API_KEY_CREATED, AdminKind.API_KEY_REVOKED}
)


class AdminOutcome(Enum):
    """ASKED: about to be done. UNCHANGED: a repetition. UNKNOWN: it may have been done, and nobody could tell."""

    ASKED = "ASKED"
    DONE = "DONE"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminEvent:
    """One event before it has its place in the chain. Facts are short plain text and hold no secret."""

    at: datetime
    actor: str  # admin:<name of the key>, operator:<user of the machine>
    kind: AdminKind
    outcome: AdminOutcome
    tenant_id: TenantId | None = None  # as it was said: there may be no such taxpayer
    asked: int | None = None  # the sequence of the ASKED that this answers
    subject: str = ""  # id of what was changed: a key, an office, a tenant
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedAdminEvent:
    """An event with its place in the installation's chain."""

    sequence: int  # 1, 2, 3 ... for the installation, without a gap
    event: AdminEvent
    digest: str  # SHA-256 over the previous digest and this event, hex


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """Where the chain ends, remembered beside it: what shows a chain whose end was cut off."""

    sequence: int = 0
    digest: str = GENESIS


def chain_event(event: AdminEvent, after: ChainHead) -> ChainedAdminEvent:
    """The event at its place."""
    sequence = after.sequence + 1
    return ChainedAdminEvent(sequence=sequence, event=event, digest=digest_of(event, after.digest, sequence))


def digest_of(event: AdminEvent, previous: str, sequence: int) -> str:
    """What the event's digest is, or must have been."""
    said = (
        event.at.isoformat(),
        event.kind.value,
        event.actor,
        sorted(event.facts.items()),
        event.outcome.value,
        event.tenant_id,
        event.asked,
        event.subject,
    )
    return link(previous, sequence, said)


def settled(event: AdminEvent, *, was_done_before: bool) -> AdminEvent:
    """The event as it is kept: what happens once and was done before is a repetition."""
    return replace(event, outcome=AdminOutcome.UNCHANGED) if was_done_before else event


def may_repeat(event: AdminEvent) -> bool:
    """Whether it must be asked if the same was done before."""
    return event.kind.happens_once and event.outcome is AdminOutcome.DONE


def plain_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts within their limits; an empty one says nothing and is left out."""
    return {name: value[:FACT_MAX] for name, value in list(facts.items())[:FACTS_MAX] if value}
