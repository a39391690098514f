"""Bundles as ZIP files: the same bytes each time, nothing overwritten, no harm from a hostile one."""

import struct
import zipfile
from pathlib import Path

import pytest

from adapters.bundles import zip_files
from adapters.bundles.zip_files import BundleExistsError, BundleUnreadableError, read_zip, write_zip, writing_zip

ENTRIES = {"files/a.pdf": b"%PDF-1.4", "events.json": b"[]" * 1000}


def test_what_is_written_is_read_and_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_zip(tmp_path / name, ENTRIES)
    assert read_zip(tmp_path / "one.zip") == ENTRIES
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    path.write_bytes(b"precious")
    with pytest.raises(BundleExistsError):
        write_zip(path, ENTRIES)
    assert path.read_bytes() == b"precious"
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.zip"]


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def fail_halfway() -> None:
        with writing_zip(tmp_path / "half.zip") as sink:
            sink.add("one", b"1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert list(tmp_path.iterdir()) == []


def test_no_name_stands_twice_in_a_bundle(tmp_path: Path) -> None:
    with writing_zip(tmp_path / "twice.zip") as sink:
        sink.add("one", b"1")
        with pytest.raises(ValueError, match="one"):
            sink.add("one", b"2")


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.4 no zip", b"PK\x05\x06" + b"\0" * 17])
def test_what_is_no_zip_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(content)
    with pytest.raises(BundleUnreadableError):
        read_zip(path)


def test_a_cut_or_changed_zip_is_said(tmp_path: Path) -> None:
    write_zip(tmp_path / "whole.zip", ENTRIES)
    whole = (tmp_path / "whole.zip").read_bytes()
    changed = whole.replace(b"%PDF-1.4", b"%PDF-9.9")
    for content in (whole[:-30], whole[30:], changed):
        (tmp_path / "bad.zip").write_bytes(content)
        with pytest.raises(BundleUnreadableError):
            read_zip(tmp_path / "bad.zip")


def test_a_bomb_is_refused_before_it_is_opened_also_when_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_files, "BYTES_MAX", 1_000_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 2_000_000)
    with pytest.raises(BundleUnreadableError, match="MiB"):
        read_zip(path)
    honest = struct.pack("<L", 2_000_000)
    path.write_bytes(path.read_bytes().replace(honest, struct.pack("<L", 10)))
    with pytest.raises(BundleUnreadableError):
        read_zip(path)


def test_too_many_entries_and_two_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "ENTRIES_MAX", 3)
    write_zip(tmp_path / "many.zip", {str(place): b"" for place in range(4)})
    with pytest.raises(BundleUnreadableError, match="entries"):
        read_zip(tmp_path / "many.zip")
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("one", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("one", b"2")
    with pytest.raises(BundleUnreadableError, match="one name"):
        read_zip(tmp_path / "twice.zip")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BundleUnreadableError, match="No such file"):
        read_zip(tmp_path / "nowhere.zip")


def test_damage_within_an_entry_of_another_packing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("one", bytes(range(256)) * 40)
    spoilt = bytearray(path.read_bytes())
    spoilt[37] = 0xFF  # the first of the five bytes of LZMA's properties, after a header of 30 and the name's 3
    path.write_bytes(spoilt)
    with pytest.raises(BundleUnreadableError):
        read_zip(path)
