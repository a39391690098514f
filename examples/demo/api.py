"""The demo as a customer of the API: plain GraphQL over HTTP."""

from collections.abc import Mapping
from typing import Any

import httpx

from examples.demo.machinery import DemoFailedError, Installation

CREATE_CLIENT = "mutation($i: CreateClientInput!) { createClient(input: $i) { client { id } errors { message hint } } }"
CREATE_ORDER = "mutation($i: CreateOrderInput!) { createOrder(input: $i) { order { id } errors { message hint } } }"
GENERATE_INVOICE = """
mutation($order: ID!, $key: String!) {
  generateInvoice(orderId: $order, mode: DGI, idempotencyKey: $key, waitSeconds: 10) {
    invoice { id number }
    errors { message hint }
  }
}
"""
INVOICE = """
query($id: ID!) {
  invoice(id: $id) {
    number billingPoint submission legalStatus cufe expectedCufe qr isSettled authorizationProtocol
    totals { netTotal itbmsTotal total }
    events { sequence at kind actor facts { name value } }
    attachments { kind fileName size isProvisional downloadUrl }
  }
}
"""


class Api:
    """One caller with one key."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._client = httpx.Client(
            base_url=installation.api_url,
            headers={"Authorization": f"Bearer {installation.api_key}"},
            timeout=40,
            trust_env=False,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data of one request. Raises DemoFailedError when the answer has errors."""
        answer = self._client.post("/graphql", json={"query": query, "variables": variables})
        content = answer.json()
        if answer.status_code != 200 or content.get("errors"):
            raise DemoFailedError(f"GraphQL answered {answer.status_code}: {content}", "Read var/demo/istmo.log.")
        data: dict[str, Any] = content["data"]
        return data

    def do(self, mutation: str, variables: Mapping[str, Any], result: str) -> dict[str, Any]:
        """The named result of a mutation. Raises DemoFailedError with Istmo's own message and hint."""
        (payload,) = self.ask(mutation, variables).values()
        if payload["errors"]:
            first = payload["errors"][0]
            raise DemoFailedError(f"Istmo refused: {first['message']}", first["hint"])
        made: dict[str, Any] = payload[result]
        return made

    def invoice(self, invoice_id: str) -> dict[str, Any]:
        """The document with its timeline and files."""
        found: dict[str, Any] = self.ask(INVOICE, {"id": invoice_id})["invoice"]
        return found

    def download(self, url: str) -> bytes:
        """The bytes behind a short-lived link."""
        answer = self._client.get(url)
        answer.raise_for_status()
        return answer.content

    def switch_webhooks(self, company: str, *, enabled: bool) -> None:
        """Tell the fake PAC to send webhooks or not."""
        url = f"{self._installation.fake_url}/_fake/companies/{company}/webhooks"
        httpx.post(url, json={"enabled": enabled}, timeout=5, trust_env=False).raise_for_status()
