"""One world: the processes, the disk, the PAC and the time that they share."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any

from adapters.alanube.client import AlanubeClient
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.fake.behaviour import Behaviour
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.progression import DGI_AUTHORIZED
from adapters.alanube.fake.simulated_network import SimulatedTransport
from adapters.alanube.mapping import encode
from adapters.alanube.settings import AlanubeSettings
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.simulated_disk import GatedDatabase, SimulatedDisk
from adapters.persistence.stores import Stores
from adapters.scheduler.manual_clock import SeededChance, SeededIdentifiers
from adapters.scheduler.periodic_sweep import SweepPace
from bootstrap.settings import Settings
from bootstrap.simulation.courier import Courier
from bootstrap.simulation.doorbell import SharedBell, SimulatedDoorbell
from bootstrap.simulation.plans import Coverage, Crash, WorldPlan
from bootstrap.simulation.process_wiring import PAC_HOST, Outside, graph, simulated_settings
from bootstrap.simulation.processes import Fates, NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.reading import read_everything
from bootstrap.simulation.sweep_clock import Alarm, SweepClock
from bootstrap.simulation.trace import Trace
from bootstrap.simulation.virtual_loop import VirtualClock, VirtualLoop, outside
from bootstrap.simulation.watched_stores import stores_of
from bootstrap.simulation.weather import ProcessWeather
from bootstrap.simulation.witness import Witness
from bootstrap.use_case_wiring import ProcessTraits
from core.documents import FiscalDocument
from core.schedules import Schedules

LOOPBACK = ("127.0.0.1",)


class World(Fates):
    """Everything that outlives a process, and the processes."""

    def __init__(self, plan: WorldPlan, loop: VirtualLoop) -> None:
        """Wire what lies outside of the service."""
        self.plan = plan
        self.loop = loop
        self.clock = VirtualClock(loop)
        self.random = random.Random(plan.seed)  # noqa: S311 - repeatable by design
        self.trace = Trace(loop.time)
        self.coverage = Coverage()
        self.engine = FakePacEngine(
            clock=self.clock.now,
            seed=plan.seed,
            behaviour=Behaviour(
                duplicate_answer=plan.duplicate,
                repeated_void=plan.repeated_void,
                void_in_view=plan.void_in_view,
                error_style=plan.error_style,
                wrapped_document=plan.wrapped_document,
                accepted_status=plan.accepted_status,
                webhook_on_acceptance=plan.webhook_on_acceptance,
                whole_pdf=False,
                kept_exchanges=1,
            ),
        )
        self.disk = SimulatedDisk()
        self.shelf = InMemoryStore()  # files and marks: they outlive processes and the database
        self.schedules = Schedules()
        self.witness = Witness(
            self.trace,
            self.clock.now,
            self._status_at_pac,
            self._valid_ids_at_pac,
            settling=timedelta(seconds=self.schedules.settling - _most_skew(plan)),
        )
        self.alarm = Alarm(self._next_due)
        self.bell = SharedBell(self)
        self.courier = Courier(self)
        self.settings: Settings = simulated_settings(
            unrecognised_is_doubt=plan.unrecognised_is_doubt, one_at_a_time_in_doubt=plan.one_at_a_time_in_doubt
        )
        self.processes: list[SimulatedProcess] = []
        self.lost_documents: set[str] = set()  # ids that a loss of the tail made unknown
        self.lost_cufes: dict[str, tuple[str, str]] = {}  # and whose they were: taxpayer and key
        self.is_armed = False  # nothing crashes while the shops are opened
        self._generations = [0] * plan.processes
        self._reached: dict[str, int] = {}
        self._crashes_left = list(plan.crashes)
        self._background: dict[asyncio.Task[Any], None] = {}

    # -- time -----------------------------------------------------------------------------------------------

    def after(self, seconds: float, work: Coroutine[Any, Any, object]) -> None:
        """Do something outside of the service, later."""

        async def later() -> None:
            await asyncio.sleep(seconds)
            await work

        self.spawn(later())

    def spawn(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Do something outside of the service."""
        task = self.loop.create_task(work, context=outside())
        self._background[task] = None
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        del self._background[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self.witness.accuse("SIM", f"the simulator itself failed: {error!r}")

    @property
    def is_busy(self) -> bool:
        """Whether anything outside of the service is still under way."""
        return bool(self._background)

    def seconds_of(self, moment: datetime) -> float:
        """A moment as virtual seconds."""
        return self.loop.time() + (moment - self.clock.now()).total_seconds()

    def _next_due(self) -> float | None:
        if self.witness.waiting:
            return self.loop.time()
        due = self.witness.next_due()
        return None if due is None else self.seconds_of(due)

    def _status_at_pac(self, pac_document_id: str) -> str | None:
        try:
            return self.engine.document(pac_document_id).legal_status
        except KeyError:
            return None

    def _valid_ids_at_pac(self, cufe: str) -> Iterator[str]:
        for held in self.engine.documents:
            if held.cufe == cufe and held.legal_status == DGI_AUTHORIZED and held.voided_at is None:
                yield held.id

    # -- processes ------------------------------------------------------------------------------------------

    async def start_process(self, slot: int) -> SimulatedProcess:
        """A new process with nothing but what is stored."""
        generation = self._generations[slot]
        self._generations[slot] += 1
        clock = VirtualClock(self.loop)
        process = SimulatedProcess(slot, generation, self, clock)
        seed = self.random.getrandbits(48)
        chance = SeededChance(seed)
        outside_world = Outside(
            clock=clock,
            chance=chance,
            identifiers=SeededIdentifiers(clock, seed),
            stores=self.stores_for(process),
            client=AlanubeClient(self._alanube, clock, transport=self._network(process)),
            downloader=FileDownloader(self._alanube, resolver=_loopback, transport=self._network(process)),
            queue=SimulatedDoorbell(self.bell, process),
            traits=ProcessTraits(worker=process.name, crashpoint=process.reach),
        )
        objects = await graph()(context={Settings: self.settings, Outside: outside_world}).__aenter__()
        sweep_clock = SweepClock(clock, self.alarm, random.Random(seed))  # noqa: S311 - repeatable by design
        await process.start(objects, chance, SweepPace(), sweep_clock)
        if slot < len(self.processes):
            self.processes[slot] = process
        else:
            self.processes.append(process)
        self.trace.note("start", process.name)
        return process

    def stores_for(self, process: SimulatedProcess) -> Stores:
        """The stores as that process reaches them."""
        return stores_of(
            process, GatedDatabase(self.disk, process), self.shelf, self.witness, self.alarm, self._files_are_full
        )

    def any_process(self) -> SimulatedProcess:
        """One that answers. Raises NobodyAnswersError."""
        up = [process for process in self.processes if process.is_up and not process.is_dead]
        if not up:
            raise NobodyAnswersError
        return up[0] if len(up) == 1 else self.random.choice(up)

    def reached(self, process: SimulatedProcess, point: str) -> bool:
        """See Fates."""
        if not self.is_armed:
            return False
        count = self._reached[point] = self._reached.get(point, 0) + 1
        for crash in self._crashes_left:
            if crash.point == point and crash.nth == count:
                self._crashes_left.remove(crash)
                self.coverage.note(f"crash {point}")
                self.spawn(self._crashed(process, crash))
                return True
        return False

    async def _crashed(self, process: SimulatedProcess, crash: Crash) -> None:
        await self.end_processes(self.processes if crash.is_whole_machine else [process], crash.downtime)

    async def end_processes(self, ending: list[SimulatedProcess], downtime: float, image: bytes | None = None) -> None:
        """SIGKILL for these, what is committed is opened again, and new ones start ``downtime`` later."""
        buried = [process for process in ending if process is self.processes[process.slot]]
        for process in buried:
            self.trace.note("end", process.name)
            process.end()
        for process in buried:
            await process.bury()
        await self.disk.reopen(image)
        await self.look_again()
        await asyncio.sleep(downtime)
        for process in buried:
            if process is self.processes[process.slot]:  # nobody else started it meanwhile
                await self.start_process(process.slot)

    def process_ended(self, process: SimulatedProcess) -> None:
        """See Fates."""
        self.trace.note("crash", process.name)

    def disk_is_full(self) -> bool:
        """See Fates."""
        return self._strikes("full disk", self.plan.full_disks)

    def _files_are_full(self) -> bool:
        return self._strikes("full file store", self.plan.full_file_stores)

    def _strikes(self, name: str, windows: tuple[Any, ...]) -> bool:
        if not windows:
            return False
        now = self.loop.time()
        if any(window.holds(now) for window in windows):
            self.coverage.note(name)
            return True
        return False

    async def look_again(self) -> None:
        """The witness reads what is committed: a process may have died between a commit and its answer."""
        await read_everything(self)
        self.alarm.sooner()

    def encode(self, document: FiscalDocument) -> bytes:
        """The bytes that production's gateway makes of a document."""
        return encode(document, self._alanube.wire)

    # -- the network ----------------------------------------------------------------------------------------

    @property
    def _alanube(self) -> AlanubeSettings:
        pac = self.settings.pac
        return AlanubeSettings(
            base_url=pac.base_url, token=pac.key.get_secret_value(), plain_http_hosts=frozenset({PAC_HOST})
        )

    def _network(self, process: SimulatedProcess) -> SimulatedTransport:
        return SimulatedTransport(
            self.engine,
            ProcessWeather(self, process),
            total_seconds=self.settings.pac.total_seconds,
            pause=asyncio.sleep,
            deliver_webhooks=self.courier.deliver_now,
        )


async def _loopback(_host: str, _port: int) -> tuple[str, ...]:
    return LOOPBACK


def _most_skew(plan: WorldPlan) -> float:
    """A process whose clock is wrong settles as much too early, whatever the others say."""
    return max((abs(jump.skew) for jump in plan.clock_jumps), default=0.0)
