"""HighWaterMarks: the highest number that may be at the PAC, remembered outside the database."""

import asyncio
from pathlib import Path

import pytest

from adapters.persistence.in_memory_store import InMemoryHighWaterMarks, InMemoryStore
from adapters.persistence.local_high_water_marks import LocalHighWaterMarks
from core.codes import DocumentType
from core.documents import SeriesKey
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from core.ports.series_ledger import HighWaterMarks
from tests.builders import INVOICES

TENANT, STRANGER = TenantId("01TENANT"), TenantId("01STRANGER")


@pytest.fixture(params=["memory", "local"])
def marks(request: pytest.FixtureRequest, tmp_path: Path) -> HighWaterMarks:
    if request.param == "memory":
        return InMemoryHighWaterMarks(InMemoryStore())
    return LocalHighWaterMarks(tmp_path / "marks")


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def test_there_is_none_at_first(marks: HighWaterMarks) -> None:
    assert await marks.read(TENANT, INVOICES) == 0


async def test_a_mark_rises_and_never_falls(marks: HighWaterMarks) -> None:
    for number, expected in ((1, 1), (9_999_999_999, 9_999_999_999), (7, 9_999_999_999)):
        await marks.raise_to(TENANT, INVOICES, number)
        assert await marks.read(TENANT, INVOICES) == expected


async def test_tenants_and_series_are_apart(marks: HighWaterMarks) -> None:
    await marks.raise_to(TENANT, INVOICES, 5)
    exports = SeriesKey(billing_point="001", document_type=DocumentType.EXPORT_INVOICE)
    second = SeriesKey(billing_point="002", document_type=INVOICES.document_type)
    assert await marks.read(STRANGER, INVOICES) == 0
    assert await marks.read(TENANT, exports) == 0
    assert await marks.read(TENANT, second) == 0


async def test_concurrent_numbers_leave_the_highest(marks: HighWaterMarks) -> None:
    await asyncio.gather(*(marks.raise_to(TENANT, INVOICES, number) for number in (3, 40, 17, 39, 1, 25)))
    assert await marks.read(TENANT, INVOICES) == 40


async def test_a_local_mark_outlives_the_process(tmp_path: Path) -> None:
    await LocalHighWaterMarks(tmp_path).raise_to(TENANT, INVOICES, 12)
    assert await LocalHighWaterMarks(tmp_path).read(TENANT, INVOICES) == 12


@pytest.mark.parametrize("content", [b"", b"12", b"twelve\n", b"-1\n"])
async def test_a_mark_that_cannot_be_read_is_no_zero(tmp_path: Path, content: bytes) -> None:
    marks = LocalHighWaterMarks(tmp_path)
    await marks.raise_to(TENANT, INVOICES, 12)
    (file,) = (path for path in (tmp_path / TENANT).iterdir() if path.name != ".lock")
    file.write_bytes(content)
    with pytest.raises(StoreUnavailableError):
        await marks.read(TENANT, INVOICES)
    with pytest.raises(StoreUnavailableError):
        await marks.raise_to(TENANT, INVOICES, 13)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "marks").write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreUnavailableError):
        await LocalHighWaterMarks(tmp_path / "marks").raise_to(TENANT, INVOICES, 1)


@pytest.mark.parametrize("strange", ["../01TENANT", "", "a/b", ".", "a\x00b"])
async def test_nothing_from_outside_becomes_a_path(tmp_path: Path, strange: str) -> None:
    marks = LocalHighWaterMarks(tmp_path)
    with pytest.raises(ValueError, match="tenant id"):
        await marks.raise_to(TenantId(strange), INVOICES, 1)
    point = SeriesKey(billing_point=f"{strange}x", document_type=INVOICES.document_type)
    with pytest.raises(ValueError, match="billing point"):
        await marks.raise_to(TENANT, point, 1)
    assert is_empty(tmp_path)
