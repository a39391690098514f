"""Files on a local disk, named by their SHA-256: ``<root>/<tenant>/<first two digits>/<digest>``."""

import asyncio
import hashlib
from pathlib import Path

from adapters.persistence.durable_files import flush_folder, write_durably
from adapters.persistence.path_parts import is_digest, is_tenant_part, tenant_part
from core.failures import FileCorruptError, FileNotStoredError, StoreUnavailableError
from core.identifiers import TenantId
from core.ports.file_store import FileStore


class LocalFileStore(FileStore):
    """Runs in threads, so that a slow disk holds up nobody else."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, tenant_id: TenantId, content: bytes) -> str:
        """See the port. Raises ValueError for a tenant id that cannot be part of a path."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(tenant_part(tenant_id), digest)
        try:
            await asyncio.to_thread(_keep, path, content)
        except OSError as error:
            raise StoreUnavailableError from error
        return digest

    async def get(self, tenant_id: TenantId, digest: str) -> bytes:
        """See the port. What is no digest or no tenant's id is not stored."""
        if not (is_digest(digest) and is_tenant_part(tenant_id)):
            raise FileNotStoredError
        try:
            content = await asyncio.to_thread(self._path(tenant_id, digest).read_bytes)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileNotStoredError from error
        except OSError as error:
            raise StoreUnavailableError from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileCorruptError
        return content

    async def has(self, tenant_id: TenantId, digest: str) -> bool:
        """See the port."""
        if not (is_digest(digest) and is_tenant_part(tenant_id)):
            return False
        try:
            return await asyncio.to_thread(self._path(tenant_id, digest).is_file)
        except OSError as error:
            raise StoreUnavailableError from error

    def _path(self, tenant: str, digest: str) -> Path:
        return self._root / tenant / digest[:2] / digest


def _keep(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        path.touch()  # it is wanted again: not an old orphan
        flush_folder(path.parent)  # whoever wrote it may not have come so far
        return
    write_durably(path, content)
