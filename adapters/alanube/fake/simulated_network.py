"""The way between the processes of a simulation and the fake PAC: it takes time, it breaks, it loses nobody's bytes.

A request that left goes on although the process that sent it has died since, as bytes on a wire do.
"""

import asyncio
import contextvars
from abc import abstractmethod
from typing import Protocol

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import DeliverWebhooks, EngineTransport, Pause
from adapters.alanube.fake.wire import TransportFault, WireAnswer, WireRequest, json_answer

REFUSED = WireAnswer(status=0, body=None, transport=TransportFault.REFUSE)
AWAY_503 = json_answer(503, {"code": 503, "message": "Service Unavailable"})


class Weather(Protocol):
    """What the network is like at a moment, and who watches it."""

    @abstractmethod
    def seconds_one_way(self) -> float:
        """How long the next packet travels."""

    @abstractmethod
    def outage(self) -> str | None:
        """``refused``, ``hanging`` or ``error_503`` while the PAC is away; None while it is there."""

    @abstractmethod
    def leaves(self, request: WireRequest) -> None:
        """A request is about to leave its process; may raise what ends the process."""

    @abstractmethod
    def arrived(self, request: WireRequest, answer: WireAnswer) -> None:
        """The PAC has processed a request."""


class SimulatedTransport(EngineTransport):
    """The network of one process; the production client runs over it."""

    def __init__(
        self,
        engine: FakePacEngine,
        weather: Weather,
        *,
        total_seconds: float,
        pause: Pause,
        deliver_webhooks: DeliverWebhooks | None = None,
    ) -> None:
        """``pause`` lets virtual time pass; ``weather`` is of this process."""
        super().__init__(engine, total_seconds=total_seconds, pause=pause, deliver_webhooks=deliver_webhooks)
        self._pac = engine
        self._weather = weather

    async def carry(self, request: WireRequest) -> WireAnswer:
        """There and back. A hanging PAC never answers: the client's own deadline ends the wait."""
        self._weather.leaves(request)
        if self._weather.outage() == "refused":
            return REFUSED
        loop = asyncio.get_running_loop()
        back: asyncio.Future[WireAnswer] = loop.create_future()
        loop.call_later(self._weather.seconds_one_way(), self._arrive, request, back, context=contextvars.Context())
        return await back

    def _arrive(self, request: WireRequest, back: asyncio.Future[WireAnswer]) -> None:
        outage = self._weather.outage()
        if outage is not None and outage != "error_503":
            return
        answer = AWAY_503 if outage else self._pac.handle(request)
        self._weather.arrived(request, answer)
        asyncio.get_running_loop().call_later(
            self._weather.seconds_one_way(), _land, back, answer, context=contextvars.Context()
        )


def _land(back: asyncio.Future[WireAnswer], answer: WireAnswer) -> None:
    if not back.done():
        back.set_result(answer)
