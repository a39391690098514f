"""The shop's client of the PAC, on the standard library."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from core.sales import Sale


class Pac:
    """Issues sales as invoices."""

    def __init__(self, api_url: str, token: str) -> None:
        """``api_url`` ends in /pan/v1."""
        self._parts = urlsplit(api_url)
        self._token = token

    def issue(self, sale: Sale) -> str:
        """Issue an invoice to a final consumer; gives the PAC's id. Raises RuntimeError for a refusal."""
        status, answer = self._send("POST", "/invoices", _invoice(sale))
        if status != 200:
            raise RuntimeError(f"the PAC answered {status}: {answer}")
        document_id: str = answer["document"]["id"]
        return document_id

    def status_of(self, document_id: str) -> str:
        """What the PAC says of an invoice."""
        _, answer = self._send("GET", f"/invoices/{document_id}", None)
        status: str = answer["document"]["legalStatus"]
        return status

    def _send(self, method: str, path: str, body: object) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._parts.netloc, timeout=10)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", "Connection": "close"}
        connection.request(method, self._parts.path + path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, json.loads(content)


def _invoice(sale: Sale) -> dict[str, Any]:
    return {
        "information": {
            "issueType": "01",
            "documentType": "01",
            "numeration": f"{sale.number:010d}",
            "billingPoint": "001",
            "securityCode": "720481936",
            "cafe": {"format": 2, "delivery": 2},
            "nature": "01",
            "operationType": 1,
            "destination": 1,
            "receiverContainer": 1,
        },
        "receiver": {"type": "02", "name": "CONSUMIDOR FINAL", "country": "PA"},
        "items": [
            {
                "number": "0001",
                "description": "Café",
                "quantity": sale.coffees,
                "prices": {"transfer": sale.price / 100},
                "itbms": {"rate": "01"},
            }
        ],
        "totals": {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": sale.total}]},
    }
