"""`istmo serve --demo` as a person runs it: one command, and everything that it says is there."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.customer import until
from tests.integration.processes import ISTMO

START_SECONDS = 60.0
STATES = "{ invoices(first: 20) { edges { node { number submission legalStatus attachments { kind downloadUrl } } } } }"
ADOPT = """mutation($id: ID!, $pacId: ID!) { adoptPacDocument(documentId: $id, pacDocumentId: $pacId) {
  invoice { submission } errors { code } } }"""
ISSUE = """mutation($id: ID!) { generateInvoice(orderId: $id, mode: DGI, idempotencyKey: "mine", waitSeconds: 10) {
  invoice { submission } errors { code } } }"""


def entries(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


@dataclass
class Demo:
    """A running demo with what it said."""

    process: asyncio.subprocess.Process
    said: str
    http: httpx.AsyncClient

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.said)
        assert found, f"{pattern} is not in:\n{self.said}"
        return found[1]

    def key(self, role: str) -> str:
        return self.find(rf"  {role} +(istmo_\S+)")

    async def ask(self, role: str, query: str, **variables: Any) -> Any:
        answer = await self.http.post(
            self.find(r"API +(http\S+)"),
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.key(role)}"},
        )
        return answer.json()

    async def invoices(self) -> list[dict[str, Any]]:
        answer = await self.ask("VIEWER", STATES)
        return [edge["node"] for edge in answer["data"]["invoices"]["edges"]]


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    process = await asyncio.create_subprocess_exec(
        *(str(ISTMO), "serve", "--demo", "--port", "0"),
        env=plain | {"TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    said = b""
    try:
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(timeout=30, trust_env=False) as http:
            while b"Ctrl+C" not in said:
                line = await process.stdout.readline()
                assert line, f"it ended: {said.decode()}"
                said += line
            yield Demo(process, said.decode(), http)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_shows_what_it_says_and_leaves_nothing_behind(demo: Demo, tmp_path: Path) -> None:
    page = await demo.http.get(demo.find(r"explorer +(http\S+)#key="))
    assert page.status_code == 200
    told = dict(re.findall(r"  (\d{10})  \w{26}  (\w+, \w+) ", demo.said))
    assert {"ACCEPTED, DGI_AUTHORIZED", "ACCEPTED, DGI_REJECTED", "IN_DOUBT, NONE"} <= set(told.values())

    async def shown() -> dict[str, str]:
        edges = (await demo.ask("VIEWER", STATES))["data"]["invoices"]["edges"]
        return {
            edge["node"]["number"]: f"{edge['node']['submission']}, {edge['node']['legalStatus']}" for edge in edges
        }

    assert await shown() == told

    order, lost = demo.find(r"orderId (\w{26})"), demo.find(r"pacDocumentId (\w{26})")
    refused = await demo.ask("VIEWER", ISSUE, id=order)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    issued = (await demo.ask("ISSUER", ISSUE, id=order))["data"]["generateInvoice"]
    assert issued == {"invoice": {"submission": "ACCEPTED"}, "errors": []}
    doubtful = demo.find(r"(\w{26})  IN_DOUBT")
    adopted = (await demo.ask("OPERATOR", ADOPT, id=doubtful, pacId=lost))["data"]["adoptPacDocument"]
    assert adopted == {"invoice": {"submission": "ACCEPTED"}, "errors": []}
    assert (await demo.http.get(f"{demo.find(r'fake PAC +(http.+)')}/_fake/state")).status_code == 200

    async def links() -> list[str]:
        nodes = await demo.invoices()
        return [each["downloadUrl"] for node in nodes for each in node["attachments"] if each["kind"] == "PDF"]

    pdf = await demo.http.get((await until(links, bool))[0])
    assert pdf.content.startswith(b"%PDF-")

    assert demo.find(r"Everything lies in (\S+),").startswith(f"{tmp_path}/istmo-demo-")
    assert entries(tmp_path)
    demo.process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await demo.process.wait() == 0
    assert entries(tmp_path) == []
    assert demo.process.stderr
    assert (await demo.process.stderr.read()).decode() == ""
