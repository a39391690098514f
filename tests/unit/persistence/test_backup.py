"""The backup's folder: what it holds, what it refuses, and what it notices when somebody was at it."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.persistence.backup import Made, copy_database, make_backup
from adapters.persistence.backup_failures import (
    BackupDamagedError,
    BackupFolderNotEmptyError,
    DatabaseInTheWayError,
    DatabaseInUseError,
    MarksLostError,
)
from adapters.persistence.backup_folder import Backup, open_backup, read_marks
from adapters.persistence.in_memory_store import InMemoryFileStore, InMemoryHighWaterMarks, InMemoryStore
from adapters.persistence.local_file_store import LocalFileStore
from adapters.persistence.local_high_water_marks import LocalHighWaterMarks
from adapters.persistence.migration import head_revision, migrate
from adapters.persistence.restore import put_in_place, restore_files, restore_marks, stage_database
from adapters.persistence.sqlite_driver import SqliteSettings, connect
from adapters.persistence.stores import open_stores
from core.documents import Change
from core.failures import StoreUnavailableError
from core.use_cases.recover_after_restore import TenantSeries
from tests.builders import INVOICES, a_tenant, an_attachment, record_document

KEY = bytes(range(32))
CONTENT = b"%PDF-1.7 \x00\xff"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class Site:
    """A small installation: one tenant, three documents, one of them with its PDF, a mark at 2."""

    def __init__(self, folder: Path) -> None:
        self.settings = SqliteSettings(path=folder / "istmo.db")
        self.files, self.marks = folder / "files", folder / "marks"
        self.moments = (MONDAY + timedelta(seconds=second) for second in range(100))

    async def set_up(self) -> None:
        migrate(f"sqlite:///{self.settings.path}")
        stores = await open_stores(self.settings, secrets_key=KEY, files_folder=self.files, marks_folder=self.marks)
        tenant = a_tenant()
        self.tenant_id = tenant.tenant_id
        await stores.directory.add_tenant(tenant)
        documents = [await record_document(stores.documents, self.tenant_id) for _ in range(3)]
        pdf = an_attachment(digest=await stores.files.put(self.tenant_id, CONTENT), size=len(CONTENT))
        await stores.documents.update(
            self.tenant_id,
            documents[0].document_id,
            lambda current: Change(document=replace(current, files=(pdf,)), attachments=(pdf,)),
        )
        await stores.marks.raise_to(self.tenant_id, INVOICES, 2)
        await stores.close()

    @property
    def pdf(self) -> Path:
        return self.files / self.tenant_id / DIGEST[:2] / DIGEST

    def back_up(self, folder: Path, **changes: object) -> Made:
        chosen: dict[str, object] = {
            "database": self.settings,
            "files_root": self.files,
            "files_at": None,
            "marks_root": self.marks,
            "now": lambda: next(self.moments),
            **changes,
        }
        return make_backup(folder, **chosen)  # type: ignore[arg-type]


@pytest.fixture
async def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    await site.set_up()
    return site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"


def paths_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_holds_database_files_marks_and_their_digests(site: Site, folder: Path) -> None:
    made = site.back_up(folder)
    marks, pdf = f"marks/{site.tenant_id}/001-01", f"files/{site.tenant_id}/{DIGEST[:2]}/{DIGEST}"
    assert paths_in(folder) == {"istmo.db", "manifest.json", "SHA256SUMS", marks, pdf}
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sums == {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in ("istmo.db", marks, pdf)}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["schema"] == head_revision()
    assert (manifest["files"], manifest["marks"]) == (1, 1)
    assert (manifest["started_at"], manifest["finished_at"]) == (
        "2026-03-02T03:00:00+00:00",
        "2026-03-02T03:00:01+00:00",
    )
    assert made.missing == ()
    assert made.referenced == {(site.tenant_id, DIGEST)}


def test_the_database_is_whole_and_a_neighbours_open_transaction_is_not_in_it(site: Site, folder: Path) -> None:
    writer = connect(site.settings)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE series SET next_number = 99")
    site.back_up(folder)
    writer.execute("COMMIT")
    writer.close()
    copy = sqlite3.connect(folder / "istmo.db")
    assert copy.execute("SELECT next_number FROM series").fetchall() == [(4,)]
    assert copy.execute("SELECT count(*) FROM document_bodies").fetchone() == (3,)
    copy.close()


def test_only_its_owner_may_read_a_backup(site: Site, folder: Path) -> None:
    site.back_up(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "istmo.db").stat().st_mode & 0o777 == 0o600


def test_files_are_linked_where_that_is_possible_and_copied_elsewhere(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.back_up(folder)
    linked = folder / "files" / site.tenant_id / DIGEST[:2] / DIGEST
    assert linked.samefile(site.pdf)

    def another_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", another_disk)
    other = folder.with_name("tuesday")
    site.back_up(other)
    copied = other / "files" / site.tenant_id / DIGEST[:2] / DIGEST
    assert not copied.samefile(site.pdf)
    assert copied.read_bytes() == CONTENT


def test_what_is_no_stored_file_is_left_out(site: Site, folder: Path) -> None:
    (site.pdf.parent / f".{DIGEST}.0a.tmp").write_bytes(b"half")
    (site.files / "notes.txt").write_text("not ours")
    (site.marks / site.tenant_id / ".001-01.ff.tmp").write_bytes(b"9\n")
    site.back_up(folder)
    assert not [path for path in paths_in(folder) if "tmp" in path or "notes" in path]


def spoil_nothing(_: Site) -> None: ...


def lose_the_pdf(site: Site) -> None:
    site.pdf.unlink()


def change_the_pdf(site: Site) -> None:
    site.pdf.write_bytes(CONTENT[:-1])


@pytest.mark.parametrize(
    ("spoil", "is_missing"), [(spoil_nothing, False), (lose_the_pdf, True), (change_the_pdf, True)]
)
def test_a_file_that_the_database_names_and_the_store_has_no_more_is_named(
    site: Site, folder: Path, spoil: Callable[[Site], None], is_missing: bool
) -> None:
    spoil(site)
    made = site.back_up(folder)
    assert made.missing == (((site.tenant_id, DIGEST),) if is_missing else ())
    assert (DIGEST in (folder / "SHA256SUMS").read_text()) is not is_missing
    open_backup(folder)


def test_a_folder_with_anything_in_it_is_refused(site: Site, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "yesterday").write_text("")
    with pytest.raises(BackupFolderNotEmptyError):
        site.back_up(folder)
    with pytest.raises(BackupFolderNotEmptyError):
        site.back_up(folder / "yesterday")
    assert paths_in(folder) == {"yesterday"}


def test_a_backup_that_broke_off_is_none(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.marks / site.tenant_id / "001-01").write_bytes(b"two\n")
    with pytest.raises(BackupDamagedError):
        site.back_up(folder)
    with pytest.raises(BackupDamagedError, match=r"manifest\.json"):
        open_backup(folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailableError):
        site.back_up(folder.with_name("tuesday"))


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        copy_database(SqliteSettings(path=tmp_path / "none.db"), folder)
    assert not (tmp_path / "none.db").exists()


def the_database(folder: Path) -> Path:
    return folder / "istmo.db"


def the_mark(folder: Path) -> Path:
    (path,) = (folder / "marks").glob("*/*")
    return path


def the_pdf(folder: Path) -> Path:
    (path,) = (folder / "files").glob("*/*/*")
    return path


def the_sums(folder: Path) -> Path:
    return folder / "SHA256SUMS"


def flip_the_last_byte(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()  # it may be a link to the live file
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("damage", [flip_the_last_byte, Path.unlink])
@pytest.mark.parametrize("which", [the_database, the_mark, the_pdf, the_sums])
def test_a_changed_or_missing_part_is_named(
    site: Site, folder: Path, which: Callable[[Path], Path], damage: Callable[[Path], None]
) -> None:
    site.back_up(folder)
    assert open_backup(folder).damaged_files == ()
    path = which(folder)
    damage(path)
    with pytest.raises(BackupDamagedError, match=path.name):
        open_backup(folder)
    if which is not the_pdf:
        with pytest.raises(BackupDamagedError):
            open_backup(folder, with_damaged_files=True)
        return
    opened = open_backup(folder, with_damaged_files=True)
    assert opened.damaged_files == (path.relative_to(folder).as_posix(),)
    assert opened.files == ()


@pytest.mark.parametrize(
    "line",
    [
        "../istmo.db",
        "/etc/passwd",
        "files/../../etc/passwd",
        f"files/01T/00/{DIGEST}",
        "marks/01T/001-01/x",
        "files/01T/aa/short",
        "",
    ],
)
def test_a_path_that_leaves_the_backup_is_refused(site: Site, folder: Path, line: str) -> None:
    site.back_up(folder)
    sums = the_sums(folder)
    sums.write_bytes(sums.read_bytes() + f"{DIGEST}  {line}\n".encode())
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sums_sha256"] = hashlib.sha256(sums.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupDamagedError, match="none of ours"):
        open_backup(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '"x"', "null"])
def test_a_manifest_that_cannot_be_read_is_told(site: Site, folder: Path, text: str) -> None:
    site.back_up(folder)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(BackupDamagedError, match=r"manifest\.json"):
        open_backup(folder)


def test_a_backup_of_a_later_format_is_told(site: Site, folder: Path) -> None:
    site.back_up(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(BackupDamagedError, match="format is 2"):
        open_backup(folder)


@pytest.fixture
async def opened(site: Site, folder: Path) -> Backup:
    site.back_up(folder)
    return open_backup(folder)


async def test_marks_here_win_over_those_of_the_backup(site: Site, opened: Backup) -> None:
    marks = LocalHighWaterMarks(site.marks)
    await marks.raise_to(site.tenant_id, INVOICES, 70)
    await restore_marks(opened, marks, {})
    assert await marks.read(site.tenant_id, INVOICES) == 70


async def test_marks_below_the_backup_are_lost_marks_and_only_a_person_knows(site: Site, opened: Backup) -> None:
    memory = InMemoryStore()
    marks = InMemoryHighWaterMarks(memory)
    await marks.raise_to(site.tenant_id, INVOICES, 1)
    with pytest.raises(MarksLostError, match=f"{site.tenant_id}/001/01 is 1 here and 2 in the backup"):
        await restore_marks(opened, marks, {})
    assert await marks.read(site.tenant_id, INVOICES) == 1
    await restore_marks(opened, marks, {TenantSeries(tenant_id=site.tenant_id, series=INVOICES): 40})
    assert await marks.read(site.tenant_id, INVOICES) == 2


async def test_files_come_back_into_any_file_store(site: Site, opened: Backup, tmp_path: Path) -> None:
    for files in (InMemoryFileStore(InMemoryStore()), LocalFileStore(tmp_path / "new")):
        await restore_files(opened, files)
        assert await files.get(site.tenant_id, DIGEST) == CONTENT


def test_a_staged_database_is_not_yet_the_database(opened: Backup, tmp_path: Path) -> None:
    target = tmp_path / "new" / "istmo.db"
    staged = stage_database(opened, target, replace=False)
    assert not target.exists()
    assert put_in_place(staged, target, old_name="old.db") is None
    assert not staged.exists()
    assert target.is_file()


def test_an_open_database_is_not_replaced(site: Site, opened: Backup) -> None:
    with pytest.raises(DatabaseInTheWayError):
        stage_database(opened, site.settings.path, replace=False)
    reader = connect(site.settings, read_only=True)
    reader.execute("SELECT 1 FROM documents").fetchone()
    with pytest.raises(DatabaseInUseError):
        stage_database(opened, site.settings.path, replace=True)
    reader.close()
    staged = stage_database(opened, site.settings.path, replace=True)
    kept = put_in_place(staged, site.settings.path, old_name="old.db")
    assert kept == site.settings.path.with_name("old.db")
    assert kept.is_file()


def test_a_database_that_sqlite_cannot_read_may_be_replaced_and_is_kept_with_its_log(
    site: Site, opened: Backup
) -> None:
    path = site.settings.path
    path.write_bytes(b"no database any more" * 500)
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(b"what was left of the log")
    kept = put_in_place(stage_database(opened, path, replace=True), path, old_name="old.db")
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database any more")
    assert not log.exists()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM documents").fetchone() == (3,)
    raw.close()


def test_leftovers_of_a_restore_that_died_are_not_taken_for_the_log_of_the_next(opened: Backup, tmp_path: Path) -> None:
    target = tmp_path / "new" / "istmo.db"
    target.parent.mkdir()
    target.with_name("istmo.db.restoring-wal").write_bytes(b"a stranger's log")
    staged = stage_database(opened, target, replace=False)
    assert [path.name for path in target.parent.iterdir()] == [staged.name]


def test_marks_of_a_type_that_the_dgi_does_not_know_are_told(site: Site) -> None:
    (site.marks / site.tenant_id / "001-99").write_bytes(b"1\n")
    with pytest.raises(BackupDamagedError, match="001-99"):
        read_marks(site.marks)


def test_no_marks_are_no_failure(tmp_path: Path) -> None:
    assert read_marks(tmp_path / "never-made") == {}
