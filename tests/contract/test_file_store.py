"""FileStore: bytes under their SHA-256, per tenant, whole or not at all."""

import asyncio
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.persistence.in_memory_store import InMemoryFileStore, InMemoryStore
from adapters.persistence.local_file_store import LocalFileStore
from core.failures import FileCorruptError, FileNotStoredError, StoreUnavailableError
from core.identifiers import TenantId
from core.ports.file_store import FileStore
from tests.contract.s3_fixtures import new_bucket, s3_server

TENANT, STRANGER = TenantId("01TENANT"), TenantId("01STRANGER")
CONTENT = b"%PDF-1.7 \x00\xff"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=["memory", "local", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "memory":
        return InMemoryFileStore(InMemoryStore())
    if request.param == "s3":
        return new_bucket(request.getfixturevalue("s3_endpoint")).store()
    return LocalFileStore(tmp_path / "not" / "there" / "yet")


def stored_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [CONTENT, b"", bytes(3_000_000), bytes(4_194_305)])
async def test_gives_back_the_bytes_under_their_digest(files: FileStore, content: bytes) -> None:
    digest = await files.put(TENANT, content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert await files.get(TENANT, digest) == content
    assert await files.has(TENANT, digest)


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def test_the_same_bytes_may_be_stored_again(files: FileStore) -> None:
    assert await files.put(TENANT, CONTENT) == await files.put(TENANT, CONTENT) == DIGEST
    assert await files.get(TENANT, DIGEST) == CONTENT


async def test_concurrent_writers_of_the_same_bytes_agree(files: FileStore) -> None:
    assert set(await asyncio.gather(*(files.put(TENANT, CONTENT) for _ in range(10)))) == {DIGEST}
    assert await files.get(TENANT, DIGEST) == CONTENT


async def test_another_tenants_file_is_not_stored(files: FileStore) -> None:
    await files.put(TENANT, CONTENT)
    assert not await files.has(STRANGER, DIGEST)
    with pytest.raises(FileNotStoredError):
        await files.get(STRANGER, DIGEST)


@pytest.mark.parametrize(
    "digest", ["", "0" * 64, DIGEST.upper(), f"{DIGEST}\n", "../" + DIGEST, "\x00", f"../../{TENANT}"]
)
async def test_what_is_no_digest_of_ours_is_not_stored(files: FileStore, digest: str) -> None:
    await files.put(TENANT, CONTENT)
    assert not await files.has(TENANT, digest)
    with pytest.raises(FileNotStoredError):
        await files.get(TENANT, digest)


async def test_changed_bytes_are_told_and_storing_them_again_mends_them(tmp_path: Path) -> None:
    files = LocalFileStore(tmp_path)
    await files.put(TENANT, CONTENT)
    (path,) = stored_under(tmp_path)
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(FileCorruptError):
        await files.get(TENANT, DIGEST)
    await files.put(TENANT, CONTENT)
    assert await files.get(TENANT, DIGEST) == CONTENT


async def test_changed_bytes_in_memory_are_told_too() -> None:
    memory = InMemoryStore()
    memory.files[TENANT, DIGEST] = b"other"
    with pytest.raises(FileCorruptError):
        await InMemoryFileStore(memory).get(TENANT, DIGEST)


async def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files = LocalFileStore(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailableError):
        await files.put(TENANT, CONTENT)
    monkeypatch.undo()
    assert stored_under(tmp_path) == []
    assert not await files.has(TENANT, DIGEST)
    await files.put(TENANT, CONTENT)
    assert await files.get(TENANT, DIGEST) == CONTENT


@pytest.mark.parametrize("strange", ["..", "../x", "", "a/b", "/abs", "a\x00b", "a" * 65])
async def test_nothing_from_outside_becomes_a_path(tmp_path: Path, strange: str) -> None:
    files = LocalFileStore(tmp_path / "root")
    with pytest.raises(ValueError, match="tenant id"):
        await files.put(TenantId(strange), CONTENT)
    assert not await files.has(TenantId(strange), DIGEST)
    with pytest.raises(FileNotStoredError):
        await files.get(TenantId(strange), DIGEST)
    assert is_empty(tmp_path)
