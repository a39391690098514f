"""The fake behind a real socket: the whole way with webhooks, and connections that really break."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.alanube.fake.clocks import OffsetClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.http_server import running_fake_pac
from adapters.alanube.fake.progression import after
from adapters.alanube.fake.records import WebhookTarget
from tests.unit.fake_pac.pac_at_hand import ISSUER_RUC, Payload, consumer_invoice

PATIENCE_SECONDS = 20.0


@dataclass
class Receiver:
    """A webhook receiver on loopback that answers with the statuses that it is given, then 200."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.split(": ", 1) for line in head[1:] if line)
                headers = {name.lower(): value for name, value in headers.items()}
                body = await reader.readexactly(int(headers["content-length"]))
                status = self.statuses.pop(0) if self.statuses else 200
                writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
                async with self.arrived:
                    self.got.append((headers, json.loads(body)))
                    self.arrived.notify_all()
        except asyncio.IncompleteReadError:
            pass  # the fake closed its connection
        finally:
            writer.close()
            await writer.wait_closed()

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self.arrived:
            await self.arrived.wait_for(enough)

    def statuses_told(self) -> list[str]:
        return [body["legalStatus"] for _, body in self.got]


@dataclass
class RunningPac:
    engine: FakePacEngine
    company_id: str
    http: httpx.AsyncClient
    receiver: Receiver
    base_url: str

    async def post(self, number: int = 1) -> httpx.Response:
        return await self.http.post("/pan/v1/invoices", json=payload(number), params={"idCompany": self.company_id})

    def spoil(self, kind: FaultKind, seconds: float | None = None) -> None:
        self.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, times=1, seconds=seconds),)))


def payload(number: int) -> Payload:
    made = consumer_invoice(number)
    del made["information"]["issueDate"]  # the PAC takes its own clock
    return made


@pytest.fixture
async def running() -> AsyncIterator[RunningPac]:
    receiver = Receiver()
    listening = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    engine = FakePacEngine(clock=OffsetClock())
    engine.set_progression(after(timedelta(0)))
    target = WebhookTarget(url=f"http://127.0.0.1:{port}/webhooks/pac/x", secret="hush", user_id="user-1")
    company = engine.register_company(ruc=ISSUER_RUC, name="Emisor, S.A.", webhook=target)
    headers = {"authorization": "Bearer fake-pac-token"}
    async with (
        running_fake_pac(engine) as base_url,
        httpx.AsyncClient(base_url=base_url, headers=headers, timeout=PATIENCE_SECONDS) as http,
    ):
        yield RunningPac(engine, company.id, http, receiver, base_url)
    listening.close()
    await listening.wait_closed()


async def test_an_invoice_goes_all_the_way_over_http(running: RunningPac) -> None:
    posted = await running.post()
    assert posted.status_code == 200
    document_id = posted.json()["document"]["id"]

    await running.receiver.until(lambda: len(running.receiver.got) == 2)

    headers, body = running.receiver.got[-1]
    assert running.receiver.statuses_told() == ["PAC_AUTHORIZED", "DGI_AUTHORIZED"]
    assert (headers["x-pac-signature"], headers["x-user-id"], body["id"]) == ("hush", "user-1", document_id)
    read = await running.http.get(f"/pan/v1/invoices/{document_id}", params={"documents": "pdf"})
    document = read.json()["document"]
    assert document["legalStatus"] == "DGI_AUTHORIZED"
    assert document["pdf"].startswith(running.base_url)
    async with httpx.AsyncClient() as stranger:  # the address is signed, no token needed
        pdf = await stranger.get(document["pdf"])
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


async def test_a_webhook_is_tried_again_after_a_500(running: RunningPac) -> None:
    running.engine.behave(webhook_retry_after=(timedelta(0),), webhook_on_acceptance=False)
    running.receiver.statuses = [500]

    await running.post()
    await running.receiver.until(lambda: len(running.receiver.got) == 2)

    assert running.receiver.statuses_told() == ["DGI_AUTHORIZED", "DGI_AUTHORIZED"]


async def test_a_webhook_can_arrive_before_the_answer(running: RunningPac) -> None:
    running.spoil(FaultKind.WEBHOOK_BEFORE_ANSWER)

    await running.post()

    assert "PAC_AUTHORIZED" in running.receiver.statuses_told()


@pytest.mark.parametrize(
    ("kind", "documents"),
    [
        (FaultKind.DROP_BEFORE, 0),
        (FaultKind.DROP_AFTER_ACCEPT, 1),
        (FaultKind.TIME_OUT_AFTER_ACCEPT, 1),
        (FaultKind.CUT_MID_BODY, 1),
    ],
)
async def test_a_broken_connection_is_really_broken(running: RunningPac, kind: FaultKind, documents: int) -> None:
    running.spoil(kind, seconds=0.01)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await running.post()

    assert len(running.engine.documents) == documents
    assert (await running.post(2)).status_code == 200  # and the next connection works


async def test_a_client_that_gives_up_on_a_hanging_answer_harms_nobody(running: RunningPac) -> None:
    running.spoil(FaultKind.TIME_OUT_AFTER_ACCEPT, seconds=600)

    with pytest.raises(httpx.ReadTimeout):
        await running.http.post("/pan/v1/invoices", json=payload(1), timeout=0.05)

    assert (await running.post(2)).status_code == 200


async def test_a_dripping_answer_arrives_byte_by_byte(running: RunningPac) -> None:
    running.spoil(FaultKind.SLOW_DRIP, seconds=0.0)

    answer = await running.post()

    assert answer.json()["document"]["legalStatus"] == "PAC_AUTHORIZED"


async def test_a_truncated_body_is_a_complete_answer_with_half_a_json(running: RunningPac) -> None:
    running.spoil(FaultKind.TRUNCATE_BODY)

    answer = await running.post()

    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_control_calls_script_the_server(running: RunningPac) -> None:
    script = {"rules": [{"kind": "throttled_429", "seconds": 3, "times": 1}]}
    assert (await running.http.post("/_fake/faults", json=script)).status_code == 200

    throttled = await running.post()

    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "3")
    moved = await running.http.post("/_fake/clock/advance", json={"seconds": 86400})
    assert moved.status_code == 200
    assert (await running.http.get("/_fake/state")).json()["faultsFired"] == {"throttled_429": 1}


async def test_a_void_travels_as_a_delete_with_a_body(running: RunningPac) -> None:
    document_id = (await running.post()).json()["document"]["id"]
    await running.receiver.until(lambda: "DGI_AUTHORIZED" in running.receiver.statuses_told())

    answer = await running.http.request(
        "DELETE", f"/pan/v1/invoices/{document_id}", json={"reason": "El cliente no aceptó la entrega"}
    )

    assert answer.status_code == 200
    assert running.engine.document(document_id).voided_at is not None


async def test_a_body_over_the_limit_is_refused_over_http(running: RunningPac) -> None:
    answer = await running.http.post("/pan/v1/invoices", content=b" " * (5 * 1024 * 1024))

    assert answer.status_code == 413
    assert not running.engine.documents


async def test_a_receiver_that_does_not_listen_is_noted(running: RunningPac) -> None:
    running.engine.behave(webhook_retry_after=(), webhook_on_acceptance=False)
    running.engine.set_webhook(running.company_id, WebhookTarget(url="http://127.0.0.1:1/x", secret="s"))
    running.spoil(FaultKind.WEBHOOK_BEFORE_ANSWER)  # the answer waits for the deliveries

    await running.post()
    await running.post(2)

    assert running.engine.deliveries[0].status is None


PROCESS = """
from adapters.alanube.fake.http_server import run_fake_pac
run_fake_pac("127.0.0.1", 0, "process-token", on_ready=lambda address, engine: print(address, flush=True))
"""


async def test_serves_as_a_process_of_its_own_until_sigterm() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    headers = {"authorization": "Bearer process-token"}
    try:
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE_SECONDS) as http:
            company = (await http.get("/pan/v1/company")).json()
            posted = await http.post("/pan/v1/invoices", json=payload(1))
            reset = await http.post("/_fake/reset", json={})
            again = (await http.get("/pan/v1/company")).json()
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = await process.communicate()

    assert posted.json()["document"]["cufe"].startswith("FE01")
    assert (company["affiliated"], reset.json()["documents"]) == ("SUBSCRIBED", 0)
    assert company["ruc"] == again["ruc"]
    assert complaints == b""
