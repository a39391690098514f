"""Callers who go away in the middle of a mutation: B01 and B02 of the fault matrix, over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.alanube.fake.faults import FaultKind
from tests.integration.customer import GENERATE, INVOICES, Customer, until
from tests.integration.installation import Installation, running_in_process


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Installation]:
    async with running_in_process(tmp_path, f"sqlite:///{tmp_path / 'istmo.db'}") as installed:
        yield installed


async def numbers(customer: Customer) -> list[str]:
    found = await customer.ask(INVOICES, f={})
    return [edge["node"]["number"] for edge in found["edges"]]


async def test_b01_a_caller_who_leaves_before_the_mutation_arrived_whole_leaves_nothing(web: Installation) -> None:
    customer = await web.customer()
    order = await customer.order()
    body = json.dumps({"query": GENERATE, "variables": {"order": order, "key": "k-1", "wait": 10}}).encode()
    address = urlsplit(web.base_url)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    head = [
        "POST /graphql HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {customer.key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode() + body[:-1])
    await writer.drain()
    writer.transport.abort()
    assert (await web.http.get("/health/live")).status_code == 200
    assert await numbers(customer) == []
    issued = (await customer.generate(order))["invoice"]
    assert (int(issued["number"]), web.pac.posts()) == (1, 1)


async def test_b02_a_caller_who_leaves_after_the_commit_finds_the_document_with_the_same_key(web: Installation) -> None:
    customer = await web.customer()
    order = await customer.order()
    web.pac.spoil_next_post(FaultKind.SLOW_DRIP, seconds=0.001)
    async with httpx.AsyncClient(base_url=web.base_url, timeout=30, trust_env=False) as gone:
        asking = asyncio.create_task(Customer(gone, customer.key).generate(order))

        async def posts() -> int:
            return web.pac.posts()

        await until(posts, bool)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    again = (await customer.generate(order))["invoice"]
    await customer.until_submission(again["id"], "ACCEPTED")
    assert (await numbers(customer), web.pac.posts()) == ([again["number"]], 1)
