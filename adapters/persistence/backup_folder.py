"""The folder of a backup: ``istmo.db``, ``files/``, ``marks/``, ``departures/``, their digests in ``SHA256SUMS``, and
``manifest.json``.

The manifest is written last and holds the digest of SHA256SUMS, so a folder without one is no finished backup, and
`sha256sum -c SHA256SUMS` checks a finished one without Istmo. Digests show damage; they are no signature.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters.persistence.backup_failures import BackupDamagedError
from adapters.persistence.durable_files import write_durably
from adapters.persistence.local_departure_log import is_day
from adapters.persistence.path_parts import is_digest, is_tenant_part
from core.codes import DocumentType
from core.documents import SeriesKey
from core.identifiers import TenantId
from core.use_cases.recover_after_restore import TenantSeries

FORMAT = 1
MANIFEST, SUMS, DATABASE, FILES, MARKS = "manifest.json", "SHA256SUMS", "istmo.db", "files", "marks"
DEPARTURES = "departures"
_MANIFEST_MAX = 64 * 1024
_NAMED_MAX = 20
_SERIES = re.compile(r"([0-9]{3})-([0-9]{2})", re.ASCII)
_MARK = re.compile(rb"[0-9]{1,10}\n")

StoredFile = tuple[TenantId, str]  # tenant and digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself. Times are ISO 8601 in UTC."""

    format: int
    started_at: str
    finished_at: str
    schema: str | None  # the revision of the database; None: there is no database in it
    files_at: str | None  # a bucket that keeps the files itself; None: they are in the backup
    files: int
    marks: int
    sums_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A verified backup. ``damaged_files`` are named in it and are missing or changed."""

    folder: Path
    manifest: Manifest
    files: tuple[StoredFile, ...]
    marks: dict[TenantSeries, int]
    departures: tuple[Path, ...]
    damaged_files: tuple[str, ...]

    @property
    def database(self) -> Path | None:
        """The database's copy."""
        return None if self.manifest.schema is None else self.folder / DATABASE


def finish_backup(folder: Path, manifest: Manifest, sums: Iterable[tuple[str, str]]) -> Manifest:
    """Write SHA256SUMS (path, digest) and then the manifest, durably. Raises OSError."""
    listing = "".join(f"{digest}  {path}\n" for path, digest in sorted(sums)).encode()
    write_durably(folder / SUMS, listing)
    whole = Manifest(**(asdict(manifest) | {"sums_sha256": hashlib.sha256(listing).hexdigest()}))
    write_durably(folder / MANIFEST, json.dumps(asdict(whole), indent=2).encode() + b"\n")
    return whole


def open_backup(folder: Path, *, with_damaged_files: bool = False) -> Backup:
    """Read every byte of a backup and compare it with what was written.

    Raises BackupDamagedError, naming what is missing or changed; ``with_damaged_files`` lets damage of PDF and XML
    files pass, never that of the database or of marks.
    """
    manifest = _read_manifest(folder)
    listing = _read(folder / SUMS)
    if hashlib.sha256(listing).hexdigest() != manifest.sums_sha256:
        raise BackupDamagedError(what=f"{SUMS} was changed")
    sums = dict(_parse(line) for line in listing.decode(errors="replace").splitlines())
    damaged = [path for path, digest in sums.items() if _digest_of(folder / path) != digest]
    fatal = damaged if not with_damaged_files else [path for path in damaged if not path.startswith(f"{FILES}/")]
    if fatal:
        raise BackupDamagedError(what=f"missing or changed: {named(fatal)}")
    if (DATABASE in sums) != (manifest.schema is not None):
        raise BackupDamagedError(what=f"{DATABASE} and {MANIFEST} do not fit")
    whole = set(sums) - set(damaged)
    return Backup(
        folder=folder,
        manifest=manifest,
        files=tuple(sorted(_stored_file(path) for path in whole if path.startswith(f"{FILES}/"))),
        marks=read_marks(folder / MARKS, only={path for path in whole if path.startswith(f"{MARKS}/")}),
        departures=tuple(sorted(folder / path for path in whole if path.startswith(f"{DEPARTURES}/"))),
        damaged_files=tuple(sorted(damaged)),
    )


def read_marks(root: Path, *, only: set[str] | None = None) -> dict[TenantSeries, int]:
    """Every high-water mark in a folder of marks. Raises BackupDamagedError for one that is no number, OSError."""
    found: dict[TenantSeries, int] = {}
    for path in sorted(root.glob("*/*")):
        series = _SERIES.fullmatch(path.name)
        if series is None or not is_tenant_part(TenantId(path.parent.name)):
            continue
        if only is not None and f"{MARKS}/{path.parent.name}/{path.name}" not in only:
            continue
        content = path.read_bytes()
        if _MARK.fullmatch(content) is None:
            raise BackupDamagedError(what=f"the high-water mark {path} is no number")
        try:
            key = SeriesKey(billing_point=series[1], document_type=DocumentType(series[2]))
        except ValueError as error:
            raise BackupDamagedError(what=f"the high-water mark {path} is of no known document type") from error
        found[TenantSeries(tenant_id=TenantId(path.parent.name), series=key)] = int(content)
    return found


def named(paths: Iterable[str]) -> str:
    """The first few names and how many more there are."""
    every = sorted(paths)
    more = len(every) - _NAMED_MAX
    return ", ".join(every[:_NAMED_MAX]) + (f" and {more} more" if more > 0 else "")


def file_path(stored: StoredFile) -> str:
    """Where a file lies in a backup."""
    tenant_id, digest = stored
    return f"{FILES}/{tenant_id}/{digest[:2]}/{digest}"


def _stored_file(path: str) -> StoredFile:
    _, tenant, _, digest = path.split("/")
    return TenantId(tenant), digest


def _read_manifest(folder: Path) -> Manifest:
    try:
        fields = json.loads(_read(folder / MANIFEST)[:_MANIFEST_MAX])
        manifest = Manifest(**fields)
    except (ValueError, TypeError) as error:
        raise BackupDamagedError(what=f"{MANIFEST} cannot be read") from error
    if manifest.format != FORMAT:
        raise BackupDamagedError(what=f"its format is {manifest.format}, this version reads {FORMAT}")
    return manifest


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BackupDamagedError(what=f"{path.name} cannot be read; an unfinished backup has none") from error


def _parse(line: str) -> tuple[str, str]:
    digest, _, path = line.partition("  ")
    if not is_digest(digest) or not _is_ours(path.split("/")):
        raise BackupDamagedError(what=f"{SUMS} has a line that is none of ours")
    return path, digest


def _is_ours(parts: list[str]) -> bool:
    match parts:
        case ["istmo.db"]:
            return True
        case ["files", tenant, start, digest]:
            return is_tenant_part(TenantId(tenant)) and is_digest(digest) and start == digest[:2]
        case ["marks", tenant, series]:
            return is_tenant_part(TenantId(tenant)) and _SERIES.fullmatch(series) is not None
        case ["departures", day]:
            return is_day(day)
        case _:
            return False


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
