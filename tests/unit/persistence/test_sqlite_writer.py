"""The SQLite writer's own suite: group commit keeps every promise of a single commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.schema import CreateTable

from adapters.persistence.connection import Connection, DatabaseUnavailable, UniqueViolation
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteDriver, SqliteSettings, connect
from adapters.persistence.sqlite_group_commit import GroupCommit, Work
from adapters.persistence.statements import Statement
from adapters.persistence.unique_keys import UniqueKeys
from tests.unit.persistence.held_writer import Held, adding, outcomes, stored
from tests.unit.persistence.schema import add_paper, all_papers, metadata


async def test_commits_what_waits_together_and_in_order(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    futures = [held.writer.submit(adding(f"p{number}", number)) for number in range(1, 21)]
    held.release()
    assert await asyncio.gather(*futures) == [1] * 20
    assert held.commits == 2
    assert stored(sqlite_file) == [f"p{number}" for number in range(1, 21)]


async def test_an_answer_means_that_another_connection_sees_it(held: Held, sqlite_file: Path) -> None:
    for number in range(1, 30):
        await held.writer.submit(adding(f"p{number}", number))
        assert stored(sqlite_file)[-1] == f"p{number}"


async def test_nobody_is_answered_before_the_commit(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    ran = threading.Event()
    gate = threading.Event()

    def last(_: Connection) -> None:
        ran.set()
        gate.wait()

    early = held.writer.submit(adding("early", 1))
    late = held.writer.submit(last)
    held.release()
    await asyncio.to_thread(ran.wait)  # the first unit of the batch has run, its transaction is open
    assert stored(sqlite_file) == []
    assert not early.done()
    gate.set()
    await asyncio.gather(early, late)
    assert stored(sqlite_file) == ["early"]


async def test_the_neighbours_of_a_raising_unit_are_committed(held: Held, sqlite_file: Path) -> None:
    await held.hold()

    def raising(connection: Connection) -> None:
        connection.run(add_paper, id="gone", tenant_id="t", number=50)
        raise ZeroDivisionError

    futures: list[asyncio.Future[Any]] = [
        held.writer.submit(adding("a", 1)),
        held.writer.submit(raising),
        held.writer.submit(adding("twice", 1)),
        held.writer.submit(adding("b", 2)),
    ]
    held.release()
    a, gone, twice, b = await outcomes(*futures)
    assert (a, b) == (1, 1)
    assert isinstance(gone, ZeroDivisionError)
    assert isinstance(twice, UniqueViolation)
    assert held.commits == 2
    assert stored(sqlite_file) == ["a", "b"]


async def test_a_cancelled_caller_neither_undoes_its_unit_nor_harms_others(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    cancelled = held.writer.submit(adding("cancelled", 1))
    raising = held.writer.submit(adding("cancelled", 2))
    kept = held.writer.submit(adding("kept", 3))
    cancelled.cancel()
    raising.cancel()
    held.release()
    assert await kept == 1
    assert stored(sqlite_file) == ["cancelled", "kept"]
    assert await held.writer.submit(adding("later", 4)) == 1


KINDS = ("kept", "raises", "repeats", "swallows", "recovers", "loses everything", "ends it silently")


def unit_of(kind: str, number: int, raw: sqlite3.Connection) -> Callable[[Connection], str]:
    def unit(connection: Connection) -> str:
        connection.run(add_paper, id=f"p{number}", tenant_id="t", number=number)
        if kind in {"repeats", "swallows", "recovers"}:
            try:
                with connection.savepoint() if kind == "recovers" else nullcontext():
                    connection.run(add_paper, id=f"again{number}", tenant_id="t", number=number)
            except UniqueViolation:
                if kind == "repeats":
                    raise
        if kind in {"loses everything", "ends it silently"}:
            raw.execute("ROLLBACK")
        if kind in {"raises", "loses everything"}:
            raise ZeroDivisionError
        return kind

    return unit


@given(kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
def test_keeps_exactly_what_it_answers_whatever_the_neighbours_do(kinds: list[str]) -> None:
    settings = SqliteSettings(path=Path(":memory:"))
    raw = connect(settings)
    for table in metadata.sorted_tables:
        raw.execute(str(CreateTable(table)))
    driver = SqliteDriver(raw, UniqueKeys(metadata))
    batch = [Work(unit_of(kind, number, raw)) for number, kind in enumerate(kinds, start=1)]
    GroupCommit(driver, settings).commit(batch)
    assert not raw.in_transaction
    answered = [f"p{number}" for number, work in enumerate(batch, start=1) if work.error is None]
    assert answered == [f"p{number}" for number, kind in enumerate(kinds, start=1) if kind in {"kept", "recovers"}]
    assert sorted(answered) == [row["id"] for row in Connection(driver).execute(all_papers)]
    assert all((work.result is None) == (work.error is not None) for work in batch)
    raw.close()


def test_does_not_report_a_unit_as_stored_that_ended_the_transaction(sqlite_file: Path) -> None:
    raw = connect(SqliteSettings(path=sqlite_file))

    def ending(_: Connection) -> None:
        raw.execute("ROLLBACK")

    work = Work(ending)
    GroupCommit(SqliteDriver(raw, UniqueKeys(metadata)), SqliteSettings(path=sqlite_file)).commit([work])
    raw.close()
    assert isinstance(work.error, RuntimeError)


async def test_refuses_more_than_may_wait(sqlite_file: Path) -> None:
    made = Held(sqlite_file, waiting=3)
    made.writer.start()
    first = await made.hold()
    accepted = [made.writer.submit(adding(f"p{number}", number)) for number in range(1, 4)]
    with pytest.raises(DatabaseUnavailable, match="3 writes are waiting"):
        made.writer.submit(adding("p4", 4))
    made.release()
    await asyncio.gather(first, *accepted)
    assert await made.writer.submit(adding("p4", 4)) == 1
    await asyncio.to_thread(made.writer.stop)


async def test_never_commits_more_units_together_than_the_batch_allows(sqlite_file: Path) -> None:
    made = Held(sqlite_file, batch=4)
    made.writer.start()
    await made.hold()
    futures = [made.writer.submit(adding(f"p{number}", number)) for number in range(1, 11)]
    made.release()
    await asyncio.gather(*futures)
    await asyncio.to_thread(made.writer.stop)
    assert made.commits == 1 + 3


async def test_closing_commits_what_was_accepted_and_refuses_the_rest(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    futures = [held.writer.submit(adding(f"p{number}", number)) for number in range(1, 6)]
    stopping = asyncio.create_task(asyncio.to_thread(held.writer.stop))
    while held.writer._refusal is None:  # noqa: ASYNC110 - the writer has no event for it
        await asyncio.sleep(0)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        held.writer.submit(adding("late", 9))
    held.release()
    await stopping
    assert await asyncio.gather(*futures) == [1] * 5
    assert len(stored(sqlite_file)) == 5


async def test_outlives_an_event_loop_that_was_closed_with_callers_waiting(
    held: Held, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await held.hold()

    def in_another_loop() -> None:
        async def submit_and_leave() -> None:
            held.writer.submit(adding("left", 1))

        asyncio.run(submit_and_leave())

    await asyncio.to_thread(in_another_loop)
    kept = held.writer.submit(adding("kept", 2))
    held.release()
    assert await kept == 1
    assert stored(sqlite_file) == ["left", "kept"]
    assert "nobody left to answer" in caplog.text


async def test_writes_with_the_promised_pragmas(sqlite_file: Path) -> None:
    database = SqliteDatabase(SqliteSettings(path=sqlite_file), metadata)
    await database.open()
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "busy_timeout": 5_000}
    for pragma, value in expected.items():
        statement = Statement(sa.text(f"PRAGMA {pragma}"))
        row = await database.write(lambda c, s=statement: c.one(s), tenant_id=None)  # type: ignore[misc]
        assert list(row.values()) == [value]
    await database.close()


async def test_interrupts_a_read_that_takes_too_long(sqlite_file: Path) -> None:
    database = SqliteDatabase(SqliteSettings(path=sqlite_file, read_timeout=0.05, readers=1), metadata)
    await database.open()
    endless = Statement(
        sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n")
    )
    with pytest.raises(DatabaseUnavailable, match="too long"):
        await database.read(endless, tenant_id=None)
    assert await database.read(Statement(sa.text("SELECT 1 AS one")), tenant_id=None) == [{"one": 1}]
    await database.close()


async def test_a_file_that_cannot_be_opened_is_unavailable_and_leaves_no_thread(tmp_path: Path) -> None:
    database = SqliteDatabase(SqliteSettings(path=tmp_path / "no folder" / "istmo.db"), metadata)
    with pytest.raises(DatabaseUnavailable, match="cannot be opened"):
        await database.open()
    await database.close()
    assert not any(thread.name == "istmo-sqlite-writer" for thread in threading.enumerate())
