"""A transport that answers what a test prepared and keeps what it was asked."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx

from adapters.alanube.client import AlanubeClient
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.manual_clock import ManualClock
from core.ports.pac_gateway import PacAccount

ACCOUNT = PacAccount(company_id="01J9ZK4T7Q8R2M5N6P7S8T9V0W")
SETTINGS = AlanubeSettings(base_url="https://api.example.com", token="secret-key")


class CannedPac(httpx.AsyncBaseTransport):
    """Every request gets the present answer. ``hold`` keeps the answer back until ``release``."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answer: Callable[[httpx.Request], httpx.Response] | Exception = httpx.ConnectError("down")
        self._gate = asyncio.Event()
        self._gate.set()
        self.was_asked = asyncio.Event()

    def answers(self, status: int, body: Any, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._answer = lambda request: httpx.Response(status, content=content, headers=headers, request=request)

    def fails(self, error: Exception) -> None:
        self._answer = error

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.was_asked.set()
        await self._gate.wait()
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer(request)


def canned_client(pac: CannedPac, clock: ManualClock) -> AlanubeClient:
    return AlanubeClient(SETTINGS, clock, transport=pac)
