"""PostgreSQL as a Database: threads with a psycopg connection each, in separate pools for writes, claims and reads."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from adapters.persistence.connection import Database, DatabaseUnavailable, T, Unit
from adapters.persistence.postgres_session import PostgresSession, PostgresSettings
from adapters.persistence.statements import DialectName, Row, Statement


class _Pool:
    """A bounded number of threads, each with its own session, and a bounded number of units that wait for one."""

    def __init__(self, name: str, size: int, settings: PostgresSettings, *, read_only: bool = False) -> None:
        self._name = name
        self._size = size
        self._settings = settings
        self._read_only = read_only
        self._local = threading.local()
        self._sessions: list[PostgresSession] = []
        self._executor: ThreadPoolExecutor | None = None
        self._pending = 0

    async def open(self) -> None:
        """Opens one connection, to know that the server is there; the rest on demand."""
        self._executor = ThreadPoolExecutor(self._size, thread_name_prefix=f"istmo-postgres-{self._name}")
        await self.run(lambda session: session.connected())

    async def run(self, work: Callable[[PostgresSession], T]) -> T:
        if self._executor is None:
            msg = "the database is not open"
            raise DatabaseUnavailable(msg)
        if self._pending >= self._size + self._settings.waiting:
            msg = f"{self._settings.waiting} {self._name} are waiting already"
            raise DatabaseUnavailable(msg)
        self._pending += 1
        running = asyncio.get_running_loop().run_in_executor(self._executor, self._in_thread, work)
        running.add_done_callback(self._finished)
        # Shielded: what was accepted is run, as on SQLite, even if its caller is cancelled before it began.
        return await asyncio.shield(running)

    async def close(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown)
        for session in self._sessions:
            session.close()
        self._sessions.clear()
        self._local = threading.local()

    def _in_thread(self, work: Callable[[PostgresSession], T]) -> T:
        session: PostgresSession | None = getattr(self._local, "session", None)
        if session is None:
            session = PostgresSession(self._settings, read_only=self._read_only)
            self._local.session = session
            self._sessions.append(session)
        return work(session)

    def _finished(self, _: object) -> None:
        self._pending -= 1


class PostgresDatabase(Database):
    """Writes are READ COMMITTED: units lock the rows that they decide by. Multi-statement reads are REPEATABLE READ."""

    dialect: ClassVar[DialectName] = "postgresql"

    def __init__(self, settings: PostgresSettings) -> None:
        self._writes = _Pool("writes", settings.writers, settings)
        self._claims = _Pool("claims", settings.claimers, settings)
        self._reads = _Pool("reads", settings.readers, settings, read_only=True)

    async def open(self) -> None:
        try:
            for pool in (self._writes, self._claims, self._reads):
                await pool.open()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        for pool in (self._writes, self._claims, self._reads):
            await pool.close()

    async def write(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        return await self._writes.run(lambda session: session.transaction(unit, tenant_id))

    async def claim(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        return await self._claims.run(lambda session: session.transaction(unit, tenant_id))

    async def read(self, statement: Statement, *, tenant_id: str | None, **params: Any) -> list[Row]:
        if tenant_id is None:
            return await self._reads.run(lambda session: session.single(lambda c: c.execute(statement, **params)))
        return await self.read_all(lambda connection: connection.execute(statement, **params), tenant_id=tenant_id)

    async def read_all(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        return await self._reads.run(lambda session: session.transaction(unit, tenant_id))
