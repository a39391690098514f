"""`istmo serve` as a real process that is killed, stopped and started again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from adapters.alanube.fake.faults import FaultKind
from core.documents import Submission
from core.identifiers import DocumentId
from core.ports.document_repository import DocumentRepository
from tests.integration.customer import Customer, kinds, until
from tests.integration.installation import Installation, beside_processes, free_port
from tests.integration.processes import IstmoProcess, running_istmo, until_ready

# the shortest lease that settings allow; the hung answer is given up after total seconds
SHORT = {"ISTMO_PAC_READ_SECONDS": "2", "ISTMO_PAC_TOTAL_SECONDS": "2", "ISTMO_LEASE_SECONDS": "22"}


@pytest.fixture
async def beside(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Installation]:
    async with beside_processes(tmp_path, sqlite_url) as installed:
        yield installed


@asynccontextmanager
async def serving(installed: Installation, folder: Path) -> AsyncIterator[IstmoProcess]:
    async with running_istmo("serve", installed.environment, folder / "serve.log") as process:
        await until_ready(process, installed.http)
        yield process


async def until_posted(installed: Installation) -> None:
    async def posts() -> int:
        return installed.pac.posts()

    await until(posts, bool)


async def test_killed_between_the_post_and_its_answer_it_neither_loses_nor_doubles_the_document(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with beside_processes(tmp_path, sqlite_url, **SHORT) as installed:
        shop = await installed.open_shop(webhooks=False)
        customer = installed.customer_of(shop)
        installed.pac.spoil_next_post(FaultKind.TIME_OUT_AFTER_ACCEPT, seconds=60)
        async with serving(installed, tmp_path) as process:
            order = await customer.order()
            asking = asyncio.create_task(customer.generate(order))
            await until_posted(installed)
            process.kill()
            assert await process.exit_code() < 0
            with pytest.raises(httpx.TransportError):
                await asking
        async with serving(installed, tmp_path):
            again = (await customer.generate(order, wait=0))["invoice"]
            assert again["submission"] == "SENDING", "the lease of the dead still runs"
            doubtful = await customer.until_submission(again["id"], "IN_DOUBT")
            assert doubtful["expectedCufe"] == installed.pac.engine.documents[0].cufe
            installed.switch_webhooks_on()
            installed.pac.let_the_dgi_authorise()
            done = await customer.until_done(again["id"])
        assert done["number"] == again["number"]
        assert "ADOPTED" in kinds(done)
        assert installed.pac.posts() == 1
        assert len(installed.pac.engine.documents) == 1


@pytest.mark.parametrize("wait", [0, 20], ids=["nobody waits", "a caller waits"])
async def test_sigterm_lets_the_attempt_in_flight_end(beside: Installation, tmp_path: Path, wait: int) -> None:
    shop = await beside.open_shop(webhooks=False)
    customer = beside.customer_of(shop)
    beside.pac.spoil_next_post(FaultKind.SLOW_DRIP, seconds=0.001)
    async with serving(beside, tmp_path) as process:
        asking = asyncio.create_task(customer.issue(wait=wait))
        await until_posted(beside)
        process.ask_to_stop()
        issued = await asking
        assert await process.exit_code() == 0, process.log.read_text()
    if wait:
        assert issued["submission"] == "ACCEPTED"
    documents = await beside.container.get(DocumentRepository)
    left = await documents.get(shop.tenant_id, DocumentId(issued["id"]))
    assert left.submission is Submission.ACCEPTED
    assert left.pac_document_id == beside.pac.engine.documents[0].id


async def test_sigterm_while_idle_ends_at_once_with_exit_code_0_and_nothing_but_json_in_the_log(
    beside: Installation, tmp_path: Path
) -> None:
    shop = await beside.open_shop()
    customer = beside.customer_of(shop)
    async with serving(beside, tmp_path) as process:
        issued = await customer.issue()
        assert issued["submission"] == "ACCEPTED"
        refused = await beside.http.post("/graphql", json={"query": "{ viewer { role } }"})
        assert refused.status_code == 401
        process.ask_to_stop()
        assert await process.exit_code() == 0
    lines = process.log.read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert {"timestamp", "level", "event"} <= set.intersection(*(set(event) for event in events))
    assert "serving" in {event["event"] for event in events}
    assert [event for event in events if event["level"] in ("warning", "error", "critical")] == []
    secrets = [shop.api_key, shop.webhook_secret]
    secrets += [beside.environment["ISTMO_SECRETS_KEY"], beside.environment["ISTMO_PAC_KEY"]]
    assert [secret for secret in secrets if secret in process.log.read_text()] == []


@pytest.mark.postgres
async def test_two_processes_on_one_database_make_one_document_of_one_intent(tmp_path: Path, postgres_url: str) -> None:
    async with beside_processes(tmp_path, postgres_url) as installed:
        customer = await installed.customer()
        port = free_port()
        beside_it = {**installed.environment, "ISTMO_PORT": str(port)}
        async with (
            serving(installed, tmp_path),
            running_istmo("serve", beside_it, tmp_path / "second.log") as second,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=40, trust_env=False) as other_http,
        ):
            await until_ready(second, other_http)
            other = Customer(other_http, customer.key)
            order = await customer.order()
            answers = await asyncio.gather(*(each.generate(order) for each in (customer, other) * 5))
            assert [answer["errors"] for answer in answers] == [[]] * 10
            assert len({answer["invoice"]["id"] for answer in answers}) == 1
            await customer.until_submission(answers[0]["invoice"]["id"], "ACCEPTED")
        assert installed.pac.posts() == 1
