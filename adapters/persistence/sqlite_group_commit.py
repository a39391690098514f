"""Many units in one SQLite transaction, each undone alone when it fails, none answered before the COMMIT."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any, Literal

from adapters.persistence.connection import CommitOutcomeUnknown, Connection, Unit, run_unit
from adapters.persistence.sqlite_driver import Deadline, SqliteDriver, SqliteSettings

_PAUSE_WHEN_BUSY = 0.005


class Work:
    """One unit and what became of it: after the commit exactly one of result and error counts."""

    __slots__ = ("error", "result", "unit")

    def __init__(self, unit: Unit[Any]) -> None:
        self.unit = unit
        self.result: Any = None
        self.error: BaseException | None = None


class GroupCommit:
    """Owns the writing connection; used by one thread at a time."""

    def __init__(self, driver: SqliteDriver, settings: SqliteSettings) -> None:
        self._driver = driver
        self._raw = driver.raw
        self._busy_timeout = settings.busy_timeout
        self._deadline = Deadline(self._raw, settings.write_timeout)

    def commit(self, batch: Sequence[Work]) -> None:
        """Runs the batch; when this returns, what has no error is durable and what has one left no trace.

        SQLite rolls the whole transaction back after a full disk, an I/O error or an interrupted statement, the
        neighbours included. Then nobody has been answered yet, and the batch is run again with a transaction for
        each unit.

        Raises:
            sqlite3.Error: the connection is unusable (closed, corrupt file); the batch was not kept.
        """
        if self._together(batch) or len(batch) == 1:
            return
        for work in batch:
            work.result, work.error = None, None
            self._together([work])

    def close(self) -> None:
        """Closes the connection; an open transaction is rolled back."""
        self._raw.close()

    def _together(self, batch: Sequence[Work]) -> bool:
        """False when the whole transaction was lost; then a single work carries the reason."""
        try:
            self._begin()
        except sqlite3.OperationalError as error:
            for work in batch:
                work.error = self._driver.in_our_words(error)
            return True
        try:
            for work in batch:
                self._run(work)
                if not self._raw.in_transaction:
                    return False
        except sqlite3.OperationalError as error:
            return self._lost(batch, self._driver.in_our_words(error))
        try:
            self._raw.execute("COMMIT")
        except sqlite3.OperationalError as error:
            told = self._driver.in_our_words(error)
            if error.sqlite_errorname.startswith("SQLITE_IOERR"):
                # A crash now, before the log is written over, could bring the commit back.
                told = CommitOutcomeUnknown(str(error))
            return self._lost(batch, told)
        return True

    def _lost(self, batch: Sequence[Work], error: Exception) -> Literal[False]:
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")
        batch[0].result, batch[0].error = None, error
        return False

    def _begin(self) -> None:
        give_up = time.monotonic() + self._busy_timeout
        while True:
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                # SQLite's own waiting does not cover every kind of BUSY (a recovery, a possible deadlock).
                busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
                if not busy or time.monotonic() >= give_up:
                    raise
                time.sleep(_PAUSE_WHEN_BUSY)
            else:
                return

    def _run(self, work: Work) -> None:
        self._raw.execute("SAVEPOINT unit")
        try:
            with self._deadline:
                result = run_unit(work.unit, Connection(self._driver))
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
            work.error = error
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK TO unit")
                self._raw.execute("RELEASE unit")
            return
        if self._raw.in_transaction:
            self._raw.execute("RELEASE unit")
            work.result = result
        else:
            work.error = RuntimeError("the unit ended the transaction that it runs in")
