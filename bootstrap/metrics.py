"""What one process counts, and what the database says waits, as Prometheus reads it.

Labels are kinds, never tenants: neither a list of customers nor a series for each of them belongs into a monitoring
system. Gauges that begin with ``istmo_work_``, ``istmo_documents`` or ``istmo_certificate`` are the same in every
process, because they come from the database; aggregate them with ``max``. The rest is this process's own; aggregate
with ``sum``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector

from bootstrap.certificate_metrics import certificate_metrics
from bootstrap.gauge_readings import GaugeReadings, Readings
from core.ports.clock import Clock

MEDIA_TYPE = CONTENT_TYPE_PLAIN_1_0_0
PAC_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    """What this process can say of its own work when it is asked. None: it does none of that."""

    last_sweep_at: datetime | None = None
    sweep_is_alive: bool | None = None
    rings: Mapping[str, int] | None = None  # by outcome: handled, failed, merged, dropped
    rings_waiting: int | None = None


class Metrics:
    """One per process. ``readings`` None: this process does not look into the database."""

    def __init__(self, clock: Clock, readings: GaugeReadings | None) -> None:
        self._readings = readings
        self.registry = CollectorRegistry()
        self.pac_answers = Counter(
            "istmo_pac_answers", "Answers of the PAC by kind.", ["operation", "answer"], registry=self.registry
        )
        self.pac_seconds = Histogram(
            "istmo_pac_seconds",
            "How long the PAC took to answer, or not to.",
            ["operation"],
            buckets=PAC_BUCKETS,
            registry=self.registry,
        )
        self.webhooks = Counter(
            "istmo_webhooks",
            "Deliveries at the webhook door: stored, repeated, or the code of the refusal.",
            ["outcome"],
            registry=self.registry,
        )
        self._state = _StateCollector(clock)
        self.registry.register(self._state)

    def watch(self, process: Callable[[], ProcessState]) -> None:
        """Ask this for the state of the process at every scrape."""
        self._state.process = process

    async def render(self) -> bytes:
        """The page. Never raises for a database that is away: then ``istmo_work_readable`` is 0."""
        if self._readings is not None:
            self._state.latest = await self._readings.latest()
        return generate_latest(self.registry)


class _StateCollector(Collector):
    """Turns what was read last into samples."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.process: Callable[[], ProcessState] = ProcessState
        self.latest: Readings | None = None

    def describe(self) -> Iterator[Metric]:
        """Nothing: the samples are known when they are read."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """All samples."""
        if self.latest is not None:
            yield from _of_database(self.latest, self._clock.now())
        yield from _of_process(self.process(), self._clock.now())


def _of_database(readings: Readings, now: datetime) -> Iterator[Metric]:
    yield _gauge("istmo_work_readable", "1 when the database could be read just now.", float(readings.is_fresh))
    waiting = readings.waiting
    if waiting is not None:
        yield _labelled(
            "istmo_work_waiting",
            "Documents that wait for something, by submission.",
            "submission",
            waiting.by_submission,
        )
        yield _gauge("istmo_work_in_doubt", "Documents in doubt.", waiting.by_submission.get("IN_DOUBT", 0))
        yield _gauge(
            "istmo_work_quarantined", "Documents that need a person.", waiting.by_submission.get("QUARANTINED", 0)
        )
        yield _gauge("istmo_work_due", "Documents whose due time has come.", waiting.due)
        yield _gauge("istmo_work_overdue", "Documents that wait for longer than they should.", waiting.overdue)
        yield _age("istmo_work_due_oldest_seconds", "Age of the oldest due work.", waiting.oldest_due_at, now)
        yield _age("istmo_work_in_doubt_oldest_seconds", "Age of the oldest doubt.", waiting.oldest_doubt_since, now)
        yield _gauge("istmo_work_voids_in_doubt", "Voids in doubt.", waiting.voids_in_doubt)
        since = waiting.oldest_void_doubt_since
        yield _age("istmo_work_voids_in_doubt_oldest_seconds", "Age of the oldest void in doubt.", since, now)
        yield _gauge("istmo_work_webhooks_received", "Webhooks stored and not processed yet.", waiting.received)
        yield _age(
            "istmo_work_webhooks_received_oldest_seconds", "Age of the oldest of them.", waiting.oldest_received_at, now
        )
        yield _labelled("istmo_work_circuits", "Tenants' circuits by state.", "state", waiting.circuits)
    census = readings.census
    if census is not None:
        yield _labelled("istmo_documents", "Documents by submission.", "submission", census.by_submission)
        yield _labelled("istmo_documents_legal", "Documents by legal status.", "legal_status", census.by_legal_status)
        yield _gauge("istmo_work_webhooks_unmatched", "Webhooks that wait for their document.", census.unmatched)
        yield from certificate_metrics(census.certificates, now)


def _of_process(state: ProcessState, now: datetime) -> Iterator[Metric]:
    if state.sweep_is_alive is not None:
        yield _gauge("istmo_sweep_alive", "1 while this process's sweep turns.", float(state.sweep_is_alive))
        if state.last_sweep_at is not None:
            yield _age(
                "istmo_sweep_age_seconds", "Since a sweep of this process last ended well.", state.last_sweep_at, now
            )
    if state.rings is not None:
        rings = CounterMetricFamily("istmo_rings", "Rings of the doorbell by outcome.", labels=["outcome"])
        for outcome, count in sorted(state.rings.items()):
            rings.add_metric([outcome], count)
        yield rings
    if state.rings_waiting is not None:
        yield _gauge("istmo_rings_waiting", "Rings that wait for a handler.", state.rings_waiting)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _age(name: str, meaning: str, since: datetime | None, now: datetime) -> Metric:
    return _gauge(name, f"{meaning} 0: there is none.", 0 if since is None else max(0.0, (now - since).total_seconds()))


def _labelled(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
