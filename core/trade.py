"""Whom a tenant sells to and what was ordered: clients and orders."""

from dataclasses import dataclass
from datetime import datetime

from core.codes import PaymentTime, ReceiverType, RetentionCode, RucType
from core.drafts import DraftInstalment, DraftLine, DraftPayment, ForeignIdentity
from core.identifiers import ClientId, OfficeId, OrderId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A receiver that a tenant sells to more than once."""

    tenant_id: TenantId
    client_id: ClientId
    name: str
    receiver_type: ReceiverType
    created_at: datetime
    contributor_type: RucType | None = None  # NATURAL or JURIDICO
    ruc: str | None = None
    dv: str | None = None
    address: str | None = None
    location_code: str | None = None
    country: str = "PA"
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    withholds: bool = False  # the client withholds ITBMS: every document to it needs a retention code
    retention: RetentionCode | None = None  # the default code for documents to this client
    foreign_identity: ForeignIdentity | None = None
    external_id: str | None = None
    updated_at: datetime | None = None  # None: never since it was created
    archived_at: datetime | None = None  # no new order or invoice names an archived client
    version: int = 1  # grows by one with each change


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a client ordered: lines and terms, ready to become an invoice."""

    tenant_id: TenantId
    order_id: OrderId
    lines: tuple[DraftLine, ...]
    created_at: datetime
    client_id: ClientId | None = None  # None: a final consumer without a name
    office_id: OfficeId | None = None  # None: the tenant's first office
    billing_point: str | None = None  # None: the office's first
    payments: tuple[DraftPayment, ...] = ()
    payment_time: PaymentTime = PaymentTime.IMMEDIATE
    instalments: tuple[DraftInstalment, ...] = ()
    prices_include_itbms: bool = False
    retention: RetentionCode | None = None
    information: str | None = None
    external_id: str | None = None
    updated_at: datetime | None = None  # None: never since it was created
    cancelled_at: datetime | None = None  # a cancelled order is never billed
    version: int = 1  # grows by one with each change


# What a client or an order is besides what its owner says of it.
KEPT_OF_A_CLIENT = ("tenant_id", "client_id", "created_at", "updated_at", "archived_at", "version")
KEPT_OF_AN_ORDER = ("tenant_id", "order_id", "created_at", "updated_at", "cancelled_at", "version")
