"""A client of the PAC for a server on loopback, and the one POST that the tests send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.alanube.client import AlanubeClient
from adapters.alanube.replies import Outcome
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.system_clock import SystemClock
from tests.unit.alanube.raw_server import Conversation

SECRET = "key-of-the-installation"
BODY = b'{"information": {}}'


def settings_for(url: str, **changes: Any) -> AlanubeSettings:
    named: dict[str, Any] = {
        "base_url": url,
        "token": SECRET,
        "connect_seconds": 2.0,
        "read_seconds": 5.0,
        "total_seconds": 5.0,
        "plain_http_hosts": frozenset({"127.0.0.1", "localhost"}),
    }
    return AlanubeSettings(**(named | changes))


@asynccontextmanager
async def client_of(url: str, **changes: Any) -> AsyncIterator[AlanubeClient]:
    client = AlanubeClient(settings_for(url, **changes), SystemClock())
    try:
        yield client
    finally:
        await client.aclose()


async def post(client: AlanubeClient, token: str | None = None) -> Outcome:
    return await client.send("POST", ("invoices",), token=token, query={"idCompany": "01C"}, body=BODY)


async def answer_all(conversation: Conversation) -> None:
    while await conversation.read_request() is not None:
        await conversation.answer(200, b'{"ok": true}')
