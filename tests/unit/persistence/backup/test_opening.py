"""What a backup notices when somebody was at it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.persistence.backup_failures import BackupDamagedError
from adapters.persistence.backup_folder import open_backup
from tests.unit.persistence.backup.small_site import DIGEST, Site


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
