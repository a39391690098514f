"""Units per second of one insert and one update: Istmo's writer against bare sqlite3 committing the same batches.

Run from the root of the project: ``python -m benchmarks.writer_throughput [--seconds 3] [--postgres URL]``.
Read the ratio within one run, not the absolute figures.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

import sqlalchemy as sa

from adapters.persistence.connection import Connection, Database
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.sqlite_database import InlineSqliteDatabase, SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings, connect
from adapters.persistence.statements import Statement

CALLERS = 32
ROUNDS = 3
metadata = sa.MetaData()
entries = sa.Table(
    "bench_entries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("tenant_id", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
series = sa.Table(
    "bench_series",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("next", sa.BigInteger, nullable=False),
)
add_entry = Statement(sa.insert(entries))
count_on = Statement(sa.update(series).where(series.c.id == sa.bindparam("series_id")).values(next=series.c.next + 1))
find_entry = Statement(sa.select(entries).where(entries.c.id == sa.bindparam("id")))
BODY = b"x" * 400
numbers = count()
Call = Callable[[int], Awaitable[object]]


def unit(number: int) -> Callable[[Connection], int]:
    def run(connection: Connection) -> int:
        connection.run(add_entry, id=f"{number:026}", tenant_id="t", body=BODY)
        return connection.run(count_on, series_id=number % CALLERS)

    return run


async def rate(call: Call, seconds: float) -> float:
    """Calls per second of 32 concurrent callers."""
    finish = time.perf_counter() + seconds
    done = 0

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < finish:
            await call(next(numbers))
            done += 1

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return done / (time.perf_counter() - begun)


def answer(batch: list[tuple[int, asyncio.Future[int]]]) -> None:
    for _, future in batch:
        future.set_result(1)


def bare_thread(path: Path, queue: SimpleQueue[tuple[int, asyncio.Future[int]] | None]) -> None:
    """The ceiling: the same pragmas, batches and savepoints, with SQL and parameters written by hand."""
    raw = connect(SqliteSettings(path=path))
    loop: asyncio.AbstractEventLoop | None = None
    while (first := queue.get()) is not None:
        batch = [first]
        try:
            while len(batch) < 128 and (following := queue.get_nowait()) is not None:
                batch.append(following)
        except Empty:
            pass
        raw.execute("BEGIN IMMEDIATE")
        for number, future in batch:
            loop = future.get_loop()
            raw.execute("SAVEPOINT unit")
            raw.execute(
                "INSERT INTO bench_entries (id, tenant_id, body) VALUES (?, ?, ?)", (f"{number:026}", "t", BODY)
            )
            raw.execute("UPDATE bench_series SET next = next + 1 WHERE id = ?", (number % CALLERS,))
            raw.execute("RELEASE unit")
        raw.execute("COMMIT")
        if loop is not None:
            loop.call_soon_threadsafe(answer, batch)
    raw.close()


async def bare(path: Path, seconds: float) -> float:
    queue: SimpleQueue[tuple[int, asyncio.Future[int]] | None] = SimpleQueue()
    thread = threading.Thread(target=bare_thread, args=(path, queue))
    thread.start()

    async def call(number: int) -> int:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        queue.put((number, future))
        return await future

    result = await rate(call, seconds)
    queue.put(None)
    await asyncio.to_thread(thread.join)
    return result


async def writes(database: Database, seconds: float) -> float:
    await database.open()
    try:
        return await rate(lambda number: database.write(unit(number), tenant_id="t"), seconds)
    finally:
        await database.close()


async def reads(database: Database, seconds: float) -> float:
    await database.open()
    try:
        stored = next(numbers)
        await database.write(unit(stored), tenant_id="t")
        return await rate(lambda _: database.read(find_entry, tenant_id="t", id=f"{stored:026}"), seconds)
    finally:
        await database.close()


def prepare(url: str) -> None:
    engine = sa.create_engine(url)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(series), [{"id": number, "next": 1} for number in range(CALLERS)])
    engine.dispose()


def show(name: str, rates: list[float]) -> None:
    sys.stdout.write(f"{name:<44} {min(rates):>8,.0f} to {max(rates):>8,.0f} per second\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=3.0)
    arguments.add_argument("--postgres", help="an empty database; the tables bench_* in it are dropped")
    chosen = arguments.parse_args()
    seconds: float = chosen.seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        prepare(f"sqlite:///{path}")
        settings = SqliteSettings(path=path)
        sys.stdout.write(f"SQLite {sqlite3.sqlite_version}, {CALLERS} callers, {ROUNDS} rounds, synchronous=FULL\n")
        turns = range(ROUNDS)  # interleaved, so that a noisy moment hits all of them
        measured = [
            (
                asyncio.run(writes(SqliteDatabase(settings, metadata), seconds)),
                asyncio.run(bare(path, seconds)),
                asyncio.run(writes(InlineSqliteDatabase(settings, metadata), seconds)),
                asyncio.run(reads(SqliteDatabase(settings, metadata), seconds)),
            )
            for _ in turns
        ]
        names = (
            "writes, group commit",
            "writes, bare sqlite3 group commit",
            "writes, inline",
            "reads by key, aiosqlite",
        )
        for name, rates in zip(names, zip(*measured, strict=True), strict=True):
            show(name, list(rates))
    if chosen.postgres:
        prepare(chosen.postgres.replace("postgresql://", "postgresql+psycopg://", 1))
        postgres = PostgresSettings(url=chosen.postgres)
        show("writes, PostgreSQL", [asyncio.run(writes(PostgresDatabase(postgres), seconds)) for _ in range(ROUNDS)])
        show(
            "reads by key, PostgreSQL", [asyncio.run(reads(PostgresDatabase(postgres), seconds)) for _ in range(ROUNDS)]
        )


if __name__ == "__main__":
    main()
