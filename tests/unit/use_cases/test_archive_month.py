"""A month for the accountant: every document is in the index, every stored file is in the archive, digests agree."""

import csv
import io
from datetime import UTC, datetime

import pytest

from core.archives import INDEX, ArchivedFile
from core.csv_text import harmless
from core.failures import FileNotStoredError, MalformedInputError
from core.identifiers import TenantId
from core.months import Month, read_month
from core.use_cases.archive_month import ArchiveMonth
from tests.world import World, tenant_of


async def archived(world: World, tenant_id: TenantId, month: Month) -> dict[str, ArchivedFile]:
    files = [file async for file in ArchiveMonth(world.stores.documents, world.stores.files)(tenant_id, month)]
    by_name = {file.name: file for file in files}
    assert len(by_name) == len(files), "no name twice"
    return by_name


def rows_of(files: dict[str, ArchivedFile]) -> list[dict[str, str]]:
    text = files[INDEX].content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_an_archive_holds_every_document_of_the_month_with_its_files() -> None:
    world = World()
    shop = await world.open_shop()
    documents = [await world.invoice(shop, await world.an_order(shop)) for _ in range(3)]
    await world.sweep(times=30, every_seconds=60)
    month = read_month(f"{world.clock.now():%Y-%m}")
    files = await archived(world, tenant_of(shop), month)
    rows = rows_of(files)
    assert [row["document_id"] for row in rows] == [document.document_id for document in documents]
    for row in rows:
        assert (row["legal_status"], row["is_void"], row["total"]) == ("DGI_AUTHORIZED", "no", "128.40")
        for kind in ("pdf", "xml"):
            assert files[row[f"{kind}_file"]].digest == row[f"{kind}_sha256"]
    assert files["authorizations.csv"].content.count(b"\r\n") == 4
    assert len(files) == 2 * 3 + 2


async def test_another_month_and_another_tenant_have_an_empty_index() -> None:
    world = World()
    mine, theirs = await world.open_shop(), await world.open_shop("155000002-2-2020", "Otra, S.A.")
    await world.invoice(theirs, await world.an_order(theirs))
    month = read_month(f"{world.clock.now():%Y-%m}")
    for tenant_id, asked in ((tenant_of(mine), month), (tenant_of(theirs), month.next)):
        assert rows_of(await archived(world, tenant_id, asked)) == []


async def test_a_hole_in_the_file_store_is_no_archive() -> None:
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=30, every_seconds=60)
    month = read_month(f"{world.clock.now():%Y-%m}")
    lost = (await world.current(document)).files[0].digest
    world.stores.files._store.files.pop((tenant_of(shop), lost))  # type: ignore[attr-defined]
    with pytest.raises(FileNotStoredError):
        await archived(world, tenant_of(shop), month)


def test_a_month_is_panamas() -> None:
    month = read_month("2026-12")
    assert (month.begins, month.ends) == (
        datetime(2026, 12, 1, 5, tzinfo=UTC),
        datetime(2027, 1, 1, 5, tzinfo=UTC),
    )
    assert str(month.next) == "2027-01"


@pytest.mark.parametrize("text", ["", "2026-13", "2026-3", "1999-01", "2026-03-01", "２０２６-03", "2026-00"])
def test_what_is_no_month_is_said(text: str) -> None:
    with pytest.raises(MalformedInputError):
        read_month(text)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("+507 200-0101", "'+507 200-0101"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("\tx", "'\tx"),
        ("-12.50", "-12.50"),
        ("Añil, S.A.", "Añil, S.A."),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(cell: str | None, shown: str) -> None:
    assert harmless(cell) == shown
