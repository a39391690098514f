"""Asks a tenant's circuit before a document is sent, and tells it what came of it."""

from core.circuits import Circuit, admit, note_answer
from core.identifiers import TenantId
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Clock
from core.ports.pac_gateway import SubmitAnswer, VoidAnswer
from core.schedules import Schedules


class WatchCircuit:
    """One circuit per tenant. A closed one costs a read, and a write only when something changes."""

    def __init__(self, circuits: CircuitStore, clock: Clock, schedules: Schedules) -> None:
        self._circuits = circuits
        self._clock = clock
        self._schedules = schedules

    async def admits(self, tenant_id: TenantId) -> Circuit | None:
        """None: send. Else the open circuit, whose ``probe_at`` says when to ask again."""
        circuit = await self._circuits.circuit_of(tenant_id)
        if not circuit.is_open:
            return None
        is_admitted = False

        def ask(current: Circuit) -> Circuit:
            nonlocal is_admitted
            after, is_admitted = admit(current, now=self._clock.now(), schedules=self._schedules)
            return after

        circuit = await self._circuits.change(tenant_id, ask)
        return None if is_admitted else circuit

    async def note(self, tenant_id: TenantId, answer: SubmitAnswer | VoidAnswer) -> None:
        """Let the answer open or close the circuit."""
        seen = await self._circuits.circuit_of(tenant_id)
        if self._after(seen, answer) == seen:
            return
        await self._circuits.change(tenant_id, lambda current: self._after(current, answer))

    async def is_open(self, tenant_id: TenantId) -> bool:
        """Whether the tenant's documents wait. An open circuit that nothing probes any more is not known to be."""
        circuit = await self._circuits.circuit_of(tenant_id)
        return circuit.is_open and circuit.probe_at is not None and circuit.probe_at > self._clock.now()

    def _after(self, circuit: Circuit, answer: SubmitAnswer | VoidAnswer) -> Circuit:
        return note_answer(circuit, answer, now=self._clock.now(), schedules=self._schedules)
