"""What a caller's plan says as a draft, and as the input of the GraphQL mutation: the same wish through either door."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bootstrap.simulation.plans import DocumentPlan, Fate
from core.codes import DocumentType, ReceiverType, RucType
from core.drafts import Draft, DraftLine, DraftReceiver
from core.identifiers import TenantId
from core.receivers import AdHocReceiver
from core.use_cases.create_invoice import NewInvoice

REFUSED_BY_PAC_RUC = "155777777-2-2021"
REFUSED_BY_DGI_RUC = "155888888-2-2021"
_RUC_OF_FATE = {Fate.REFUSED_BY_PAC: REFUSED_BY_PAC_RUC, Fate.REFUSED_BY_DGI: REFUSED_BY_DGI_RUC}
_NOBODY = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A tenant as its callers and the PAC know it. ``token`` None: the installation's own."""

    tenant_id: TenantId
    company_id: str
    api_key: str
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a caller was told: a document with its number and CUFE, or a refusal by its code."""

    document_id: str | None = None
    number: int | None = None
    cufe: str | None = None
    refusal: str | None = None


def as_invoice(wish: DocumentPlan, cents: int) -> NewInvoice:
    """For the use case."""
    ruc = _RUC_OF_FATE.get(wish.fate)
    receiver = None
    if ruc is not None:
        receiver = AdHocReceiver(
            receiver_type=ReceiverType.TAXPAYER,
            name="Constructora Añil, S.A.",
            ruc=ruc,
            ruc_type=RucType.LEGAL,
            address="Calle 50, edificio 3",
            location_code="8-8-7",
        )
    lines = tuple(
        DraftLine(description=f"Artículo {place}", quantity=Decimal(1), unit_price=_price(cents, place))
        for place in range(wish.lines)
    )
    draft = Draft(document_type=DocumentType.DOMESTIC_INVOICE, receiver=_NOBODY, lines=lines)
    return NewInvoice(draft=draft, receiver=receiver)


def as_variables(wish: DocumentPlan, cents: int, key: str) -> dict[str, Any]:
    """For the mutation."""
    invoice: dict[str, Any] = {
        "lines": [
            {"description": f"Artículo {place}", "quantity": "1", "unitPrice": str(_price(cents, place))}
            for place in range(wish.lines)
        ]
    }
    ruc = _RUC_OF_FATE.get(wish.fate)
    if ruc is not None:
        invoice["receiver"] = {
            "receiverType": "TAXPAYER",
            "name": "Constructora Añil, S.A.",
            "ruc": ruc,
            "contributorType": "JURIDICO",
            "address": "Calle 50, edificio 3",
            "locationCode": "8-8-7",
        }
    return {"input": invoice, "key": key, "wait": int(wish.wait)}


def _price(cents: int, place: int) -> Decimal:
    return Decimal(cents + place) / 100
