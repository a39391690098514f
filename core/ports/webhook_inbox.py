"""The inbox of the PAC's webhooks: stored before they are answered, kept until they are matched (I10)."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from core.identifiers import DeliveryId, DocumentId, PacDocumentId, TenantId


class DeliveryState(Enum):
    """How far a delivery has come."""

    RECEIVED = "RECEIVED"
    PROCESSED = "PROCESSED"
    UNMATCHED = "UNMATCHED"  # names a document that we do not know yet
    UNREADABLE = "UNREADABLE"  # authenticated, but not the JSON that was agreed; kept for people


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook as it came. ``claimed_user_id`` is what X-User-Id said; nothing trusts it."""

    tenant_id: TenantId
    delivery_id: DeliveryId
    received_at: datetime
    body: bytes
    body_digest: str  # SHA-256 hex; identical bytes are one delivery
    pac_document_id: PacDocumentId | None
    cufe: str | None
    claimed_status: str | None
    claimed_user_id: str | None
    state: DeliveryState = DeliveryState.RECEIVED
    repeats: int = 0
    last_received_at: datetime | None = None
    document_id: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """``is_new`` False: identical bytes were there already and only their count grew."""

    delivery: Delivery
    is_new: bool


class WebhookInbox(Protocol):
    """Raises StoreUnavailableError when it cannot commit: no 200 without a row."""

    @abstractmethod
    async def store(self, delivery: Delivery) -> Stored:
        """Commit the delivery, or count a repetition of the same bytes of the same tenant."""

    @abstractmethod
    async def get(self, tenant_id: TenantId, delivery_id: DeliveryId) -> Delivery:
        """Raises DeliveryNotFoundError."""

    @abstractmethod
    async def settle(
        self,
        tenant_id: TenantId,
        delivery_id: DeliveryId,
        state: DeliveryState,
        document_id: DocumentId | None,
    ) -> None:
        """Say what became of a delivery. One that was PROCESSED stays so: UNMATCHED came too late then."""

    @abstractmethod
    async def waiting(self, tenant_id: TenantId, *, limit: int) -> Sequence[Delivery]:
        """Deliveries that are RECEIVED and were not processed yet, oldest first."""

    @abstractmethod
    async def unmatched(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """Deliveries in RECEIVED or UNMATCHED that name this id or this CUFE; at most 100."""

    @abstractmethod
    async def naming(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """Deliveries that name this id or this CUFE, whatever became of them, oldest first; at most 100."""

    @abstractmethod
    async def left_over(
        self, tenant_id: TenantId, *, received_from: datetime, received_before: datetime, limit: int
    ) -> Sequence[Delivery]:
        """Deliveries of a period that are UNMATCHED or UNREADABLE, oldest first; ``received_before`` is not in it."""

    @abstractmethod
    async def waiting_tenants(self, *, limit: int) -> Sequence[TenantId]:
        """Tenants with RECEIVED deliveries, the longest waiting first."""
