"""SQLite as a Database: one writer thread, a few readers on aiosqlite; or everything inline for the simulation."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import aiosqlite
import sqlalchemy as sa

from adapters.persistence.connection import Connection, Database, DatabaseUnavailable, T, Unit, run_unit
from adapters.persistence.sqlite_driver import Deadline, SqliteDriver, SqliteSettings, connect
from adapters.persistence.sqlite_group_commit import GroupCommit, Work
from adapters.persistence.sqlite_writer import SqliteWriter
from adapters.persistence.statements import DialectName, Row, Statement
from adapters.persistence.unique_keys import UniqueKeys


class _Reader(aiosqlite.Connection):
    """aiosqlite's thread with one read-only connection, running whole functions and not only statements."""

    def __init__(self, settings: SqliteSettings, keys: UniqueKeys) -> None:
        super().__init__(lambda: connect(settings, read_only=True), iter_chunk_size=64)
        self._keys = keys
        self._timeout = settings.read_timeout
        self._accepted = 0  # touched by the event loop alone
        self._finished = 0  # touched by the reader's thread alone

    @property
    def pending(self) -> int:
        """Reads that wait or run, those of cancelled callers included."""
        return self._accepted - self._finished

    async def start(self) -> None:
        """Opens the connection. Raises DatabaseUnavailable."""
        await self
        self._driver = SqliteDriver(self._conn, self._keys)
        self._deadline = Deadline(self._conn, self._timeout)

    async def rows(self, statement: Statement, params: dict[str, Any]) -> list[Row]:
        return await self._counted(lambda: self._one_statement(statement, params))

    async def in_snapshot(self, unit: Unit[T]) -> T:
        return await self._counted(lambda: self._snapshot(unit))

    async def _counted(self, work: Callable[[], T]) -> T:
        def counted() -> T:
            try:
                return work()
            finally:
                self._finished += 1

        self._accepted += 1
        result: T = await self._execute(counted)  # type: ignore[no-untyped-call]
        return result

    def _snapshot(self, unit: Unit[T]) -> T:
        self._conn.execute("BEGIN")
        try:
            with self._deadline:
                return run_unit(unit, Connection(self._driver))
        finally:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")

    def _one_statement(self, statement: Statement, params: dict[str, Any]) -> list[Row]:
        with self._deadline:
            return Connection(self._driver).execute(statement, **params)


class SqliteDatabase(Database):
    """One file of one machine. ``metadata`` gives unique constraints their names; ``tenant_id`` changes nothing."""

    dialect: ClassVar[DialectName] = "sqlite"

    def __init__(self, settings: SqliteSettings, metadata: sa.MetaData) -> None:
        self._settings = settings
        self._keys = UniqueKeys(metadata)
        self._writer = SqliteWriter(
            lambda: _group_commit(settings, self._keys), waiting=settings.waiting_writes, batch=settings.batch
        )
        self._readers: list[_Reader] = []

    async def open(self) -> None:
        await asyncio.to_thread(self._writer.start)
        try:
            for _ in range(self._settings.readers):
                reader = _Reader(self._settings, self._keys)
                await reader.start()
                self._readers.append(reader)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.stop)
        readers, self._readers = self._readers, []
        for reader in readers:
            await reader.close()

    async def write(self, unit: Unit[T], *, tenant_id: str | None) -> T:  # noqa: ARG002
        return await self._writer.submit(unit)

    async def claim(self, unit: Unit[T], *, tenant_id: str | None) -> T:  # noqa: ARG002
        return await self._writer.submit(unit)

    async def read(self, statement: Statement, *, tenant_id: str | None, **params: Any) -> list[Row]:  # noqa: ARG002
        return await self._least_busy_reader().rows(statement, params)

    async def read_all(self, unit: Unit[T], *, tenant_id: str | None) -> T:  # noqa: ARG002
        return await self._least_busy_reader().in_snapshot(unit)

    def _least_busy_reader(self) -> _Reader:
        if not self._readers:
            msg = "the database is not open"
            raise DatabaseUnavailable(msg)
        reader = min(self._readers, key=lambda candidate: candidate.pending)
        if reader.pending * len(self._readers) >= self._settings.waiting_reads:
            msg = f"{self._settings.waiting_reads} reads are waiting already"
            raise DatabaseUnavailable(msg)
        return reader


class InlineSqliteDatabase(Database):
    """The same units and the same SQL run at once, in the event loop: no thread, so a simulation is repeatable.

    One connection for everything; ``:memory:`` is allowed as a path. Not for production: every write holds the loop.
    """

    dialect: ClassVar[DialectName] = "sqlite"

    def __init__(self, settings: SqliteSettings, metadata: sa.MetaData) -> None:
        self._settings = settings
        self._keys = UniqueKeys(metadata)
        self._group: GroupCommit | None = None
        self._driver: SqliteDriver | None = None

    async def open(self) -> None:
        self._driver = SqliteDriver(connect(self._settings), self._keys)
        self._group = GroupCommit(self._driver, self._settings)

    async def close(self) -> None:
        if self._group is not None:
            self._group.close()
        self._group = self._driver = None

    def image(self) -> bytes:
        """Everything that is committed, as ``load`` takes it."""
        _, driver = self._opened()
        return driver.raw.serialize()

    def load(self, image: bytes) -> None:
        """Be what the image was, instead of what is here. Only for ``:memory:``; the image must not be in WAL mode."""
        _, driver = self._opened()
        driver.raw.deserialize(image)

    async def write(self, unit: Unit[T], *, tenant_id: str | None) -> T:  # noqa: ARG002
        group, _ = self._opened()
        work = Work(unit)
        group.commit([work])
        if work.error is not None:
            raise work.error
        result: T = work.result
        return result

    async def claim(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        return await self.write(unit, tenant_id=tenant_id)

    async def read(self, statement: Statement, *, tenant_id: str | None, **params: Any) -> list[Row]:  # noqa: ARG002
        _, driver = self._opened()
        return Connection(driver).execute(statement, **params)

    async def read_all(self, unit: Unit[T], *, tenant_id: str | None) -> T:  # noqa: ARG002
        _, driver = self._opened()
        driver.execute("PRAGMA query_only=ON")
        driver.execute("BEGIN")
        try:
            return run_unit(unit, Connection(driver))
        finally:
            if driver.raw.in_transaction:
                driver.execute("ROLLBACK")
            driver.execute("PRAGMA query_only=OFF")

    def _opened(self) -> tuple[GroupCommit, SqliteDriver]:
        if self._group is None or self._driver is None:
            msg = "the database is not open"
            raise DatabaseUnavailable(msg)
        return self._group, self._driver


def _group_commit(settings: SqliteSettings, keys: UniqueKeys) -> GroupCommit:
    return GroupCommit(SqliteDriver(connect(settings), keys), settings)
