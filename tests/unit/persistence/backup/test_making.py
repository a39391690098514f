"""The backup's folder: what it holds, and what it refuses."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.persistence.backup import copy_database
from adapters.persistence.backup_failures import BackupDamagedError, BackupFolderNotEmptyError
from adapters.persistence.backup_folder import open_backup, read_marks
from adapters.persistence.migration import head_revision
from adapters.persistence.sqlite_driver import SqliteSettings, connect
from core.failures import StoreUnavailableError
from tests.unit.persistence.backup.small_site import CONTENT, DIGEST, Site


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


def test_marks_of_a_type_that_the_dgi_does_not_know_are_told(site: Site) -> None:
    (site.marks / site.tenant_id / "001-99").write_bytes(b"1\n")
    with pytest.raises(BackupDamagedError, match="001-99"):
        read_marks(site.marks)


def test_no_marks_are_no_failure(tmp_path: Path) -> None:
    assert read_marks(tmp_path / "never-made") == {}
