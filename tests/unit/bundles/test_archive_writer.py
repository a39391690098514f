"""Archives in memory: the bytes of the command's, one at a time, and a caller who leaves breaks nothing."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.bundles.archive_writer import ZipArchiveWriter
from adapters.bundles.zip_files import write_zip
from core.archives import ArchivedFile
from core.failures import ArchiveBusyError

FILES = {"index.csv": b"a,b\r\n" * 500, "pdf/1.pdf": b"%PDF-" + bytes(range(256)), "xml/1.xml": b"<rFE/>"}


async def entries(gate: asyncio.Event | None = None) -> AsyncIterator[ArchivedFile]:
    for name, content in FILES.items():
        yield ArchivedFile(name=name, content=content)
        if gate is not None:
            await gate.wait()


async def test_the_bytes_are_those_that_the_command_writes(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", FILES)
    assert await ZipArchiveWriter().pack(entries()) == (tmp_path / "a.zip").read_bytes()


async def test_one_archive_is_made_at_a_time() -> None:
    writer, gate = ZipArchiveWriter(wait_seconds=0.05), asyncio.Event()
    first = asyncio.create_task(writer.pack(entries(gate)))
    await asyncio.sleep(0)
    with pytest.raises(ArchiveBusyError):
        await writer.pack(entries())
    gate.set()
    assert zipfile.ZipFile(io.BytesIO(await first)).namelist() == list(FILES)


async def test_who_leaves_and_what_fails_free_the_turn() -> None:
    writer, gate = ZipArchiveWriter(wait_seconds=5), asyncio.Event()
    left = asyncio.create_task(writer.pack(entries(gate)))
    await asyncio.sleep(0.05)
    left.cancel()
    with pytest.raises(asyncio.CancelledError):
        await left

    async def failing() -> AsyncIterator[ArchivedFile]:
        yield ArchivedFile(name="a", content=b"")
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        await writer.pack(failing())
    assert await writer.pack(entries())
