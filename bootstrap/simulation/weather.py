"""What the network between one process and the PAC is like, by the plan of its world."""

import random
from typing import Protocol

from adapters.alanube.fake.faults import posts_a_document
from adapters.alanube.fake.simulated_network import Weather
from adapters.alanube.fake.wire import WireAnswer, WireRequest
from bootstrap.simulation.courier import Courier
from bootstrap.simulation.plans import Coverage, WorldPlan
from bootstrap.simulation.processes import SimulatedProcess
from bootstrap.simulation.trace import Trace
from bootstrap.simulation.virtual_loop import VirtualLoop
from bootstrap.simulation.witness import Witness


class StormyWorld(Protocol):
    """What the weather needs of its world."""

    plan: WorldPlan
    loop: VirtualLoop
    random: random.Random
    coverage: Coverage
    witness: Witness
    trace: Trace
    courier: Courier


class ProcessWeather(Weather):
    """The network as one process has it; it shows the witness what leaves."""

    def __init__(self, world: StormyWorld, process: SimulatedProcess) -> None:
        self._world = world
        self._process = process

    def seconds_one_way(self) -> float:
        """See Weather."""
        return 0.005 + 0.2 * self._world.random.random() ** 3

    def outage(self) -> str | None:
        """See Weather."""
        now = self._world.loop.time()
        for outage in self._world.plan.outages:
            if outage.holds(now):
                self._world.coverage.note(f"outage {outage.form.value}")
                return outage.form.value
        return None

    def leaves(self, request: WireRequest) -> None:
        """See Weather."""
        self._process.enter()
        if posts_a_document(request):
            self._world.witness.posted(
                request.body, company_id=request.query.get("idCompany", ""), worker=self._process.name
            )
        elif request.method == "DELETE":
            self._world.witness.voids(request.path.rpartition("/")[2], worker=self._process.name)

    def arrived(self, request: WireRequest, answer: WireAnswer) -> None:
        """See Weather."""
        world = self._world
        world.trace.note("pac", request.method, request.path, answer.status, answer.transport.value, *answer.faults)
        world.courier.look()
