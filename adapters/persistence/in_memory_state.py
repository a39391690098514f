"""The tables of the in-memory store. Everything in them is frozen, so handing out a value shares nothing."""

from dataclasses import dataclass, field
from datetime import datetime

from core.administration import ChainedAdminEvent
from core.catalogues import Catalogue, CatalogueKind
from core.circuits import Circuit
from core.codes import RucType
from core.departures import Departure, VoidDeparture
from core.documents import Attachment, FiscalDocument, SeriesKey
from core.events import ChainedEvent, Exchange
from core.identifiers import (
    ApiKeyId,
    ClientId,
    DeliveryId,
    DocumentId,
    OfficeId,
    OrderId,
    PaymentId,
    TenantId,
)
from core.lost_documents import LostDocument
from core.onboarding import Onboarding
from core.payments import RecordedPayment
from core.ports.ruc_registry import RegisteredRuc
from core.ports.series_ledger import SeriesMove, SeriesState
from core.ports.webhook_inbox import Delivery
from core.tenants import ApiKey, Office, SecretKind, Tenant
from core.trade import Client, Order

DocumentKey = tuple[TenantId, DocumentId]


@dataclass(slots=True)
class StoredDocument:
    """One document with everything that hangs on it."""

    document: FiscalDocument
    fingerprint: str
    body: bytes
    events: list[ChainedEvent] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class InMemoryStore:
    """One shared object, so that adapters made on it agree. For one event loop: no method awaits inside a change."""

    tenants: dict[TenantId, Tenant] = field(default_factory=dict)
    offices: dict[tuple[TenantId, OfficeId], Office] = field(default_factory=dict)
    api_keys: dict[tuple[TenantId, ApiKeyId], ApiKey] = field(default_factory=dict)
    secrets: dict[tuple[TenantId, SecretKind], tuple[tuple[datetime, bytes], ...]] = field(default_factory=dict)
    clients: dict[tuple[TenantId, ClientId], Client] = field(default_factory=dict)
    orders: dict[tuple[TenantId, OrderId], Order] = field(default_factory=dict)
    documents: dict[DocumentKey, StoredDocument] = field(default_factory=dict)
    intents: dict[tuple[TenantId, str], DocumentId] = field(default_factory=dict)
    made: dict[tuple[TenantId, str, str], tuple[str, str]] = field(default_factory=dict)  # fingerprint and id
    series: dict[tuple[TenantId, SeriesKey], SeriesState] = field(default_factory=dict)
    series_moves: dict[tuple[TenantId, SeriesKey], list[SeriesMove]] = field(default_factory=dict)
    deliveries: dict[tuple[TenantId, DeliveryId], Delivery] = field(default_factory=dict)
    payments: dict[tuple[TenantId, PaymentId], RecordedPayment] = field(default_factory=dict)
    circuits: dict[TenantId, Circuit] = field(default_factory=dict)
    onboardings: dict[TenantId, Onboarding] = field(default_factory=dict)
    admin_events: list[ChainedAdminEvent] = field(default_factory=list)
    marks: dict[tuple[TenantId, SeriesKey], int] = field(default_factory=dict)
    departures: list[Departure | VoidDeparture] = field(default_factory=list)
    lost: dict[DocumentKey, LostDocument] = field(default_factory=dict)
    rucs: dict[tuple[TenantId, str, RucType], RegisteredRuc] = field(default_factory=dict)
    catalogues: dict[tuple[TenantId, CatalogueKind], Catalogue] = field(default_factory=dict)
    files: dict[tuple[TenantId, str], bytes] = field(default_factory=dict)
