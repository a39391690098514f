"""A tenant's circuit: when the PAC does not take its documents, none is thrown after the others.

It opens at once when the PAC says that credentials, affiliation or certificates are wrong, and after several attempts
in a row without an answer. While it is open, one document at a time probes; the first answer closes it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from core.identifiers import TenantId
from core.ports.pac_gateway import (
    Accepted,
    AlreadyVoided,
    Duplicate,
    Misconfigured,
    NotSent,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
    VoidAnswer,
    Voided,
    VoidNotFound,
    VoidRefused,
)
from core.schedules import Schedules


class CircuitState(Enum):
    """Whether documents of a tenant are sent."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    PROBING = "PROBING"  # one document is under way to find out


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Where a tenant's circuit stands."""

    tenant_id: TenantId
    state: CircuitState = CircuitState.CLOSED
    failures: int = 0  # attempts in a row without an answer
    openings: int = 0  # how often it opened or failed to close since it was last closed
    reason: str = ""
    opened_at: datetime | None = None
    probe_at: datetime | None = None  # while open: when one document may try

    @property
    def is_open(self) -> bool:
        """Whether documents wait."""
        return self.state is not CircuitState.CLOSED


def admit(circuit: Circuit, *, now: datetime, schedules: Schedules) -> tuple[Circuit, bool]:
    """Whether one document may be sent now. In an open circuit the first one after ``probe_at`` is the probe."""
    if circuit.state is CircuitState.CLOSED:
        return circuit, True
    if circuit.probe_at is not None and circuit.probe_at > now:
        return circuit, False
    # the next probe is due when this one's lease is over, should it never report
    probing = replace(circuit, state=CircuitState.PROBING, probe_at=now + timedelta(seconds=schedules.lease))
    return probing, True


def note_answer(circuit: Circuit, answer: SubmitAnswer | VoidAnswer, *, now: datetime, schedules: Schedules) -> Circuit:
    """The circuit after an answer. An answer about the document itself closes it, whatever it says."""
    match answer:
        case Accepted() | Rejected() | Duplicate() | Voided() | AlreadyVoided() | VoidRefused() | VoidNotFound():
            return Circuit(tenant_id=circuit.tenant_id)
        case Misconfigured(code=code):
            return _open(circuit, f"the PAC refuses the company or its credentials ({code})", now, schedules)
        case NotSent(reason=reason) | Unknown(reason=reason):
            failing = replace(circuit, failures=circuit.failures + 1)
            if circuit.is_open or failing.failures >= schedules.circuit_failures:
                return _open(failing, f"no answer from the PAC: {reason}", now, schedules)
            return failing
        case Throttled():
            if not circuit.is_open:
                return circuit
            return replace(circuit, state=CircuitState.OPEN, probe_at=now + schedules.probe_delay(circuit.openings))


def _open(circuit: Circuit, reason: str, now: datetime, schedules: Schedules) -> Circuit:
    openings = circuit.openings + 1
    return replace(
        circuit,
        state=CircuitState.OPEN,
        openings=openings,
        reason=reason[:500],
        opened_at=circuit.opened_at or now,
        probe_at=now + schedules.probe_delay(openings),
    )
