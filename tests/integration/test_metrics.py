"""The metrics of a living installation: what the PAC answered, what waits, and that nobody is named."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from adapters.persistence.inspections import open_gauges
from adapters.persistence.migration import migrate
from adapters.persistence.stores import open_stores
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.manual_clock import ManualClock
from bootstrap.container import make_container
from bootstrap.gauge_readings import CENSUS_SECONDS, WAITING_SECONDS, GaugeReadings
from bootstrap.metered import CountedHandler, MeteredPacGateway, MeteredReceiveWebhook
from bootstrap.metering import MeteringProvider, serving_metrics, state_of_runner
from bootstrap.metrics import Metrics, ProcessState
from bootstrap.metrics_settings import MetricsSettings
from core.documents import Submission
from core.failures import StoreUnavailableError, WebhookRefusedError
from core.identifiers import TenantId
from core.ports.job_queue import Job, JobKind
from core.ports.pac_gateway import PacGateway
from core.ports.work_gauges import Census, WaitingWork, WorkGauges
from core.use_cases.receive_webhook import ReceiveWebhook
from tests.contract.test_onboarding_book import an_onboarding, far_on
from tests.integration.installation import RunningPac, environment_for, settings_from
from tests.world import World

TOKEN = "a-token-for-the-tests"


class CountingGauges(WorkGauges):
    """Answers at once, or not at all, and counts how often it was asked."""

    def __init__(self, clock: ManualClock, *, seconds: float = 0.0) -> None:
        self.asked = {"waiting": 0, "census": 0}
        self.is_away = False
        self._clock = clock
        self._seconds = seconds

    async def waiting(self, now: object, *, overdue_before: object) -> WaitingWork:
        self.asked["waiting"] += 1
        if self.is_away:
            raise StoreUnavailableError
        self._clock.advance(self._seconds)
        return WaitingWork(due=self.asked["waiting"])

    async def census(self) -> Census:
        self.asked["census"] += 1
        return Census(unmatched=self.asked["census"])


def samples(page: bytes) -> dict[str, float]:
    """``name{label="value"}`` and its value, without the buckets of histograms."""
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


@pytest.fixture
async def metered(tmp_path: Path) -> AsyncIterator[tuple[World, Metrics]]:
    url = f"sqlite:///{tmp_path / 'istmo.db'}"
    migrate(url)
    key = bytes(range(32))
    stores = await open_stores(url, secrets_key=key, files_folder=tmp_path / "files", marks_folder=tmp_path / "marks")
    opened = await open_gauges(url)
    clock = ManualClock()
    metrics = Metrics(clock, GaugeReadings(opened.gauges, clock, overdue_after=timedelta(hours=24)))
    gateway = MeteredPacGateway(InMemoryPacGateway(FakePacEngine(clock=clock.now)), metrics, clock)
    world = World(stores=stores, clock=clock, gateway=gateway)
    gateway._inner = InMemoryPacGateway(world.engine)  # the world makes its own PAC
    world.receive_webhook = MeteredReceiveWebhook(world.receive_webhook, metrics)
    yield world, metrics
    await opened.close()
    await stores.close()


async def test_counts_the_answers_of_the_pac_and_what_waits_and_names_nobody(metered: tuple[World, Metrics]) -> None:
    world, metrics = metered
    shop = await world.open_shop()
    accepted = await world.invoice(shop, await world.an_order(shop))
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT),)))
    doubted = await world.invoice(shop, await world.an_order(shop))
    assert (accepted.submission, doubted.submission) == (Submission.ACCEPTED, Submission.IN_DOUBT)
    with pytest.raises(WebhookRefusedError):
        await world.receive_webhook("nobody", signature=b"x", user_id=None, body=b"{}")
    world.clock.advance(60)

    page = await metrics.render()
    told = samples(page)
    assert told["istmo_work_readable"] == 1
    assert told["istmo_pac_answers_total{answer=Accepted}{operation=submit}"] == 1
    assert told["istmo_pac_answers_total{answer=Unknown}{operation=submit}"] == 1
    assert told["istmo_pac_seconds_count{operation=submit}"] == 2
    assert told["istmo_webhooks_total{outcome=webhook_refused}"] == 1
    assert told["istmo_work_in_doubt"] == 1
    assert told["istmo_work_in_doubt_oldest_seconds"] == 60
    assert told["istmo_work_due"] == 1
    assert told["istmo_documents{submission=ACCEPTED}"] == 1
    assert told["istmo_work_quarantined"] == told["istmo_work_overdue"] == 0
    tenant = shop.tenant
    for name in (tenant.tenant_id, tenant.name, tenant.ruc, tenant.pac_company_id or "-", accepted.document_id):
        assert name.encode() not in page


async def test_tells_when_certificates_end_and_not_whose_they_are(metered: tuple[World, Metrics]) -> None:
    world, metrics = metered
    assert not any(name.startswith("istmo_certificate_next_end") for name in samples(await metrics.render()))
    now = world.clock.now()
    for place, days in enumerate((-400, 0, 5, 7, 29, 60, 61)):
        begun = far_on(an_onboarding(f"01TENANT{place}", f"15500000{place}-2-2020"))
        ending = replace(begun.certificates[0], not_after=now + timedelta(days=days))
        await world.stores.onboardings.begin(replace(begun, certificates=(ending,)))
    world.clock.advance(CENSUS_SECONDS)

    page = await metrics.render()
    told = {name: value for name, value in samples(page).items() if name.startswith("istmo_certificate")}
    counts = {"ended": 2, "within_7_days": 2, "within_30_days": 1, "within_60_days": 1, "later": 1}
    assert told == {
        **{f"istmo_certificates{{ends={name}}}{{kind=signature}}": count for name, count in counts.items()},
        **{f"istmo_certificates{{ends={name}}}{{kind=authentication}}": 0 for name in counts},
        "istmo_certificate_next_end_seconds{kind=signature}": 5 * 86_400 - CENSUS_SECONDS,
    }
    for name in (b"01TENANT", b"155000", b"Ferreter"):
        assert name not in page
    world.clock.advance(5 * 86_400)  # the reading is as old as the scrape wants, the count is of now
    told = samples(await metrics.render())
    assert told["istmo_certificates{ends=ended}{kind=signature}"] == 3
    assert told["istmo_certificate_next_end_seconds{kind=signature}"] == 2 * 86_400 - CENSUS_SECONDS


async def test_scrapes_in_a_row_cost_one_reading_and_the_census_is_rarer() -> None:
    clock = ManualClock()
    gauges = CountingGauges(clock)
    readings = GaugeReadings(gauges, clock, overdue_after=timedelta(hours=24))
    for _ in range(10):
        await readings.latest()
    assert gauges.asked == {"waiting": 1, "census": 1}
    clock.advance(WAITING_SECONDS)
    await readings.latest()
    assert gauges.asked == {"waiting": 2, "census": 1}
    clock.advance(CENSUS_SECONDS)
    assert (await readings.latest()).waiting == WaitingWork(due=3)
    assert gauges.asked == {"waiting": 3, "census": 2}


async def test_a_reading_that_takes_long_is_asked_for_less_often() -> None:
    clock = ManualClock()
    gauges = CountingGauges(clock, seconds=2.0)
    readings = GaugeReadings(gauges, clock, overdue_after=timedelta(hours=24))
    await readings.latest()
    clock.advance(39)
    await readings.latest()
    assert gauges.asked["waiting"] == 1
    clock.advance(1)
    await readings.latest()
    assert gauges.asked["waiting"] == 2


async def test_a_database_that_is_away_is_told_beside_the_last_numbers() -> None:
    clock = ManualClock()
    gauges = CountingGauges(clock)
    metrics = Metrics(clock, GaugeReadings(gauges, clock, overdue_after=timedelta(hours=24)))
    assert samples(await metrics.render())["istmo_work_due"] == 1
    gauges.is_away = True
    clock.advance(WAITING_SECONDS)
    told = samples(await metrics.render())
    assert (told["istmo_work_readable"], told["istmo_work_due"]) == (0, 1)
    gauges.is_away = False
    clock.advance(WAITING_SECONDS)
    assert samples(await metrics.render())["istmo_work_readable"] == 1


async def test_rings_and_the_age_of_the_sweep_are_told_by_the_process_that_has_them() -> None:
    clock = ManualClock()
    metrics = Metrics(clock, None)
    assert not any(name.startswith(("istmo_sweep", "istmo_rings")) for name in samples(await metrics.render()))
    swept_at = clock.now()

    async def handle(job: Job) -> None:
        if job.subject_id == "bad":
            raise ValueError(job.subject_id)

    handler = CountedHandler(handle)
    await handler(Job(kind=JobKind.SUBMIT, tenant_id=TenantId("t"), subject_id="good"))
    with pytest.raises(ValueError, match="bad"):
        await handler(Job(kind=JobKind.SUBMIT, tenant_id=TenantId("t"), subject_id="bad"))
    metrics.watch(lambda: ProcessState(last_sweep_at=swept_at, sweep_is_alive=True, rings=handler.counts))
    clock.advance(7)
    told = samples(await metrics.render())
    assert (told["istmo_sweep_age_seconds"], told["istmo_sweep_alive"]) == (7, 1)
    assert told["istmo_rings_total{outcome=handled}"] == told["istmo_rings_total{outcome=failed}"] == 1


async def test_a_worker_serves_them_on_a_port_of_its_own() -> None:
    settings = MetricsSettings(metrics_token=TOKEN, worker_metrics_port=0)
    async with (
        serving_metrics(Metrics(ManualClock(), None), settings, "127.0.0.1") as port,
        httpx.AsyncClient() as http,
    ):
        address = f"http://127.0.0.1:{port}/metrics"
        assert (await http.get(address)).status_code == 401
        answer = await http.get(address, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert re.search(r"^# TYPE istmo_pac_answers", answer.text, re.MULTILINE)


@pytest.mark.parametrize(
    ("settings", "host", "served"),
    [
        (MetricsSettings(), "127.0.0.1", False),
        (MetricsSettings(metrics=True), "127.0.0.1", True),
        (MetricsSettings(metrics=True), "::1", True),
        (MetricsSettings(metrics=True), "localhost", True),
        (MetricsSettings(metrics=True), "0.0.0.0", False),  # noqa: S104
        (MetricsSettings(metrics=True), "facturas.example.com", False),
        (MetricsSettings(metrics_token=TOKEN), "0.0.0.0", True),  # noqa: S104
    ],
)
def test_metrics_are_off_unless_a_token_or_loopback_keeps_them(
    settings: MetricsSettings, host: str, *, served: bool
) -> None:
    assert settings.are_served_at(host) is served


def test_a_token_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="16 printable"):
        MetricsSettings(metrics_token="short")


async def test_a_container_with_the_provider_counts_without_anybody_else_knowing(tmp_path: Path) -> None:
    environment = environment_for(tmp_path, f"sqlite:///{tmp_path / 'istmo.db'}", RunningPac(), 8080)
    settings = settings_from(environment)
    await asyncio.to_thread(migrate, settings.store.database_url.get_secret_value())
    container = make_container(settings, MeteringProvider())
    try:
        metrics = await container.get(Metrics)
        assert isinstance(await container.get(PacGateway), MeteredPacGateway)
        assert isinstance(await container.get(ReceiveWebhook), MeteredReceiveWebhook)
        runner = await container.get(EmbeddedRunner)
        metrics.watch(lambda: state_of_runner(runner))
        told = samples(await metrics.render())
        assert told["istmo_work_readable"] == 1
        assert told["istmo_rings_total{outcome=handled}"] == 0
    finally:
        await container.close()
