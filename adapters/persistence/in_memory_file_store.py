"""Files in memory."""

import hashlib

from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import FileCorruptError, FileNotStoredError
from core.identifiers import TenantId
from core.ports.file_store import FileStore


class InMemoryFileStore(FileStore):
    """Content-addressed, per tenant."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def put(self, tenant_id: TenantId, content: bytes) -> str:
        """See the port."""
        digest = hashlib.sha256(content).hexdigest()
        self._store.files[tenant_id, digest] = bytes(content)
        return digest

    async def get(self, tenant_id: TenantId, digest: str) -> bytes:
        """See the port."""
        content = self._store.files.get((tenant_id, digest))
        if content is None:
            raise FileNotStoredError
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileCorruptError
        return content

    async def has(self, tenant_id: TenantId, digest: str) -> bool:
        """See the port."""
        return (tenant_id, digest) in self._store.files
