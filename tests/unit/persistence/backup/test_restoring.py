"""Marks, files and the database come back, and nothing that lives is run over."""

import sqlite3
from pathlib import Path

import pytest

from adapters.persistence.backup_failures import DatabaseInTheWayError, DatabaseInUseError, MarksLostError
from adapters.persistence.backup_folder import Backup, open_backup
from adapters.persistence.in_memory_store import InMemoryFileStore, InMemoryHighWaterMarks, InMemoryStore
from adapters.persistence.local_file_store import LocalFileStore
from adapters.persistence.local_high_water_marks import LocalHighWaterMarks
from adapters.persistence.restore import put_in_place, restore_files, restore_marks, stage_database
from adapters.persistence.sqlite_driver import connect
from core.use_cases.recover_after_restore import TenantSeries
from tests.builders import INVOICES
from tests.unit.persistence.backup.small_site import CONTENT, DIGEST, Site


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
