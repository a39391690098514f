"""The load: callers who issue with idempotency keys and ask again with the same key until they have a document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.torture.installation import Installation, Shop

CREATE_INVOICE = """
mutation($i: CreateInvoiceInput!, $key: String!, $wait: Int!) {
  createInvoice(input: $i, mode: DGI, idempotencyKey: $key, waitSeconds: $wait) {
    invoice { id number submission expectedCufe } errors { code message }
  }
}
"""
LINES = [{"description": "Taladro percutor 500 W", "quantity": "2", "unitPrice": "40.00"}]
TRANSIENT = frozenset({"store_unavailable"})


@dataclass(slots=True)
class Answered:
    """What callers were told: every document id that came back for a key, and how often they had to ask again."""

    wanted: dict[str, Shop] = field(default_factory=dict)
    documents: dict[str, set[str]] = field(default_factory=dict)
    cufes: dict[str, set[str]] = field(default_factory=dict)
    repeated: int = 0
    refused: list[str] = field(default_factory=list)

    def note(self, key: str, invoice: dict[str, Any]) -> None:
        """One answer with a document."""
        self.documents.setdefault(key, set()).add(invoice["id"])
        self.cufes.setdefault(key, set()).add(invoice["expectedCufe"])


class Callers:
    """Some concurrent callers, each with one shop."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._bounds = installation.plan.bounds
        self.answered = Answered()
        self._is_over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def issuing(self) -> AsyncIterator[None]:
        """They issue until ``finish``, or until this is left."""
        self._tasks = [asyncio.create_task(self._call(place)) for place in range(self._bounds.callers)]
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def fail_fast(self) -> None:
        """Raises what a caller raised."""
        for task in self._tasks:
            if task.done():
                task.result()

    async def finish(self) -> None:
        """No new keys; comes back once every key has its document."""
        self._is_over.set()
        async with asyncio.timeout(240):
            await asyncio.gather(*self._tasks)

    async def _call(self, caller: int) -> None:
        chance = Random(f"caller {self._installation.plan.seed} {caller}")
        shop = self._installation.shops[caller % len(self._installation.shops)]
        count = 0
        while not self._is_over.is_set() and len(self.answered.wanted) < self._bounds.documents:
            count += 1
            key = f"caller-{caller}-{count}"
            self.answered.wanted[key] = shop
            await self._until_answered(shop, key, wait=chance.choice((0, 8)), first=chance.randrange(2))
            if chance.random() < 0.1:  # asked once more although it was answered: the very same document
                await self._until_answered(shop, key, wait=0, first=chance.randrange(2))
            await asyncio.sleep(self._bounds.pause * chance.uniform(0.5, 1.5))

    async def _until_answered(self, shop: Shop, key: str, *, wait: int, first: int) -> None:
        webs = self._installation.webs
        turn = first
        variables = {"i": {"lines": LINES, "externalId": key}, "key": key, "wait": wait}
        while True:
            payload = await self._ask(webs[turn % len(webs)].http, shop, variables)
            if payload is not None and payload["invoice"] is not None:
                self.answered.note(key, payload["invoice"])
                return
            if payload is not None and not TRANSIENT.issuperset(error["code"] for error in payload["errors"]):
                self.answered.refused.append(f"{key}: {payload['errors']}")
                return
            self.answered.repeated += 1
            turn += 1
            await asyncio.sleep(0.3)

    async def _ask(self, http: httpx.AsyncClient, shop: Shop, variables: dict[str, Any]) -> dict[str, Any] | None:
        """The payload, or None when the connection was lost or the server cannot answer now."""
        try:
            answer = await http.post(
                "/graphql",
                json={"query": CREATE_INVOICE, "variables": variables},
                headers={"Authorization": f"Bearer {shop.api_key}"},
            )
        except httpx.TransportError:
            return None
        if answer.status_code >= 500:
            return None
        content = answer.json()
        if "errors" in content:
            codes = {error.get("extensions", {}).get("code") for error in content["errors"]}
            if codes <= TRANSIENT:
                return None
            return {"invoice": None, "errors": [{"code": str(code), "message": str(content)[:300]} for code in codes]}
        payload: dict[str, Any] = content["data"]["createInvoice"]
        return payload
