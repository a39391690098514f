"""The smallest document that the contract accepts, to start from."""

from typing import Any


def an_invoice(number: int = 1, **information: Any) -> dict[str, Any]:
    """The body of ``POST /invoices``: two coffees at 7 % to a final consumer, paid in cash (13.91).

    ``number`` is the document's; ``information`` replaces fields of that object.
    """
    return {
        "information": {
            "issueType": "01",
            "documentType": "01",
            "numeration": f"{number:010d}",
            "billingPoint": "001",
            "securityCode": "720481936",
            "cafe": {"format": 2, "delivery": 2},
            "nature": "01",
            "operationType": 1,
            "destination": 1,
            "receiverContainer": 1,
            **information,
        },
        "receiver": {"type": "02", "name": "CONSUMIDOR FINAL", "country": "PA"},
        "items": [
            {
                "number": "0001",
                "description": "Café molido 400 g",
                "quantity": 2,
                "prices": {"transfer": 6.5},
                "itbms": {"rate": "01"},
            }
        ],
        "totals": {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": 13.91}]},
    }
