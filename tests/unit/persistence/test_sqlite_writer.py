"""The SQLite writer's own suite: group commit keeps every promise of a single commit."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.schema import CreateTable

from adapters.persistence.connection import (
    CommitOutcomeUnknown,
    Connection,
    DatabaseUnavailable,
    UniqueViolation,
    UnitBroken,
)
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteDriver, SqliteSettings, connect
from adapters.persistence.sqlite_group_commit import GroupCommit, Work
from adapters.persistence.sqlite_writer import SqliteWriter
from adapters.persistence.statements import Statement
from adapters.persistence.unique_keys import UniqueKeys
from tests.unit.persistence.schema import add_paper, all_papers, metadata

BIG = b"x" * 200_000


class Held:
    """A writer whose thread is held inside a first unit, so that what follows waits and forms one batch."""

    def __init__(self, path: Path, *, waiting: int = 100, batch: int = 100) -> None:
        self.raw: sqlite3.Connection | None = None
        self.commits = 0
        self._path = path
        self._gate = threading.Event()
        self.writer = SqliteWriter(self._connect, waiting=waiting, batch=batch)

    def _connect(self) -> GroupCommit:
        settings = SqliteSettings(path=self._path, busy_timeout=0.1, write_timeout=0.2)
        self.raw = connect(settings)
        self.raw.set_trace_callback(self._count)
        return GroupCommit(SqliteDriver(self.raw, UniqueKeys(metadata)), settings)

    def _count(self, sql: str) -> None:
        self.commits += sql == "COMMIT"

    async def hold(self) -> asyncio.Future[None]:
        started = threading.Event()

        def unit(_: Connection) -> None:
            started.set()
            self._gate.wait()

        held = self.writer.submit(unit)
        await asyncio.to_thread(started.wait)
        return held

    def release(self) -> None:
        self._gate.set()


@pytest.fixture
async def held(sqlite_file: Path) -> AsyncIterator[Held]:
    made = Held(sqlite_file)
    made.writer.start()
    yield made
    made.release()
    await asyncio.to_thread(made.writer.stop)


def adding(name: str, number: int, body: bytes = b"") -> Callable[[Connection], int]:
    return lambda c: c.run(add_paper, id=name, tenant_id="t", number=number, body=body)


def stored(path: Path) -> list[str]:
    """What another process would see."""
    other = sqlite3.connect(path)
    try:
        return [name for (name,) in other.execute("SELECT id FROM papers ORDER BY number")]
    finally:
        other.close()


async def outcomes(*futures: asyncio.Future[Any]) -> list[Any]:
    return await asyncio.gather(*futures, return_exceptions=True)


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


async def test_runs_a_batch_again_one_by_one_when_the_disk_fills(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    assert held.raw is not None
    (pages,) = held.raw.execute("PRAGMA page_count").fetchone()
    held.raw.execute(f"PRAGMA max_page_count={pages + 20}")
    futures = [
        held.writer.submit(adding("small", 1)),
        held.writer.submit(adding("big", 2, BIG)),
        held.writer.submit(adding("also small", 3)),
    ]
    held.release()
    small, big, also = await outcomes(*futures)
    assert (small, also) == (1, 1)
    assert isinstance(big, DatabaseUnavailable)
    assert "full" in str(big)
    assert stored(sqlite_file) == ["small", "also small"]
    held.raw.execute(f"PRAGMA max_page_count={pages + 1_000}")
    assert await held.writer.submit(adding("big", 2, BIG)) == 1


async def test_runs_a_batch_again_one_by_one_when_the_disk_refuses_to_write(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    futures: list[asyncio.Future[Any]] = [
        held.writer.submit(adding("small", 1)),
        held.writer.submit(adding("big", 2, BIG)),
        held.writer.submit(adding("also small", 3)),
    ]
    log = sqlite_file.with_name("istmo.db-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 100_000, hard))  # writes beyond fail: EFBIG
    try:
        held.release()
        small, big, also = await outcomes(*futures)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (small, also) == (1, 1)
    assert isinstance(big, DatabaseUnavailable)
    assert stored(sqlite_file) == ["small", "also small"]
    assert await held.writer.submit(adding("big", 2, BIG)) == 1


class FailingDisk(sqlite3.Connection):
    """Its first and third COMMIT end as when fsync fails: SQLite rolls back and reports an I/O error."""

    commits = 0

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.commits += 1
            if self.commits in {1, 3}:
                super().execute("ROLLBACK")
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
                raise error
        return super().execute(sql, parameters)


def test_does_not_claim_to_know_what_became_of_a_commit_that_the_disk_interrupted(sqlite_file: Path) -> None:
    raw = sqlite3.connect(sqlite_file, isolation_level=None, factory=FailingDisk)
    batch = [Work(adding(f"p{number}", number)) for number in (1, 2, 3)]
    GroupCommit(SqliteDriver(raw, UniqueKeys(metadata)), SqliteSettings(path=sqlite_file)).commit(batch)
    raw.close()
    assert [work.result for work in batch] == [1, None, 1]
    assert isinstance(batch[1].error, CommitOutcomeUnknown)
    assert stored(sqlite_file) == ["p1", "p3"]


async def test_interrupts_a_unit_whose_statement_takes_too_long_and_keeps_its_neighbours(
    held: Held, sqlite_file: Path
) -> None:
    await held.hold()
    endless = Statement(
        sa.text(
            "INSERT INTO papers (id, tenant_id, number) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n)"
            " SELECT 'x', 't', count(*) FROM n"
        )
    )
    futures: list[asyncio.Future[Any]] = [
        held.writer.submit(adding("a", 1)),
        held.writer.submit(lambda c: c.run(endless)),
        held.writer.submit(adding("b", 2)),
    ]
    held.release()
    a, late, b = await outcomes(*futures)
    assert (a, b) == (1, 1)
    assert isinstance(late, DatabaseUnavailable)
    assert "too long" in str(late)
    assert stored(sqlite_file) == ["a", "b"]


async def test_a_unit_that_swallows_a_full_disk_is_not_told_that_it_was_stored(held: Held, sqlite_file: Path) -> None:
    await held.hold()
    assert held.raw is not None
    (pages,) = held.raw.execute("PRAGMA page_count").fetchone()
    held.raw.execute(f"PRAGMA max_page_count={pages + 20}")

    def swallowing(connection: Connection) -> str:
        try:
            connection.run(add_paper, id="big", tenant_id="t", number=2, body=BIG)
        except DatabaseUnavailable:
            return "stored, or so it thinks"
        return "stored"

    futures: list[asyncio.Future[Any]] = [
        held.writer.submit(adding("a", 1)),
        held.writer.submit(swallowing),
        held.writer.submit(adding("b", 3)),
    ]
    held.release()
    a, swallowed, b = await outcomes(*futures)
    assert (a, b) == (1, 1)
    assert isinstance(swallowed, UnitBroken)
    assert stored(sqlite_file) == ["a", "b"]


@pytest.mark.parametrize("size", [1, 3])
def test_answers_nobody_from_a_transaction_that_sqlite_rolled_back(sqlite_file: Path, size: int) -> None:
    raw = connect(SqliteSettings(path=sqlite_file))
    runs: list[str] = []

    def losing(connection: Connection) -> None:
        runs.append("losing")
        connection.run(add_paper, id="lost", tenant_id="t", number=9)
        raw.execute("ROLLBACK")  # what SQLite does by itself after an I/O error
        raise sqlite3.OperationalError("disk I/O error")

    def kept(connection: Connection) -> int:
        runs.append("kept")
        return connection.run(add_paper, id=f"kept{len(runs)}", tenant_id="t", number=len(runs))

    batch = [Work(kept), Work(losing), Work(kept)] if size == 3 else [Work(losing)]
    GroupCommit(SqliteDriver(raw, UniqueKeys(metadata)), SqliteSettings(path=sqlite_file)).commit(batch)
    raw.close()
    if size == 3:
        assert [work.result for work in batch] == [1, None, 1]
        assert runs == ["kept", "losing", "kept", "losing", "kept"]
        assert stored(sqlite_file) == ["kept3", "kept5"]
    else:
        assert isinstance(batch[0].error, sqlite3.OperationalError)
        assert stored(sqlite_file) == []


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


async def test_waits_for_another_process_and_then_says_busy(held: Held, sqlite_file: Path) -> None:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="write lock"):
        await held.writer.submit(adding("a", 1))
    other.execute("ROLLBACK")
    other.close()
    assert await held.writer.submit(adding("a", 1)) == 1


async def test_a_dead_thread_fails_whoever_waits_and_whoever_comes_later(
    held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    await held.hold()
    running = held.writer.submit(adding("a", 1))
    assert held.raw is not None
    raw = held.raw

    def killing(_: Connection) -> None:
        raw.close()  # the next statement of the writer itself fails as nothing foresees

    killed = held.writer.submit(killing)
    held.release()
    for outcome in await outcomes(running, killed):
        assert isinstance(outcome, CommitOutcomeUnknown)
        assert isinstance(outcome.__cause__, sqlite3.ProgrammingError)
    with pytest.raises(DatabaseUnavailable, match="writer died"):
        held.writer.submit(adding("b", 2))
    assert "the SQLite writer died" in caplog.text


async def test_a_dead_thread_fails_those_still_in_the_queue(sqlite_file: Path) -> None:
    made = Held(sqlite_file, batch=1)
    made.writer.start()
    await made.hold()
    assert made.raw is not None
    killing = made.writer.submit(lambda _: made.raw.close())  # type: ignore[union-attr]
    queued = [made.writer.submit(adding(f"p{number}", number)) for number in range(1, 5)]
    made.release()
    assert isinstance((await outcomes(killing))[0], CommitOutcomeUnknown)
    for outcome in await outcomes(*queued):
        assert type(outcome) is DatabaseUnavailable
    await asyncio.to_thread(made.writer.stop)
    assert stored(sqlite_file) == []


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
