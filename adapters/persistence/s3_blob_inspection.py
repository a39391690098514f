"""Looks into the bucket of an S3FileStore. Keys are ``<first two digits>/<digest>``, as in a folder."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import obstore

from adapters.persistence.path_parts import is_digest, tenant_part
from adapters.persistence.s3_file_store import S3FileStore
from core.identifiers import TenantId
from core.ports.store_inspection import BlobInspection, StoredBlob


class S3BlobInspection(S3FileStore, BlobInspection):
    """An upload is whole or not there at all, so nothing is ever left behind by one that was interrupted."""

    async def blobs(self, tenant_id: TenantId, *, after: str | None, limit: int) -> Sequence[StoredBlob]:
        """See the port. Objects that are no files of Istmo are passed over."""
        folder = f"{tenant_part(tenant_id)}/"
        found: list[StoredBlob] = []
        async with self._within_limits("list"):
            offset = None if after is None else folder + after
            async for chunk in obstore.list(self._store, prefix=folder, offset=offset, chunk_size=limit):
                found.extend(_blob(folder, each) for each in chunk if _is_blob(folder, each["path"]))
                if len(found) >= limit:
                    break
        return tuple(found[:limit])

    async def remove(self, tenant_id: TenantId, key: str, *, stored_before: datetime) -> bool:
        """See the port. Raises ValueError for what is no key of a blob."""
        folder = f"{tenant_part(tenant_id)}/"
        if not _is_blob(folder, folder + key):
            raise ValueError("that is no key of a blob")
        async with self._within_limits("remove"):
            try:
                found = await obstore.head_async(self._store, folder + key)
            except FileNotFoundError:
                return False
            if found["last_modified"] >= stored_before:
                return False
            await obstore.delete_async(self._store, folder + key)
        return True


def _is_blob(folder: str, path: str) -> bool:
    prefix, _, digest = path.removeprefix(folder).partition("/")
    return path.startswith(folder) and is_digest(digest) and digest.startswith(prefix) and len(prefix) == 2


def _blob(folder: str, found: Any) -> StoredBlob:
    key = found["path"].removeprefix(folder)
    return StoredBlob(key=key, digest=key.partition("/")[2], size=found["size"], stored_at=found["last_modified"])
