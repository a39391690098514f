"""ZIP files of bundles: the same content gives the same bytes, and reading a hostile one does no harm."""

import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from core.errors import Category, IstmoError, Wording

ENTRIES_MAX = 10_000
BYTES_MAX = 500 * 1024 * 1024
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that the format knows: no entry says when it was written
# what zipfile and the decompressors raise for damaged, encrypted or unknown content; a bug of ours has no part in it
_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(NotImplementedError, RuntimeError, EOFError, ValueError),
)
_COMPRESSED_ALREADY = (".pdf", ".zip", ".png", ".jpg")


class BundleUnreadableError(IstmoError):
    """``file`` is no ZIP, is damaged, or holds more than a bundle may."""

    code = "bundle_unreadable"
    wording = Wording("{file} cannot be read as a bundle: {reason}.", "{file} no se puede leer: {reason}.")
    advice = Wording("Give a ZIP that Istmo wrote, whole.", "Indique un ZIP que Istmo escribió, completo.")


class BundleExistsError(IstmoError):
    """``file`` is there already, and what is there is never overwritten."""

    code = "bundle_exists"
    category = Category.CONFLICT
    wording = Wording("{file} is there already.", "{file} ya existe.")
    advice = Wording("Choose another name, or move it away.", "Elija otro nombre o mueva el archivo.")


class Sink(Protocol):
    """Where the entries of a bundle go."""

    def add(self, name: str, content: bytes) -> None:
        """One more entry."""


class ZipSink:
    """A ZIP that is being written: no entry says when, none comes twice."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names: set[str] = set()

    def add(self, name: str, content: bytes) -> None:
        """One more entry. Raises ValueError for a name that is there."""
        if name in self._names:
            raise ValueError(f"{name} is in the bundle already")
        self._names.add(name)
        entry = zipfile.ZipInfo(name, date_time=_DAY)
        stored = name.endswith(_COMPRESSED_ALREADY)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self._archive.writestr(entry, content)


@contextmanager
def writing_zip(path: Path) -> Iterator[Sink]:
    """Write a ZIP beside ``path`` and put it there when all entries are in it; a failure leaves nothing.

    Raises BundleExistsError: what is there is never overwritten.
    """
    if path.exists():
        raise BundleExistsError(file=path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(unfinished, "w", allowZip64=True) as archive:
            yield ZipSink(archive)
        try:
            os.link(unfinished, path)  # never over a file that came meanwhile
        except FileExistsError:
            raise BundleExistsError(file=path) from None
    finally:
        unfinished.unlink(missing_ok=True)


def write_zip(path: Path, entries: Mapping[str, bytes]) -> None:
    """Write a whole bundle. Raises BundleExistsError."""
    with writing_zip(path) as sink:
        for name, content in entries.items():
            sink.add(name, content)


def read_zip(path: Path) -> dict[str, bytes]:
    """The entries by name, nothing written anywhere. Raises BundleUnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _refuse_too_much(path, infos)
            return {info.filename: _read(path, archive, info) for info in infos}
    except _UNREADABLE as error:
        raise BundleUnreadableError(file=path, reason=str(error)) from error
    except OSError as error:
        raise BundleUnreadableError(file=path, reason=error.strerror or str(error)) from error


def _refuse_too_much(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    if len(infos) > ENTRIES_MAX:
        raise BundleUnreadableError(file=path, reason=f"it has more than {ENTRIES_MAX} entries")
    if len({info.filename for info in infos}) != len(infos):
        raise BundleUnreadableError(file=path, reason="two entries have one name")
    if sum(info.file_size for info in infos) > BYTES_MAX:
        raise BundleUnreadableError(file=path, reason=f"it holds more than {BYTES_MAX // 1024 // 1024} MiB")


def _read(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more bytes than the directory says: a bomb lies about its size."""
    with archive.open(info) as entry:
        content = entry.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise BundleUnreadableError(file=path, reason=f"{info.filename} is not as long as it says")
    return content
