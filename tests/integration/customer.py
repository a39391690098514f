"""A tenant's program: GraphQL over HTTP with one key."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

PATIENCE_SECONDS = 60.0
Seen = TypeVar("Seen")

CREATE_CLIENT = "mutation($i: CreateClientInput!) { createClient(input: $i) { client { id } errors { code path } } }"
CREATE_ORDER = "mutation($i: CreateOrderInput!) { createOrder(input: $i) { order { id } errors { code path } } }"
DOCUMENT = """
  id number billingPoint submission legalStatus cufe expectedCufe qr isSettled authorizationProtocol doubtReason
  receiver { name ruc dv } totals { total itbmsTotal }
  events { sequence kind actor facts { name value } }
  attachments { kind fileName size digest isProvisional downloadUrl }
"""
GENERATE = f"""
mutation($order: ID!, $key: String!, $wait: Int!) {{
  generateInvoice(orderId: $order, mode: DGI, idempotencyKey: $key, waitSeconds: $wait) {{
    invoice {{ {DOCUMENT} }} errors {{ code message hint path }}
  }}
}}
"""
INVOICE = f"query($id: ID!) {{ invoice(id: $id) {{ {DOCUMENT} }} }}"
INVOICES = "query($f: DocumentFilter) { invoices(filter: $f) { edges { node { id number } } } }"

CLIENT = {
    "name": "Constructora Bahía Azul, S.A.",
    "contributorType": "JURIDICO",
    "ruc": "155777777-2-2021",
    "address": "Calle 50, edificio Torre Coral",
    "locationCode": "8-8-7",
    "emails": ["compras@bahia-azul.example"],
}
LINES = [
    {"code": "TAL-500", "description": "Taladro percutor 500 W", "quantity": "3", "unitPrice": "40.00"},
    {"code": "LIB-INS", "description": "Manual técnico", "quantity": "2", "unitPrice": "15.00", "itbms": "EXEMPT"},
]


async def until(look: Callable[[], Awaitable[Seen]], good: Callable[[Seen], bool]) -> Seen:
    """Look again and again until it is good; fails after a minute with what was seen last."""
    seen: Seen | None = None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not good(seen := await look()):  # noqa: ASYNC110  what happens in other processes sets no event
                await asyncio.sleep(0.03)
    except TimeoutError:
        raise AssertionError(f"not within {PATIENCE_SECONDS:g} s; last seen: {seen}") from None
    return seen


@dataclass
class Customer:
    """``http`` has the base address; the key goes with every request."""

    http: httpx.AsyncClient
    key: str

    async def post(self, query: str, variables: Mapping[str, Any]) -> httpx.Response:
        """The whole HTTP answer."""
        body = {"query": query, "variables": dict(variables)}
        return await self.http.post("/graphql", json=body, headers={"Authorization": f"Bearer {self.key}"})

    async def ask(self, query: str, **variables: Any) -> Any:
        """The one field of the data; the request must be answered without errors."""
        answer = await self.post(query, variables)
        content = answer.json()
        assert answer.status_code == 200, content
        assert "errors" not in content, content
        (field,) = content["data"].values()
        return field

    async def order(self) -> str:
        """A client and an order of it, B/. 158.40 in all."""
        client = await self.ask(CREATE_CLIENT, i=CLIENT)
        assert client["errors"] == []
        order = await self.ask(CREATE_ORDER, i={"clientId": client["client"]["id"], "lines": LINES})
        assert order["errors"] == []
        made: str = order["order"]["id"]
        return made

    async def generate(self, order: str, key: str = "k-1", *, wait: int = 10) -> dict[str, Any]:
        """The payload of generateInvoice."""
        payload: dict[str, Any] = await self.ask(GENERATE, order=order, key=key, wait=wait)
        return payload

    async def issue(self, *, wait: int = 10, key: str = "k-1") -> dict[str, Any]:
        """The document of a new order, as the mutation gives it."""
        payload = await self.generate(await self.order(), key, wait=wait)
        assert payload["errors"] == []
        document: dict[str, Any] = payload["invoice"]
        return document

    async def invoice(self, document_id: str) -> dict[str, Any]:
        """The document as it stands."""
        found: dict[str, Any] = await self.ask(INVOICE, id=document_id)
        return found

    async def until_submission(self, document_id: str, *submissions: str) -> dict[str, Any]:
        """The document as soon as its submission is one of these."""
        return await until(lambda: self.invoice(document_id), lambda seen: seen["submission"] in submissions)

    async def until_done(self, document_id: str) -> dict[str, Any]:
        """The document once the DGI has authorised it and its final PDF and XML lie in the store."""
        return await until(lambda: self.invoice(document_id), is_done)


def is_done(document: Mapping[str, Any]) -> bool:
    """Authorised, with final files."""
    final = {each["kind"] for each in document["attachments"] if not each["isProvisional"]}
    return document["legalStatus"] == "DGI_AUTHORIZED" and final == {"PDF", "XML"}


def kinds(document: Mapping[str, Any]) -> list[str]:
    """What happened, in order."""
    return [event["kind"] for event in document["events"]]


def actors(document: Mapping[str, Any], kind: str) -> set[str]:
    """Who did it."""
    return {event["actor"].partition(":")[0] for event in document["events"] if event["kind"] == kind}
