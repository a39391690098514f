"""Making a backup while the service runs: the database before the files, the files before the high-water marks.

A file is stored before the row that names it, so a database that is copied first names no file that the later copy of
the files could miss. A mark is raised before a number is sent, so marks that are copied last are never below it.
"""

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.persistence.backup_failures import BackupDamagedError, BackupFolderNotEmptyError
from adapters.persistence.backup_folder import (
    DATABASE,
    DEPARTURES,
    FORMAT,
    MARKS,
    Manifest,
    StoredFile,
    file_path,
    finish_backup,
    read_marks,
)
from adapters.persistence.connection import DatabaseUnavailable
from adapters.persistence.durable_files import flush_folder, make_durable_folder, write_durably
from adapters.persistence.local_departure_log import FOLDER as DEPARTURES_HERE
from adapters.persistence.local_departure_log import day_files
from adapters.persistence.path_parts import is_digest, is_tenant_part
from adapters.persistence.sqlite_driver import SqliteSettings, connect
from core.failures import StoreUnavailableError
from core.identifiers import TenantId

_CLOCKS_APART = timedelta(minutes=10)
_CANNOT_LINK = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EACCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished backup. ``referenced`` are the files that its database names; ``missing`` of them are not in it,
    because the file store has them no more or their bytes were changed there."""

    manifest: Manifest
    referenced: frozenset[StoredFile]
    missing: tuple[StoredFile, ...]


def make_backup(
    folder: Path,
    *,
    database: SqliteSettings | None,
    files_root: Path | None,
    files_at: str | None,
    marks_root: Path,
    now: Callable[[], datetime],
) -> Made:
    """Copy everything into ``folder``, made when it is not there, and verify the copies.

    ``database`` None: only files and marks. ``files_root`` None: the files stay at ``files_at``, a bucket.
    Raises BackupFolderNotEmptyError, BackupDamagedError (the database's copy fails SQLite's check, a mark is no
    number), StoreUnavailableError (a disk failed or is full); then the folder has no manifest.
    """
    started_at = now()
    try:
        _make_empty(folder)
        schema, referenced = None, frozenset[StoredFile]()
        sums: dict[str, str] = {}
        if database is not None:
            copy_database(database, folder / DATABASE)
            sums[DATABASE] = _digest_of(folder / DATABASE)
            schema, referenced = look_into(folder / DATABASE)
        if files_root is not None:
            sums |= _copy_files(files_root, folder)
        count = len(sums) - (schema is not None)
        marks = _copy_marks(marks_root, folder)
        departures = _copy_departures(marks_root, folder, since=started_at)
        manifest = Manifest(
            format=FORMAT,
            started_at=started_at.isoformat(),
            finished_at=now().isoformat(),
            schema=schema,
            files_at=files_at,
            files=count,
            marks=len(marks),
            sums_sha256="",
        )
        manifest = finish_backup(folder, manifest, (sums | marks | departures).items())
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailableError from error
    missing = () if files_root is None else tuple(sorted(one for one in referenced if file_path(one) not in sums))
    return Made(manifest=manifest, referenced=referenced, missing=missing)


def copy_database(settings: SqliteSettings, target: Path) -> None:
    """A consistent copy of a live database, durable. Raises StoreUnavailableError, sqlite3.Error, OSError."""
    if not settings.path.is_file():
        raise StoreUnavailableError
    try:
        raw = connect(settings)
    except DatabaseUnavailable as error:
        raise StoreUnavailableError from error
    try:
        raw.execute("VACUUM INTO ?", (str(target),))
    finally:
        raw.close()
    flush_file(target)  # SQLite does not
    target.chmod(0o600)
    flush_folder(target.parent)


def look_into(copy: Path) -> tuple[str, frozenset[StoredFile]]:
    """The schema's revision and the files that a database at rest names. Raises BackupDamagedError, sqlite3.Error."""
    raw = sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        (verdict,) = raw.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise BackupDamagedError(what=f"{copy.name} fails SQLite's check: {verdict}")
        (revision,) = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = raw.execute("SELECT DISTINCT tenant_id, digest FROM document_attachments WHERE is_current = 1")
        return revision, frozenset((TenantId(tenant), digest) for tenant, digest in rows)
    except sqlite3.DatabaseError as error:
        raise BackupDamagedError(what=f"{copy.name} is not a database of Istmo") from error
    finally:
        raw.close()


def flush_file(path: Path) -> None:
    """Make the file's bytes durable. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupFolderNotEmptyError(folder=folder)
    make_durable_folder(folder.absolute())
    folder.chmod(0o700)


def _copy_files(root: Path, folder: Path) -> dict[str, str]:
    """Link or copy every whole file; one whose bytes are not its digest's is left out, and so named as missing."""
    sums: dict[str, str] = {}
    made: set[Path] = set()
    for stored, source in _stored_under(root):
        target = folder / file_path(stored)
        if target.parent not in made:
            make_durable_folder(target.parent)
            made.add(target.parent)
        try:
            _link_or_copy(source, target)
        except FileNotFoundError:  # collected as an orphan just now; if it was none, it is named as missing
            continue
        if _digest_of(target) == stored[1]:
            sums[file_path(stored)] = stored[1]
        else:
            target.unlink()
    for one in sorted(made):
        flush_folder(one)
    return sums


def _stored_under(root: Path) -> Iterator[tuple[StoredFile, Path]]:
    for path in root.glob("*/*/*"):
        tenant, start, digest = path.relative_to(root).parts
        if is_tenant_part(TenantId(tenant)) and is_digest(digest) and start == digest[:2] and path.is_file():
            yield (TenantId(tenant), digest), path


def _link_or_copy(source: Path, target: Path) -> None:
    """The file store never changes a file in its place, so a link stays what it was."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        shutil.copyfile(source, target)
        flush_file(target)


def _copy_marks(root: Path, folder: Path) -> dict[str, str]:
    sums: dict[str, str] = {}
    for one, number in read_marks(root).items():
        path = f"{MARKS}/{one.tenant_id}/{one.series.billing_point}-{one.series.document_type.value}"
        content = b"%d\n" % number
        write_durably(folder / path, content)
        sums[path] = hashlib.sha256(content).hexdigest()
    return sums


def _copy_departures(root: Path, folder: Path, *, since: datetime) -> dict[str, str]:
    """What left while the backup was made, which its database may not know. After the marks: never less than they."""
    sums: dict[str, str] = {}
    first = (since.astimezone(UTC) - _CLOCKS_APART).date().isoformat()
    for source in day_files(root / DEPARTURES_HERE):
        if source.name >= first:
            path = f"{DEPARTURES}/{source.name}"
            content = source.read_bytes()
            write_durably(folder / path, content)
            sums[path] = hashlib.sha256(content).hexdigest()
    return sums


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
