"""Bringing a backup back: into a staging file first, which takes the database's place only when it is recovered.

A crash at any moment leaves either the old database or the recovered one, never a restored one that would still send
what may be at the PAC already.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from adapters.persistence.backup import flush_file
from adapters.persistence.backup_failures import (
    BackupDamagedError,
    DatabaseInTheWayError,
    DatabaseInUseError,
    MarksLostError,
)
from adapters.persistence.backup_folder import Backup, StoredFile, file_path, named
from adapters.persistence.durable_files import flush_folder, make_durable_folder
from core.ports.file_store import FileStore
from core.ports.series_ledger import HighWaterMarks
from core.use_cases.recover_after_restore import TenantSeries

IN_FLIGHT = 8
_COMPANIONS = ("-wal", "-shm", "-journal")


async def restore_marks(backup: Backup, marks: HighWaterMarks, past: Mapping[TenantSeries, int]) -> None:
    """Raise every mark to the backup's; what is here already is newer and wins.

    A mark here below the backup's means that the marks, which should outlive the database, were lost too: then only a
    person knows how far the numbers went. Raises MarksLostError for those without a number in ``past``, before any
    mark is changed, and StoreUnavailableError.
    """
    behind = []
    for one, at_backup in backup.marks.items():
        here = await marks.read(one.tenant_id, one.series)
        if here < at_backup and one not in past:
            behind.append(f"{series_name(one)} is {here} here and {at_backup} in the backup")
    if behind:
        raise MarksLostError(series=named(behind))
    for one, at_backup in backup.marks.items():
        await marks.raise_to(one.tenant_id, one.series, at_backup)


async def restore_files(backup: Backup, files: FileStore) -> None:
    """Store every whole file of the backup. Raises StoreUnavailableError, BackupDamagedError (it changed just now)."""

    async def put(stored: StoredFile) -> None:
        tenant_id, digest = stored
        content = await asyncio.to_thread((backup.folder / file_path(stored)).read_bytes)
        if await files.put(tenant_id, content) != digest:
            raise BackupDamagedError(what=f"changed while it was read: {file_path(stored)}")

    for some in _batches(backup.files):
        await asyncio.gather(*(put(stored) for stored in some))


async def missing_files(files: FileStore, wanted: Collection[StoredFile]) -> tuple[StoredFile, ...]:
    """Those that the store has not. Raises StoreUnavailableError."""
    missing: list[StoredFile] = []
    for some in _batches(sorted(wanted)):
        there = await asyncio.gather(*(files.has(tenant_id, digest) for tenant_id, digest in some))
        missing.extend(stored for stored, is_there in zip(some, there, strict=True) if not is_there)
    return tuple(missing)


def stage_database(backup: Backup, target: Path, *, replace: bool) -> Path:
    """Copy the backup's database beside its future place and return where.

    Raises DatabaseInTheWayError, DatabaseInUseError, BackupDamagedError (there is none in it), OSError.
    """
    if backup.database is None:
        raise BackupDamagedError(what="it holds no database")
    if target.exists():
        if not replace:
            raise DatabaseInTheWayError(place=target)
        _require_unused(target)
    make_durable_folder(target.absolute().parent)
    staged = target.with_name(f"{target.name}.restoring")
    for leftover in _with_companions(staged):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(backup.database, staged)
    staged.chmod(0o600)
    flush_file(staged)
    return staged


def put_in_place(staged: Path, target: Path, *, old_name: str) -> Path | None:
    """The staged database takes the target's place, durably; the old one is kept as ``old_name`` beside it.

    Nothing may have either of them open. Returns where the old one is. Raises DatabaseInUseError, OSError.
    """
    _require_unused(staged)
    flush_file(staged)
    kept = None
    if target.exists():
        _require_unused(target)
        kept = target.with_name(old_name)
        _keep_as(kept, target)
    for companion in _with_companions(target)[1:]:
        if companion.exists():
            companion.rename(f"{target.with_name(old_name)}{companion.name.removeprefix(target.name)}")
    staged.replace(target)
    flush_folder(target.absolute().parent)
    return kept


def series_name(one: TenantSeries) -> str:
    """As a person writes it: TENANT/POINT/TYPE."""
    return f"{one.tenant_id}/{one.series.billing_point}/{one.series.document_type.value}"


def _keep_as(kept: Path, target: Path) -> None:
    """A second name, so that the target is never without a database; a file system without links must rename."""
    try:
        os.link(target, kept)
    except FileExistsError:
        raise
    except OSError:
        target.rename(kept)


def _require_unused(path: Path) -> None:
    """Leaving WAL needs the file for oneself alone, and leaves everything in the one file. A file that SQLite cannot
    read is nobody's. Raises DatabaseInUseError."""
    raw = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        (mode,) = raw.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseInUseError(place=path) from error
    except sqlite3.DatabaseError:
        return
    finally:
        raw.close()
    if mode != "delete":
        raise DatabaseInUseError(place=path)


def _with_companions(path: Path) -> tuple[Path, ...]:
    return path, *(path.with_name(path.name + end) for end in _COMPANIONS)


def _batches(every: Iterable[StoredFile]) -> Iterable[list[StoredFile]]:
    batch: list[StoredFile] = []
    for one in every:
        batch.append(one)
        if len(batch) == IN_FLIGHT:
            yield batch
            batch = []
    if batch:
        yield batch
