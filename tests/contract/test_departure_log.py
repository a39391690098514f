"""DepartureLog: what left for the PAC, remembered outside the database."""

import asyncio
import multiprocessing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.persistence.in_memory_store import InMemoryDepartureLog, InMemoryStore
from adapters.persistence.local_departure_log import LINE_MAX, PAGE, LocalDepartureLog
from core.departures import Departure, VoidDeparture, departure_of, key_digest_of
from core.failures import StoreUnavailableError
from core.identifiers import DocumentId, TenantId
from core.ports.departure_log import DepartureLog
from tests.builders import NOW, a_document, an_id

TENANT = TenantId("01TENANT")
DAY = NOW.date().isoformat()


def a_departure(at: datetime = NOW, **changes: object) -> Departure:
    return departure_of(a_document(TENANT, **changes), b"{}", at=at)


@pytest.fixture(params=["memory", "local"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> DepartureLog:
    return InMemoryDepartureLog(InMemoryStore()) if request.param == "memory" else LocalDepartureLog(tmp_path)


async def kept(log: DepartureLog) -> list[Departure | VoidDeparture]:
    return [departure async for page in log.pages() for departure in page.departures]


async def damaged(log: DepartureLog) -> int:
    return sum([page.damaged async for page in log.pages()])


async def test_nothing_is_remembered_at_first(log: DepartureLog) -> None:
    assert await kept(log) == []
    assert (await log.reach()).since is None


async def test_what_left_is_remembered_whole_and_in_its_order(log: DepartureLog) -> None:
    left: list[Departure | VoidDeparture] = [
        a_departure(),
        VoidDeparture(tenant_id=TENANT, document_id=DocumentId(an_id()), at=NOW),
        a_departure(NOW + timedelta(days=1), order_id="01ORDER"),
    ]
    for departure in left:
        await log.keep(departure)
    assert await kept(log) == left
    assert (await log.reach()).since == NOW.date()


async def test_more_than_a_page_holds_comes_in_pages(log: DepartureLog) -> None:
    left = [a_departure() for _ in range(PAGE + 1)]
    for departure in left:
        await log.keep(departure)
    assert [len(page.departures) async for page in log.pages()] == [PAGE, 1]


async def test_departures_at_once_are_all_kept(log: DepartureLog) -> None:
    left = [a_departure() for _ in range(30)]
    await asyncio.gather(*map(log.keep, left))
    assert sorted(each.document_id for each in await kept(log)) == [each.document_id for each in left]


def test_a_key_is_kept_as_a_digest_of_its_tenant_alone() -> None:
    departure = a_departure(idempotency_key="factura de Juana Pérez")
    assert "Juana" not in repr(departure)
    assert departure.key_digest == key_digest_of(TENANT, "factura de Juana Pérez")
    assert departure.key_digest != key_digest_of(TenantId("01OTHER"), "factura de Juana Pérez")


async def test_a_local_log_outlives_the_process(tmp_path: Path) -> None:
    departure = a_departure()
    await LocalDepartureLog(tmp_path).keep(departure)
    assert await kept(LocalDepartureLog(tmp_path)) == [departure]


def _keep_many(root: Path, departures: list[Departure]) -> None:
    async def keep() -> None:
        for departure in departures:
            await LocalDepartureLog(root).keep(departure)

    asyncio.run(keep())


async def test_several_processes_write_into_one_day(tmp_path: Path) -> None:
    shares = [[a_departure() for _ in range(25)] for _ in range(3)]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_keep_many, args=(tmp_path, share)) for share in shares]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join)
    log = LocalDepartureLog(tmp_path)
    assert {each.document_id for each in await kept(log)} == {each.document_id for share in shares for each in share}
    assert await damaged(log) == 0


@pytest.mark.parametrize("cut", [1, 20, 150])
async def test_a_line_that_a_crash_cut_off_is_taken_away_by_the_next(tmp_path: Path, cut: int) -> None:
    log, first, second, third = LocalDepartureLog(tmp_path), a_departure(), a_departure(), a_departure()
    await log.keep(first)
    await log.keep(second)
    (file,) = (tmp_path / ".departures").glob("2*")
    file.write_bytes(file.read_bytes()[:-cut])
    assert await kept(log) == [first]
    assert await damaged(log) == 0
    await log.keep(third)
    assert await kept(log) == [first, third]
    assert await damaged(log) == 0


async def test_a_first_line_that_was_cut_off_leaves_an_empty_day(tmp_path: Path) -> None:
    log, second = LocalDepartureLog(tmp_path), a_departure()
    await log.keep(a_departure())
    (file,) = (tmp_path / ".departures").glob("2*")
    file.write_bytes(file.read_bytes()[:40])
    await log.keep(second)
    assert (await kept(log), await damaged(log)) == ([second], 0)


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line.replace(b"0", b"1"),
        lambda line: line[40:],
        lambda _line: b"\x00" * 300,
        lambda _line: b"",
        lambda line: line * 40,
    ],
)
async def test_damage_is_counted_and_hides_nothing_else(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    log, first, second, third = LocalDepartureLog(tmp_path), a_departure(), a_departure(), a_departure()
    for departure in (first, second, third):
        await log.keep(departure)
    (file,) = (tmp_path / ".departures").glob("2*")
    lines = file.read_bytes().splitlines()
    lines[1] = damage(lines[1])
    file.write_bytes(b"\n".join(lines) + b"\n")
    assert await kept(log) == [first, third]
    assert await damaged(log) >= 1


async def test_what_is_longer_than_any_line_stays_and_is_damage(tmp_path: Path) -> None:
    log, departure = LocalDepartureLog(tmp_path), a_departure()
    await log.keep(departure)
    (file,) = (tmp_path / ".departures").glob("2*")
    file.write_bytes(file.read_bytes() + b"x" * (2 * LINE_MAX))
    await log.keep(departure)
    assert file.stat().st_size > 2 * LINE_MAX
    assert (await kept(log), await damaged(log) > 0) == ([departure, departure], True)


async def test_the_oldest_days_are_forgotten_loudly(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = LocalDepartureLog(tmp_path, kept_days=2)
    for day in (1, 5, 6):
        await log.keep(a_departure(datetime(2026, 3, day, 12, tzinfo=UTC)))
    assert await log.reach() == await LocalDepartureLog(tmp_path, kept_days=2).reach()
    assert (await log.reach()).since == date(2026, 3, 5)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "2026-03-01" in caplog.text


async def test_a_clock_that_is_wrong_forgets_nothing_but_the_oldest_day(tmp_path: Path) -> None:
    log = LocalDepartureLog(tmp_path, kept_days=3)
    for at in (NOW, NOW + timedelta(days=1), NOW + timedelta(days=4_000)):
        await log.keep(a_departure(at))
    assert len(await kept(log)) == 3


async def test_days_of_a_backup_are_taken_back_once(tmp_path: Path) -> None:
    here, there, both, only_there = (
        LocalDepartureLog(tmp_path),
        LocalDepartureLog(tmp_path / "b"),
        *map(a_departure, (NOW, NOW)),
    )
    await here.keep(both)
    for departure in (both, only_there):
        await there.keep(departure)
    copy = tmp_path / "b" / ".departures" / DAY
    for _ in range(2):
        await here.take_back([copy])
        copy.write_bytes(copy.read_bytes() + b"a line that was being writ")
    assert {each.document_id for each in await kept(here)} == {both.document_id, only_there.document_id}
    assert await damaged(here) == 0


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "marks").write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreUnavailableError):
        await LocalDepartureLog(tmp_path / "marks").keep(a_departure())
