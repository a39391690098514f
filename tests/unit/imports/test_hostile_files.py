"""Files that mean harm: each ends in a failure that says so, soon, and this process goes on."""

import asyncio
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from adapters.file_reading.process_reader import ProcessFileReader
from core.failures import FileUnreadableError
from tests.unit.imports.received_files import page_with


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it has these dimensions and holds a few compressed zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf_with_page(size: str) -> bytes:
    """A PDF whose only page has this MediaBox."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[" + size.encode() + b"]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


WHOLE = page_with("https://dgi-fep.mef.gob.pa/x")
HOSTILE = {
    "a truncated PDF": WHOLE[: len(WHOLE) // 8],
    "a PDF that is only its first line": b"%PDF-1.7\n",
    "a picture of terabytes": png_of(2**31 - 1, 2**31 - 1),
    "a picture of gigabytes": png_of(60_000, 60_000),
    "a cut PNG": png_of(100, 100)[:60],
    "a JPEG that is HTML": b"\xff\xd8\xff<html><script>alert(1)</script>",
    "a PDF that is a ZIP": b"%PDF-1.4\nPK\x03\x04" + b"\0" * 1000,
    "a page of an impossible size": pdf_with_page("0 0 90000 90000"),
    "a page that loops to itself": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>endobj\n%%EOF",
    "no PDF at all": b"GIF89a",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_said_to_be_unreadable(name: str) -> None:
    with pytest.raises(FileUnreadableError):
        await ProcessFileReader().read(HOSTILE[name])


async def test_a_huge_page_is_read_within_its_limits() -> None:
    read = await ProcessFileReader().read(pdf_with_page("0 0 14400 14400"))
    assert read.qr_texts == ()


async def test_a_file_that_takes_too_long_is_given_up_and_its_process_ends() -> None:
    with pytest.raises(FileUnreadableError, match="too long"):
        await ProcessFileReader(seconds_max=0.01).read(WHOLE)
    assert not [line for line in _children() if "file_reading" in line]


async def test_the_reader_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISTMO_SECRETS_KEY", "canary")
    start = asyncio.create_subprocess_exec
    environments: list[bytes] = []

    async def start_and_look(*program: Any, **options: Any) -> asyncio.subprocess.Process:
        process = await start(*program, **options)
        environments.append(_environment_of(process.pid))
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_and_look)
    assert (await ProcessFileReader().read(WHOLE)).qr_texts == ("https://dgi-fep.mef.gob.pa/x",)
    assert len(environments) == 1
    assert b"LANG=C.UTF-8" in environments[0], "it was looked at when it had its environment"
    assert b"canary" not in environments[0]


async def test_a_thousand_codes_are_bounded() -> None:
    codes = [f"https://dgi-fep.mef.gob.pa/{place}" for place in range(6)]
    read = await ProcessFileReader().read(page_with(*codes))
    assert set(read.qr_texts) <= set(codes)
    assert 0 < len(read.qr_texts) <= 20


def _environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


def _children() -> list[str]:
    """The command lines of the readers that this process started: another worker's tests read files beside us."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if parent == os.getpid():
            lines.append(line)
    return [line for line in lines if "file_reading" in line]
