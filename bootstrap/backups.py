"""What the commands backup, restore and recover do: composed here, because it needs stores and settings."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from adapters.persistence.backup import look_into, make_backup
from adapters.persistence.backup_failures import BackupNeedsDatabaseToolsError
from adapters.persistence.backup_folder import Backup, open_backup, read_marks
from adapters.persistence.database_url import database_settings
from adapters.persistence.local_departure_log import LocalDepartureLog
from adapters.persistence.local_file_store import LocalFileStore
from adapters.persistence.local_high_water_marks import LocalHighWaterMarks
from adapters.persistence.migration import migrate
from adapters.persistence.restore import (
    missing_files,
    put_in_place,
    restore_files,
    restore_marks,
    series_name,
    stage_database,
)
from adapters.persistence.s3_file_store import S3FileStore
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.stores import Stores, open_stores
from adapters.scheduler.system_clock import SystemClock
from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say
from bootstrap.logs import configure_logs
from bootstrap.recovering import recovery_on
from bootstrap.settings import Settings, load_settings
from bootstrap.store_settings import StoreSettings
from bootstrap.store_wiring import folder_of
from core.codes import DocumentType
from core.documents import SeriesKey
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.file_store import FileStore
from core.schedules import Schedules
from core.use_cases.recall_departures import Recalled
from core.use_cases.recover_after_restore import Recovery, TenantSeries

_PAST = re.compile(r"([0-9A-Za-z][0-9A-Za-z_-]{0,63})/([0-9]{3})/([0-9]{2})=([0-9]{1,10})", re.ASCII)


def back_up(folder: Path, *, files_only: bool) -> None:
    """See the command."""
    store = _settings().store
    database = _sqlite_of(store)
    if database is None and not files_only:
        raise BackupNeedsDatabaseToolsError
    made = make_backup(
        folder,
        database=None if files_only else database,
        files_root=None if store.is_in_a_bucket else folder_of(store.file_store_url),
        files_at=store.file_store_url if store.is_in_a_bucket else None,
        marks_root=folder_of(store.high_water_url),
        now=lambda: datetime.now(UTC),
    )
    manifest, missing = made.manifest, made.missing
    if store.is_in_a_bucket:
        missing = asyncio.run(missing_files(_files_of(store), made.referenced))
    say(f"backup {folder}: schema {manifest.schema or '-'}, {manifest.files} files, {manifest.marks} high-water marks")
    if manifest.files_at is not None:
        say(f"the files stay at {manifest.files_at}: back that up with versioning or replication of the bucket")
    _tell_missing(missing)


def restore_backup(folder: Path, *, past: Sequence[str] | None, replace: bool, without_damaged_files: bool) -> None:
    """See the command."""
    settings = _settings()
    known = _parse_past(past)
    opened = open_backup(folder, with_damaged_files=without_damaged_files)
    for path in opened.damaged_files:
        complain(f"damaged in the backup: {path}")
    asyncio.run(_restore(settings, opened, known, replace=replace))


def recover_installation(past: Sequence[str] | None) -> None:
    """See the command."""
    known = _parse_past(past)
    marked = read_marks(folder_of(_settings().store.high_water_url))

    async def act(container: Installation) -> Recovery:
        recovery = recovery_on(await container.get(Stores), await container.get(Clock), await container.get(Schedules))
        return await recovery(marked, known)

    _tell(run_with_container(act))


async def _restore(settings: Settings, backup: Backup, past: Mapping[TenantSeries, int], *, replace: bool) -> None:
    store = settings.store
    marks_folder = folder_of(store.high_water_url)
    files, marks = _files_of(store), LocalHighWaterMarks(marks_folder)
    database = _sqlite_of(store)
    staged = None
    if database is not None and backup.database is not None:
        staged = stage_database(backup, database.path, replace=replace)
    await restore_marks(backup, marks, past)
    await LocalDepartureLog(folder_of(store.high_water_url), kept_days=store.departure_days).take_back(
        backup.departures
    )
    await restore_files(backup, files)
    say(f"{len(backup.files)} files and {len(backup.marks)} high-water marks restored")
    if staged is None or database is None or backup.database is None:
        say("no database restored: bring it back with its own tools, then run `istmo recover` before anything else")
        return
    _, referenced = look_into(backup.database)
    await asyncio.to_thread(migrate, f"sqlite:///{quote(str(staged.absolute()))}")
    recovery = await _recover_staged(settings, staged, past)
    old_name = f"{database.path.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    kept = put_in_place(staged, database.path, old_name=old_name)
    say(f"database restored to {database.path}")
    if kept is not None:
        say(f"the old one is {kept}")
    _tell(recovery)
    _tell_missing(await missing_files(files, referenced))


async def _recover_staged(settings: Settings, staged: Path, past: Mapping[TenantSeries, int]) -> Recovery:
    marks_folder = folder_of(settings.store.high_water_url)
    stores = await open_stores(
        SqliteSettings(path=staged),
        secrets_key=settings.store.key_bytes,
        older_secrets_keys=settings.store.older_key_bytes,
        files_folder=folder_of(settings.store.file_store_url),
        marks_folder=marks_folder,
        departure_days=settings.store.departure_days,
    )
    schedules = Schedules(
        lease=settings.work.lease_seconds,
        settling=settings.work.settling_seconds,
        doubt_deadline=settings.work.doubt_hours * 3600,
    )
    recovery = recovery_on(stores, SystemClock(), schedules)
    try:
        return await recovery(read_marks(marks_folder), past)
    finally:
        await stores.close()


def _tell(recovery: Recovery) -> None:
    say(f"{recovery.in_doubt} documents are in doubt and wait for evidence; {recovery.changed} were changed")
    for move in recovery.moved:
        say(f"{series_name(move.of)} goes on at {move.to_number:010d}; burnt from {move.from_number:010d}")
    for lost in recovery.lost_tenants:
        complain(
            f"tenant {lost.of.tenant_id} is not in the database, and numbers of {series_name(lost.of)} up to"
            f" {lost.mark:010d} may be at the PAC: when he is created again, run `istmo series set` past that"
        )
    _tell_recalled(recovery.recalled)
    _tell_traceless(recovery)


def _tell_recalled(recalled: Recalled) -> None:
    since = recalled.reach.since
    say("nothing that left is remembered" if since is None else f"what left is remembered since {since.isoformat()}")
    for lost in recalled.lost:
        departure = lost.departure
        name = series_name(TenantSeries(tenant_id=lost.tenant_id, series=departure.series))
        say(f"lost: document {lost.document_id}, {name} {departure.number:010d}, CUFE {departure.cufe}")
    if recalled.new:
        say(f"{recalled.new} documents left and are not in the database: see `istmo lost show TENANT`")
    for tenant_id, document_id in recalled.voids:
        say(f"the void of document {document_id} of tenant {tenant_id} was sent: it is looked for at the PAC")
    for tenant_id, count in sorted(recalled.of_strangers.items()):
        complain(f"tenant {tenant_id} is not in the database, and {count} of his documents or voids left")
    if recalled.damaged:
        complain(
            f"error departures_damaged: {recalled.damaged} lines of the departure log cannot be read: what they were"
            " about is not known here; compare the burnt numbers with the PAC's portal"
        )


def _tell_traceless(recovery: Recovery) -> None:
    """A log that was lost, or that has forgotten the days since the backup, cannot say what is missing."""
    recalled = recovery.recalled
    for move in recovery.moved:
        burnt = move.to_number - move.from_number
        lost = recalled.numbers.get((move.of.tenant_id, move.of.series))
        traceless = burnt - (lost.count if lost else 0)
        if traceless > 0:
            complain(
                f"WARNING: {traceless} of the {burnt} burnt numbers of {series_name(move.of)} have no trace in the"
                " departure log: they never left, or it was lost or has forgotten those days. Compare with the PAC's"
                " portal before callers are let in: who repeats a request of which nothing is known here is issued a"
                " second document"
            )


def _tell_missing(missing: Sequence[tuple[TenantId, str]]) -> None:
    for tenant_id, digest in missing:
        complain(f"missing file: tenant {tenant_id} sha256 {digest}")
    if missing:
        complain(f"error files_missing: {len(missing)} files that documents name are not there")
        raise SystemExit(1)


def _parse_past(given: Sequence[str] | None) -> dict[TenantSeries, int]:
    known: dict[TenantSeries, int] = {}
    types = {kind.value: kind for kind in DocumentType}
    for one in given or ():
        match = _PAST.fullmatch(one)
        if match is None or match[3] not in types:
            complain(f"error misuse: --past is TENANT/POINT/TYPE=NUMBER, not {one}")
            raise SystemExit(2)
        series = SeriesKey(billing_point=match[2], document_type=types[match[3]])
        known[TenantSeries(tenant_id=TenantId(match[1]), series=series)] = int(match[4])
    return known


def _settings() -> Settings:
    configure_logs("WARNING")
    return load_settings()


def _sqlite_of(store: StoreSettings) -> SqliteSettings | None:
    found = database_settings(store.database_url.get_secret_value())
    return found if isinstance(found, SqliteSettings) else None


def _files_of(store: StoreSettings) -> FileStore:
    if store.is_in_a_bucket:
        return S3FileStore(store.s3)
    return LocalFileStore(folder_of(store.file_store_url))
