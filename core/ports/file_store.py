"""Where files lie: content-addressed, per tenant."""

from abc import abstractmethod
from typing import Protocol

from core.identifiers import TenantId


class FileStore(Protocol):
    """Stores bytes under their SHA-256. Raises StoreUnavailableError when it cannot be reached or is full."""

    @abstractmethod
    async def put(self, tenant_id: TenantId, content: bytes) -> str:
        """Store the bytes durably and return their digest (64 hex digits). The same bytes are stored once."""

    @abstractmethod
    async def get(self, tenant_id: TenantId, digest: str) -> bytes:
        """The bytes. Raises FileNotStoredError, and FileCorruptError when they no longer match the digest."""

    @abstractmethod
    async def has(self, tenant_id: TenantId, digest: str) -> bool:
        """Whether this tenant stored these bytes."""
