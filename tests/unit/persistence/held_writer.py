"""A writer of which a test holds the thread, and what it writes."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapters.persistence.connection import Connection
from adapters.persistence.sqlite_driver import SqliteDriver, SqliteSettings, connect
from adapters.persistence.sqlite_group_commit import GroupCommit
from adapters.persistence.sqlite_writer import SqliteWriter
from adapters.persistence.unique_keys import UniqueKeys
from tests.unit.persistence.schema import add_paper, metadata

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
