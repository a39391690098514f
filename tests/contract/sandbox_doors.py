"""Where a PAC can be talked to: the fake in this process, and Alanube's sandbox when the environment names it."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.alanube.client import AlanubeClient
from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.alanube.replies import Outcome, Reply
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.system_clock import SystemClock

URL, TOKEN, COMPANY = "ISTMO_SANDBOX_URL", "ISTMO_SANDBOX_TOKEN", "ISTMO_SANDBOX_COMPANY"
VARIABLES = (URL, TOKEN, COMPANY)
NUMBERS_A_SECOND = 100  # more than a conversation takes, so that two never meet
HIGHEST_FIRST_NUMBER = 9_999_000_000
ISSUER_RUC = "155777777-2-2021"
ABSENT = (
    f"NO SANDBOX: {', '.join(VARIABLES)} are not set. Nothing here was compared with Alanube; the fake alone spoke."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One answer. ``body`` is the JSON, or the text of what is none; ``status`` 0: no answer came.

    ``outcome`` is the same as the client got it.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The document object, wrapped or not; empty when there is none."""
        body = self.body if isinstance(self.body, dict) else {}
        shown = body.get("document", body)
        return shown if isinstance(shown, dict) else {}

    @property
    def is_accepted(self) -> bool:
        """2xx with an id that is not rejected at once."""
        shown = self.document
        return 200 <= self.status <= 299 and "id" in shown and shown.get("legalStatus") != "PAC_REJECTED"

    @property
    def is_refused(self) -> bool:
        """By either route."""
        return 400 <= self.status <= 499 or self.document.get("legalStatus") == "PAC_REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A PAC to talk to. ``first_number`` is free there; ``engine`` is None at the sandbox."""

    client: AlanubeClient
    token: str = field(repr=False)
    company_id: str
    first_number: int
    now: Callable[[], datetime]
    wait: Callable[[float], Awaitable[None]]
    engine: FakePacEngine | None = None

    async def send(self, method: str, *path: str, body: object = None, token: str | None = None, **query: str) -> Seen:
        """One call, once."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        outcome = await self.client.send(method, path, token=token or self.token, query=query, body=content)
        if not isinstance(outcome, Reply):
            return Seen(status=0, body=outcome.reason, outcome=outcome)
        try:
            read = json.loads(outcome.body)
        except ValueError:
            read = outcome.body.decode(errors="replace")
        return Seen(status=outcome.status, body=read, headers=outcome.headers, outcome=outcome)


@asynccontextmanager
async def fake_door(engine: FakePacEngine | None = None) -> AsyncIterator[Door]:
    """A fake with one company; ``engine`` must stand on a ManualClock."""
    engine = engine or FakePacEngine(clock=ManualClock(datetime(2026, 3, 4, 15, 15, tzinfo=UTC)), seed=7)
    company = engine.register_company(ruc=ISSUER_RUC, name="Emisor de Ejemplo, S.A.")
    clock = engine.clock
    if not isinstance(clock, ManualClock):
        raise TypeError("the fake of a comparison needs a clock that stands still")

    async def wait(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    settings = AlanubeSettings(
        base_url=engine.base_url, token="fake-pac-token", plain_http_hosts=frozenset({"fake-pac.invalid"})
    )
    client = AlanubeClient(settings, SystemClock(), transport=EngineTransport(engine))
    yield Door(
        client=client,
        token=settings.token,
        company_id=company.id,
        first_number=1,
        now=engine.now,
        wait=wait,
        engine=engine,
    )


def has_sandbox(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a sandbox. Raises ValueError when it does so by half."""
    named = [name for name in VARIABLES if environment.get(name)]
    if named and len(named) < len(VARIABLES):
        raise ValueError(f"{' and '.join(sorted(set(VARIABLES) - set(named)))} must be set too")
    return bool(named)


@asynccontextmanager
async def sandbox_door(
    environment: Mapping[str, str] = os.environ, wait: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[Door]:
    """The sandbox that the environment names. Its documents are real there: numbers count on from the time.

    Plain http is possible on loopback alone, for a fake that stands in.
    """
    settings = AlanubeSettings(
        base_url=environment[URL], token=environment[TOKEN], plain_http_hosts=frozenset({"127.0.0.1"})
    )
    client = AlanubeClient(settings, SystemClock())
    try:
        yield Door(
            client=client,
            token=settings.token,
            company_id=environment[COMPANY],
            first_number=int(datetime.now(UTC).timestamp() * NUMBERS_A_SECOND) % HIGHEST_FIRST_NUMBER + 1,
            now=lambda: datetime.now(UTC),
            wait=wait,
        )
    finally:
        await client.aclose()
