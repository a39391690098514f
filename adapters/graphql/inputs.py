"""Input objects as the domain's own values: one pure function each. Field names are snake_case by then.

What a caller leaves out and what it sends as null mean the same: the domain's default.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from core.codes import DocumentType, ReceiverType
from core.drafts import (
    Draft,
    DraftContingency,
    DraftDiscount,
    DraftExport,
    DraftInstalment,
    DraftLine,
    DraftPayment,
    DraftReceiver,
    DraftReference,
    ForeignIdentity,
    OtiCharge,
)
from core.errors import Wording
from core.failures import MalformedInputError
from core.identifiers import ClientId, OfficeId, OrderId, TenantId
from core.ports.document_repository import DocumentFilter
from core.receivers import AdHocReceiver, ruc_as_stored
from core.trade import Client, Order
from core.use_cases.create_invoice import NewInvoice
from core.usual_terms import usual_terms

Input = Mapping[str, Any]
Member = TypeVar("Member", bound=Enum)

WAIT_SECONDS_MAX = 30
_BESIDE_THE_DRAFT = {"client_id", "receiver", "office_id", "billing_point", "external_id"}
_REPLACED_BY_THE_USE_CASE = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER)
_INVOICES = tuple(each for each in DocumentType if each.is_invoice)
_SET_BY_THE_USE_CASE = datetime.min.replace(tzinfo=UTC)
_NAMES_OF_THINGS = {"client_id": "clientId", "office_id": "officeId", "billing_point": "billingPoint"}
_EMPTY = Wording("an empty text names nothing; leave it out", "un texto vacío no nombra nada; omítalo")
_BAD_NUMBER = Wording("a number has up to ten digits", "un número tiene hasta diez dígitos")
_BAD_WAIT = Wording("waitSeconds is 0 to 30", "waitSeconds es de 0 a 30")


def read_line(data: Input) -> DraftLine:
    """One item."""
    charges = tuple(OtiCharge(**charge) for charge in data.get("oti") or ())
    return DraftLine(**(given(data) | {"oti": charges}))


def read_foreign_identity(data: Input | None) -> ForeignIdentity | None:
    """A foreigner's document; its kind is the DGI's code."""
    if data is None:
        return None
    return ForeignIdentity(kind=data["kind"].value, number=data["number"], country=data["country"])


def read_terms(data: Input) -> dict[str, Any]:
    """What orders and invoices have in common. Raises MalformedInputError for an empty name of a thing.

    An empty text is a slip of the caller's program, never a wish for the default.
    """
    for name, argument in _NAMES_OF_THINGS.items():
        if data.get(name) == "":
            raise MalformedInputError(path=(argument,), problem=_EMPTY)
    return given(data) | {
        "lines": tuple(read_line(line) for line in data["lines"]),
        "payments": tuple(DraftPayment(**given(payment)) for payment in data.get("payments") or ()),
        "instalments": tuple(DraftInstalment(**given(each)) for each in data.get("instalments") or ()),
    }


def read_order(data: Input, tenant_id: TenantId) -> Order:
    """An order of ``tenant_id``; the use case sets its id and time."""
    return Order(tenant_id=tenant_id, order_id=OrderId(""), created_at=_SET_BY_THE_USE_CASE, **read_terms(data))


def read_client(data: Input, tenant_id: TenantId) -> Client:
    """A client of ``tenant_id``; the use case sets its id, time and receiver type."""
    fields = given(data) | {
        "receiver_type": data.get("receiver_type") or ReceiverType.FINAL_CONSUMER,
        "emails": tuple(data.get("emails") or ()),
        "phones": tuple(data.get("phones") or ()),
        "foreign_identity": read_foreign_identity(data.get("foreign_identity")),
    }
    return Client(tenant_id=tenant_id, client_id=ClientId(""), created_at=_SET_BY_THE_USE_CASE, **fields)


def read_ad_hoc_receiver(data: Input | None) -> AdHocReceiver | None:
    """Values for one document. An empty list stays empty: it means none, not the client's."""
    if data is None:
        return None
    fields = given(data)
    fields["ruc_type"] = fields.pop("contributor_type", None)
    for contacts in ("emails", "phones"):
        if contacts in fields:
            fields[contacts] = tuple(fields[contacts])
    return AdHocReceiver(**(fields | {"foreign_identity": read_foreign_identity(data.get("foreign_identity"))}))


def read_invoice(data: Input) -> NewInvoice:
    """A standalone invoice."""
    return _read_standalone(data, data.get("document_type") or DocumentType.DOMESTIC_INVOICE)


def read_previewed(data: Input) -> NewInvoice:
    """A document of any type, notes with what they refer to; what a note leaves out is what its type usually says."""
    document_type = data.get("document_type") or DocumentType.DOMESTIC_INVOICE
    usual = usual_terms(document_type)
    return _read_standalone(
        data,
        document_type,
        nature=data.get("nature") or usual.nature,
        sale_type=data.get("sale_type") or usual.sale_type,
        references=tuple(DraftReference(**given(reference)) for reference in data.get("references") or ()),
    )


def _read_standalone(data: Input, document_type: DocumentType, **beyond_invoices: Any) -> NewInvoice:
    terms = {name: value for name, value in read_terms(data).items() if name not in _BESIDE_THE_DRAFT}
    terms["discounts"] = tuple(DraftDiscount(**discount) for discount in data.get("discounts") or ())
    if data.get("export") is not None:
        terms["export"] = DraftExport(**given(data["export"]))
    if data.get("contingency") is not None:
        terms["contingency"] = DraftContingency(**data["contingency"])
    terms |= {"document_type": document_type, "receiver": _REPLACED_BY_THE_USE_CASE, **beyond_invoices}
    client_id, office_id = data.get("client_id"), data.get("office_id")
    return NewInvoice(
        draft=Draft(**terms),
        client_id=ClientId(client_id) if client_id is not None else None,
        receiver=read_ad_hoc_receiver(data.get("receiver")),
        office_id=OfficeId(office_id) if office_id is not None else None,
        billing_point=data.get("billing_point"),
        external_id=data.get("external_id"),
    )


def read_filter(data: Input | None, overdue_before: datetime) -> DocumentFilter:
    """Which invoices a page shows. Raises MalformedInputError for a number that is none."""
    wanted = data or {}
    ruc, overdue = wanted.get("receiver_ruc"), wanted.get("overdue")
    number = wanted.get("number")
    if number is not None and not (1 <= len(number) <= 10 and number.isascii() and number.isdigit()):
        raise MalformedInputError(path=("filter", "number"), problem=_BAD_NUMBER)
    return DocumentFilter(
        document_types=_INVOICES,
        submission=_distinct(wanted.get("submission")),
        legal_status=_distinct(wanted.get("legal_status")),
        cufe=wanted.get("cufe"),
        number=int(number) if number is not None else None,
        external_id=wanted.get("external_id"),
        receiver_ruc=ruc_as_stored(ruc) if ruc is not None else None,
        updated_since=wanted.get("updated_since"),
        overdue_before=overdue_before if overdue is True else None,
        not_overdue_before=overdue_before if overdue is False else None,
        withdrawn=wanted.get("withdrawn"),
    )


def read_wait(wait_seconds: int) -> int:
    """Raises MalformedInputError outside 0 to 30."""
    if not 0 <= wait_seconds <= WAIT_SECONDS_MAX:
        raise MalformedInputError(path=("waitSeconds",), problem=_BAD_WAIT)
    return wait_seconds


def given(data: Input) -> dict[str, Any]:
    """What was said: null means the same as nothing."""
    return {name: value for name, value in data.items() if value is not None}


def _distinct(members: Iterable[Member] | None) -> tuple[Member, ...]:
    return tuple(dict.fromkeys(members or ()))
