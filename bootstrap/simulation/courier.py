"""Delivers the fake PAC's webhooks at the door of the service, and wakes the PAC when something of its own is due."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Protocol

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.records import DueWebhook
from bootstrap.simulation.doors import post_webhook
from bootstrap.simulation.plans import WorldPlan
from bootstrap.simulation.processes import NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.trace import Trace
from bootstrap.simulation.virtual_loop import VirtualLoop, outside
from bootstrap.simulation.witness import Witness

PATIENCE_SECONDS = 10.0  # how long the PAC waits for our answer


class DeliveringWorld(Protocol):
    """What a courier needs of its world."""

    plan: WorldPlan
    loop: VirtualLoop
    engine: FakePacEngine
    trace: Trace
    witness: Witness

    def any_process(self) -> SimulatedProcess:
        """Raises NobodyAnswersError."""

    def spawn(self, work: Coroutine[Any, Any, object]) -> "asyncio.Task[Any]":
        """Do something outside of the service."""

    def seconds_of(self, moment: datetime) -> float:
        """A moment as virtual seconds."""


class Courier:
    """One for a world. ``accepted`` are the bodies of deliveries that were answered with 200, with their company."""

    def __init__(self, world: DeliveringWorld) -> None:
        self._world = world
        self._timer: asyncio.TimerHandle | None = None
        self.accepted: dict[tuple[str, bytes], int] = {}

    def look(self) -> None:
        """Set the timer for the next thing that the PAC does by itself."""
        due = self._world.engine.next_due_at()
        if due is None:
            return
        at = self._world.seconds_of(due)
        if self._timer is not None and not self._timer.cancelled():
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = self._world.loop.call_at(at, self._due, context=outside())

    def _due(self) -> None:
        self._timer = None
        for webhook in self._world.engine.take_due_webhooks():
            self._world.spawn(self._deliver(webhook))
        self.look()

    async def deliver_now(self) -> None:
        """Deliver what is due before an answer goes back: webhooks overtake it."""
        for webhook in self._world.engine.take_due_webhooks():
            await self._deliver(webhook)
        self.look()

    async def _deliver(self, webhook: DueWebhook) -> None:
        status: int | None
        try:
            process = self._world.any_process()
            status = await process.answer(
                lambda answering: post_webhook(answering, self._world.plan.door, webhook), patience=PATIENCE_SECONDS
            )
        except NobodyAnswersError:
            status = None
        self._world.trace.note("webhook", webhook.id, webhook.attempt, status)
        if status == 200:
            key = (webhook.company_id, webhook.body)
            self.accepted[key] = self.accepted.get(key, 0) + 1
            self._world.witness.successors.heard(webhook.body)
        self._world.engine.report_delivery(webhook, status)
        self.look()
