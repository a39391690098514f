"""A fake PAC with one company, a clock that stands still, and payloads to change."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.alanube.fake.behaviour import Behaviour
from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.records import FakeDocument
from adapters.alanube.fake.wire import WireAnswer, WireRequest

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
ISSUER_RUC = "155777777-2-2021"
OFFICE_ID = "01J9ZK4T7Q8R2M5N6P7S8T9V0W"
REASON = {"reason": "El cliente no aceptó la entrega"}
Payload = dict[str, Any]
Change = Callable[[Payload], object]


class PacAtHand:
    """The engine with short ways to call it."""

    def __init__(self, **behaviour: Any) -> None:
        self.clock = ManualClock(NOON)
        self.engine = FakePacEngine(clock=self.clock, seed=7, behaviour=Behaviour(**behaviour))
        self.company = self.engine.register_company(ruc=ISSUER_RUC, name="Emisor de Ejemplo, S.A.")
        self.engine.register_office(self.company.id, code="0001", office_id=OFFICE_ID)

    def call(
        self, method: str, path: str, body: object = None, *, token: str = DEFAULT_TOKEN, **query: str
    ) -> WireAnswer:
        """One call under /pan/v1 with the company's token."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        return self.engine.handle(
            WireRequest(method=method, path=f"/pan/v1{path}", query=query, headers=headers, body=raw)
        )

    def download(self, address: str) -> WireAnswer:
        """GET a signed address, without a token."""
        path = address.removeprefix(self.engine.base_url)
        return self.engine.handle(WireRequest(method="GET", path=path))

    def issue(self, payload: Payload | None = None, path: str = "/invoices") -> FakeDocument:
        """Issue a document that must be accepted."""
        answer = self.call("POST", path, payload or invoice())
        assert answer.status == 200, answer.body
        return self.engine.document(answer.json()["document"]["id"])

    def authorised(self, payload: Payload | None = None, path: str = "/invoices") -> FakeDocument:
        """Issue a document and let the DGI authorise it."""
        document = self.issue(payload, path)
        self.wait(seconds=10)
        assert document.legal_status == "DGI_AUTHORIZED"
        return document

    def read(self, document: FakeDocument, **query: str) -> Payload:
        """GET a document that must be found."""
        answer = self.call("GET", f"/{document.family}/{document.id}", **query)
        assert answer.status == 200, answer.body
        found: Payload = answer.json()["document"]
        return found

    def wait(self, **by: float) -> None:
        """Let time pass and what is due happen."""
        self.clock.advance(timedelta(**by))
        self.engine.advance()


def codes_of(answer: WireAnswer) -> set[str]:
    """The codes of a refusal in the errors[] style."""
    return {error["code"] for error in answer.json()["errors"]}


def changed(payload: Payload, change: Change) -> Payload:
    """A copy of a payload after a change in place."""
    copied = copy.deepcopy(payload)
    change(copied)
    return copied


def invoice(number: int = 451, **information: Any) -> Payload:
    """Two lines, 7 % and exempt, a unit discount, to a taxpayer."""
    return {
        "idOffice": OFFICE_ID,
        "information": {
            "issueType": "01",
            "documentType": "01",
            "numeration": f"{number:010d}",
            "billingPoint": "001",
            "securityCode": "483920175",
            "cafe": {"format": 3, "delivery": 3},
            "nature": "01",
            "operationType": 1,
            "destination": 1,
            "receiverContainer": 1,
            "saleType": 1,
            "issueDate": "2026-03-04T10:15:00-05:00",
            **information,
        },
        "receiver": {
            "type": "01",
            "ruc": {"type": 2, "ruc": "155000001-2-2020"},
            "name": "Ferretería Ejemplo Uno, S.A.",
            "address": "Calle Ficticia 10, local 3",
            "location": {"code": "8-8-7"},
            "country": "PA",
            "telephones": ["200-0101"],
            "emails": ["compras@example.com"],
        },
        "items": [
            {
                "number": "0001",
                "description": "Taladro de prueba 500W",
                "code": "SKU-1001",
                "unit": "und",
                "quantity": 3,
                "prices": {"transfer": 40.0, "discount": 2.5},
                "itbms": {"rate": "01"},
            },
            {
                "number": "0002",
                "description": "Libro técnico",
                "quantity": 2,
                "prices": {"transfer": 15.0},
                "itbms": {"rate": "00"},
            },
        ],
        "totals": {"paymentTime": 1, "paymentMethods": [{"type": "08", "amount": 150.38}]},
    }


def consumer_invoice(number: int = 453) -> Payload:
    """One line to a final consumer, from the main office."""
    payload = invoice(number, billingPoint="002")
    del payload["idOffice"]
    payload["receiver"] = {"type": "02", "name": "CONSUMIDOR FINAL", "country": "PA"}
    payload["items"] = [
        {
            "number": "0001",
            "description": "Café molido 400 g",
            "quantity": 2,
            "prices": {"transfer": 6.5},
            "itbms": {"rate": "01"},
        }
    ]
    payload["totals"] = {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": 13.91}]}
    return payload


def government_invoice(number: int = 452) -> Payload:
    """A service to a ministry on credit, half of the ITBMS retained."""
    payload = invoice(number, saleType=4)
    payload["receiver"] |= {
        "type": "03",
        "ruc": {"type": 2, "ruc": "8-NT-1-99901"},
        "name": "Entidad Pública de Ejemplo",
    }
    payload["items"] = [
        {
            "number": "0001",
            "description": "Servicio de mantenimiento mensual",
            "quantity": 1,
            "cpbs": {"code": "7210", "unit": "und"},
            "prices": {"transfer": 1000.0},
            "itbms": {"rate": "01"},
        }
    ]
    payload["totals"] = {
        "paymentTime": 2,
        "paymentMethods": [{"type": "01", "amount": 1070.0}],
        "installmentPayment": [{"sequence": 1, "dueDate": "2026-04-03T12:00:00-05:00", "amount": 1070.0}],
        "retention": {"code": "2", "amount": 35.0},
    }
    return payload


def export_invoice(number: int = 460) -> Payload:
    """Goods to a foreigner abroad."""
    payload = invoice(number, documentType="03", nature="02", destination=2)
    payload["receiver"] = {
        "type": "04",
        "name": "Cliente del Exterior",
        "country": "CR",
        "foreign": {"number": "CR-123456", "country": "Costa Rica"},
    }
    payload["exportation"] = {"incoterm": "FOB", "currency": "USD", "port": "Balboa"}
    return payload


def credit_note(reference: Payload | None, number: int = 27, document_type: str = "04") -> Payload:
    """One line given back; ``reference`` is the element of referencedDocuments."""
    payload = invoice(number, documentType=document_type, modificationCode=3)
    del payload["information"]["saleType"]
    payload["items"] = [dict(payload["items"][0], quantity=1)]
    payload["totals"] = {"paymentTime": 1, "paymentMethods": [{"type": "02", "amount": 40.13}]}
    if reference is not None:
        payload["referencedDocuments"] = [reference]
    return payload


def debit_note(reference: Payload | None, number: int = 5, document_type: str = "05") -> Payload:
    """A surcharge on an invoice."""
    payload = credit_note(reference, number, document_type)
    payload["information"] |= {"modificationCode": 2}
    return payload


def by_cufe(document: FakeDocument) -> Payload:
    """A reference by CUFE."""
    return {
        "emissionType": "CUFE",
        "cufeIdentification": document.cufe,
        "issueDate": "2026-03-04T10:15:00-05:00",
    }


def by_id(document: FakeDocument) -> Payload:
    """A reference by the PAC's id."""
    return {"emissionType": "ID", "apiIdentification": document.id}
