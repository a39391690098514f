"""The database of a simulation: production SQL on SQLite in memory, which crashes, fills up and goes back in time."""

import asyncio
import sqlite3
import tempfile
from abc import abstractmethod
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol

from adapters.persistence.connection import Connection, Database, DatabaseUnavailable, T, Unit
from adapters.persistence.migration import migrate
from adapters.persistence.sqlite_database import InlineSqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.statements import DialectName, Row, Statement
from adapters.persistence.tables import metadata

FULL = "the disk of the database is full"


class DiskGate(Protocol):
    """What stands between one process and the database."""

    @abstractmethod
    def enter(self) -> None:
        """Raises whatever ends a process that is dead."""

    @abstractmethod
    def is_full(self) -> bool:
        """Whether writing fails now."""

    @abstractmethod
    def reach(self, point: str) -> None:
        """A named crash point; may raise what ends the process."""


class SimulatedDisk:
    """One database for all processes. What is committed survives ``reopen``; nothing else does."""

    def __init__(self) -> None:
        self._settings = SqliteSettings(path=Path(":memory:"))
        self.database = InlineSqliteDatabase(self._settings, metadata)
        self.commits = 0

    async def open(self) -> None:
        """A new database with the schema of this version, empty."""
        await self.database.open()
        self.database.load(empty_image())

    def image(self) -> bytes:
        """A copy of everything that is committed."""
        return self.database.image()

    async def reopen(self, image: bytes | None = None) -> None:
        """Drop the connection and open the committed state again, or an older one."""
        kept = self.database.image() if image is None else image
        await self.database.close()
        await self.database.open()
        self.database.load(kept)

    async def close(self) -> None:
        """Forget everything."""
        await self.database.close()


class GatedDatabase(Database):
    """The disk as one process sees it: each call lets others run first, and ends the process at its crash points."""

    dialect: ClassVar[DialectName] = "sqlite"

    def __init__(self, disk: SimulatedDisk, gate: DiskGate) -> None:
        self._disk = disk
        self._gate = gate

    async def open(self) -> None:
        """The disk is open already."""

    async def close(self) -> None:
        """The disk outlives the process."""

    async def write(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """See the port. Crash points: ``before_commit`` undoes the unit, ``after_commit`` keeps it unanswered."""
        await self._enter()
        if self._gate.is_full():
            raise DatabaseUnavailable(FULL)

        def watched(connection: Connection) -> T:
            result = unit(connection)
            self._gate.reach("before_commit")
            return result

        result = await self._disk.database.write(watched, tenant_id=tenant_id)
        self._disk.commits += 1
        self._gate.reach("after_commit")
        return result

    async def claim(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """See the port."""
        return await self.write(unit, tenant_id=tenant_id)

    async def read(self, statement: Statement, *, tenant_id: str | None, **params: Any) -> list[Row]:
        """See the port."""
        await self._enter()
        return await self._disk.database.read(statement, tenant_id=tenant_id, **params)

    async def read_all(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """See the port."""
        await self._enter()
        return await self._disk.database.read_all(unit, tenant_id=tenant_id)

    async def _enter(self) -> None:
        self._gate.enter()
        await asyncio.sleep(0)
        self._gate.enter()


@cache
def empty_image() -> bytes:
    """The schema of this version with nothing in it, made once by the production migrations."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.db"
        migrate(f"sqlite:///{path}")
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            return connection.serialize()
        finally:
            connection.close()
