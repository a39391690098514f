"""What the fake PAC holds: companies, offices, documents, webhooks due, e-mails, exchanges."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from adapters.alanube.fake.wire import JsonObject, WireAnswer, WireRequest

TEST_ENVIRONMENT_NAME = "FE generada en ambiente de pruebas - sin valor comercial ni fiscal"


class DocumentFamily(StrEnum):
    """The three resources that documents live under; the value is the path."""

    INVOICES = "invoices"
    CREDIT_NOTES = "credit-notes"
    DEBIT_NOTES = "debit-notes"


@dataclass(slots=True, kw_only=True)
class Office:
    """A branch. ``code`` has four digits, 0000 is the main one."""

    id: str
    code: str
    kind: str
    coordinates: str
    address: str
    telephone: str
    location: str
    email: str | None = None


@dataclass(slots=True, kw_only=True)
class WebhookTarget:
    """Where a company's status changes go. ``secret`` travels verbatim in X-Pac-Signature."""

    url: str
    secret: str
    user_id: str | None = None
    enabled: bool = True


@dataclass(slots=True, kw_only=True)
class Company:
    """An issuer. ``environment`` is the DGI's iAmb: 1 production, 2 test. ``ruc_type``: 1 natural, 2 legal."""

    id: str
    account_id: str
    kind: str
    name: str
    trade_name: str
    ruc: str
    dv: str
    ruc_type: int
    environment: int = 2
    affiliated: str = "PENDING"
    affiliation_requested_at: datetime | None = None
    qr: str | None = None
    is_active: bool = True
    emails: JsonObject = field(default_factory=dict)
    logo: str | None = None
    certificates: dict[str, str] = field(default_factory=dict)  # by slot, the SHA-256 of its base64; no password
    offices: dict[str, Office] = field(default_factory=dict)
    webhook: WebhookTarget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that the PAC or the DGI has to say about a document.

    ``code`` is the DGI's rule number or the vendor's code, ``field`` a dotted path in the body. A notification does
    not reject.
    """

    code: str
    message: str
    field: str = ""
    is_notification: bool = False


@dataclass(slots=True, kw_only=True)
class FakeDocument:
    """One document at the PAC. ``payload`` is the body as it was read, ``raw`` the bytes as they came."""

    id: str
    company_id: str
    family: DocumentFamily
    office_code: str
    payload: JsonObject
    raw: bytes
    document_type: str
    numeration: str
    billing_point: str
    accepted_at: datetime
    issued_at: datetime
    total: Decimal
    legal_status: str
    cufe: str | None
    findings: tuple[Finding, ...] = ()
    government: tuple[Finding, ...] = ()
    protocol: str | None = None
    reads: int = 0
    voided_at: datetime | None = None
    void_reason: str | None = None
    void_event_id: str | None = None
    xml: bytes | None = None
    qr: str | None = None
    pdf: tuple[str, bytes] | None = None  # the status that it shows, its bytes
    history: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWebhook:
    """A webhook to be delivered. ``attempt`` counts from 1."""

    id: str
    company_id: str
    document_id: str
    url: str
    headers: dict[str, str]
    body: bytes
    due_at: datetime
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """What became of one attempt. ``status`` is None when no answer came."""

    webhook: DueWebhook
    at: datetime
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEmail:
    """An e-mail that the PAC would have sent. ``document_type`` is ``invoice`` or ``credit-note``."""

    company_id: str
    document_id: str
    document_type: str
    mail: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request that reached the PAC, with its answer."""

    at: datetime
    request: WireRequest
    answer: WireAnswer
