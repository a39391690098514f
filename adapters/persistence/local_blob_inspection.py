"""Looks into the folder of a LocalFileStore: what lies there, how old it is, and what an interrupted write left."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from adapters.persistence.durable_files import flush_folder
from adapters.persistence.path_parts import is_digest, tenant_part
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from core.ports.store_inspection import BlobInspection, StoredBlob

_PREFIX = re.compile(r"[0-9a-f]{2}", re.ASCII)
_LEFT_BEHIND = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{16}\.tmp", re.ASCII)


class LocalBlobInspection(BlobInspection):
    """Keys are ``<first two digits>/<name>``. Whatever else lies in the folder is not ours: not shown, not removed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def blobs(self, tenant_id: TenantId, *, after: str | None, limit: int) -> Sequence[StoredBlob]:
        """See the port. Holds the names of one of the 256 folders of the tenant at a time."""
        folder = self._root / tenant_part(tenant_id)
        try:
            return await asyncio.to_thread(lambda: list(islice(_blobs(folder, after or ""), limit)))
        except OSError as error:
            raise StoreUnavailableError from error

    async def remove(self, tenant_id: TenantId, key: str, *, stored_before: datetime) -> bool:
        """See the port. Raises ValueError for what is no key of a blob."""
        prefix, _, name = key.partition("/")
        if not (_PREFIX.fullmatch(prefix) and (is_digest(name) or _LEFT_BEHIND.fullmatch(name))):
            raise ValueError("that is no key of a blob")
        path = self._root / tenant_part(tenant_id) / prefix / name
        try:
            return await asyncio.to_thread(_remove, path, stored_before)
        except OSError as error:
            raise StoreUnavailableError from error


def _blobs(folder: Path, after: str) -> Iterator[StoredBlob]:
    for prefix in sorted(path.name for path in _entries(folder) if _PREFIX.fullmatch(path.name)):
        if prefix < after[:2]:
            continue
        for path in sorted(_entries(folder / prefix)):
            key = f"{prefix}/{path.name}"
            if key > after and (is_digest(path.name) or _LEFT_BEHIND.fullmatch(path.name)):
                yield from _blob(key, path)


def _blob(key: str, path: Path) -> Iterator[StoredBlob]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return  # gone since it was listed
    yield StoredBlob(
        key=key,
        digest=path.name if is_digest(path.name) else None,
        size=found.st_size,
        stored_at=datetime.fromtimestamp(found.st_mtime, tz=UTC),
    )


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _remove(path: Path, stored_before: datetime) -> bool:
    try:
        if datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) >= stored_before:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    flush_folder(path.parent)
    return True
