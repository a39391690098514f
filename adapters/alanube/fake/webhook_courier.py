"""Carries the webhooks that are due to their receivers, as a real PAC would: over HTTP, with bounded retries."""

import asyncio
import logging
from collections import defaultdict

import httpx

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.records import DueWebhook

RECEIVER_TIMEOUT_SECONDS = 10.0
LONGEST_NAP_SECONDS = 0.5
_log = logging.getLogger("istmo.fake_pac")


class WebhookCourier:
    """Delivers in order within a company; companies do not wait for each other."""

    def __init__(self, engine: FakePacEngine) -> None:
        """Starts nothing; see ``run``."""
        self._engine = engine
        self._awake = asyncio.Event()
        self._rounds: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._client = httpx.AsyncClient(timeout=RECEIVER_TIMEOUT_SECONDS, trust_env=False)

    def wake(self) -> None:
        """Something may have become due."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until cancelled; moves the engine's clock-driven events along as well."""
        try:
            while True:
                for company_webhooks in self._take_due():
                    task = asyncio.create_task(self._deliver(company_webhooks))
                    self._rounds.add(task)
                    task.add_done_callback(self._rounds.discard)
                await self._nap()
        finally:
            for task in self._rounds:
                task.cancel()
            await asyncio.gather(*self._rounds, return_exceptions=True)
            await self._client.aclose()

    async def deliver_due(self) -> None:
        """Deliver what is due now and come back when it is done."""
        await asyncio.gather(*(self._deliver(webhooks) for webhooks in self._take_due()))

    def _take_due(self) -> list[list[DueWebhook]]:
        by_company: defaultdict[str, list[DueWebhook]] = defaultdict(list)
        for webhook in self._engine.take_due_webhooks():
            by_company[webhook.company_id].append(webhook)
        return list(by_company.values())

    async def _nap(self) -> None:
        due = self._engine.next_due_at()
        seconds = LONGEST_NAP_SECONDS
        if due is not None:
            seconds = min(max((due - self._engine.now()).total_seconds(), 0.001), LONGEST_NAP_SECONDS)
        self._awake.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _deliver(self, webhooks: list[DueWebhook]) -> None:
        async with self._turns[webhooks[0].company_id]:
            for webhook in webhooks:
                status: int | None = None
                try:
                    answer = await self._client.post(webhook.url, content=webhook.body, headers=webhook.headers)
                    status = answer.status_code
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    _log.info("webhook to %s failed: %s", webhook.url, error)
                self._engine.report_delivery(webhook, status)
                self.wake()
