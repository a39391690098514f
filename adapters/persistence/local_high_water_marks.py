"""High-water marks in files outside the database, so that a restored backup cannot bring numbers back.

One file per series: ``<root>/<tenant>/<billing point>-<document type>``, a whole number in digits. A lock file of the
tenant keeps several processes of one machine apart.
"""

import asyncio
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.persistence.durable_files import make_durable_folder, write_durably
from adapters.persistence.path_parts import tenant_part
from core.documents import SeriesKey
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from core.ports.series_ledger import HighWaterMarks

_POINT = re.compile(r"[0-9]{3}", re.ASCII)
_MARK = re.compile(rb"[0-9]{1,10}\n")


class LocalHighWaterMarks(HighWaterMarks):
    """Raises StoreUnavailableError when the disk fails or a mark cannot be read: never a mark of 0 by mistake."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def raise_to(self, tenant_id: TenantId, series: SeriesKey, number: int) -> None:
        """See the port."""
        path = self._path(tenant_id, series)
        try:
            await asyncio.to_thread(_raise_to, path, number)
        except OSError as error:
            raise StoreUnavailableError from error

    async def read(self, tenant_id: TenantId, series: SeriesKey) -> int:
        """See the port."""
        path = self._path(tenant_id, series)
        try:
            return await asyncio.to_thread(_read, path)
        except OSError as error:
            raise StoreUnavailableError from error

    def _path(self, tenant_id: TenantId, series: SeriesKey) -> Path:
        if _POINT.fullmatch(series.billing_point) is None:
            raise ValueError("a billing point is three digits")
        return self._root / tenant_part(tenant_id) / f"{series.billing_point}-{series.document_type.value}"


def _raise_to(path: Path, number: int) -> None:
    make_durable_folder(path.parent)
    with _alone(path.parent / ".lock"):
        if number > _read(path):
            write_durably(path, b"%d\n" % number)


def _read(path: Path) -> int:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return 0
    if _MARK.fullmatch(content) is None:
        raise OSError(f"the high-water mark {path.name} is not a number")
    return int(content)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
