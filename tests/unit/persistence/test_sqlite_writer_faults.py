"""Disks that fill or fail, statements without end, transactions lost, threads that die: what each caller is told."""

import asyncio
import resource
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.persistence.connection import CommitOutcomeUnknown, Connection, DatabaseUnavailable, UnitBroken
from adapters.persistence.sqlite_driver import SqliteDriver, SqliteSettings, connect
from adapters.persistence.sqlite_group_commit import GroupCommit, Work
from adapters.persistence.statements import Statement
from adapters.persistence.unique_keys import UniqueKeys
from tests.unit.persistence.held_writer import BIG, Held, adding, outcomes, stored
from tests.unit.persistence.schema import add_paper, metadata


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
