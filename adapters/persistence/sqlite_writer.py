"""The one thread that writes to SQLite: it takes whatever is waiting and commits it together."""

import asyncio
import logging
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from adapters.persistence.connection import CommitOutcomeUnknown, DatabaseUnavailable, T, Unit
from adapters.persistence.sqlite_group_commit import GroupCommit, Work

_log = logging.getLogger(__name__)


class _Waiting(Work):
    __slots__ = ("future", "loop")

    def __init__(self, unit: Unit[Any], loop: AbstractEventLoop) -> None:
        super().__init__(unit)
        self.loop = loop
        self.future: Future[Any] = loop.create_future()


class SqliteWriter:
    """Queues units from event loops and answers them after the COMMIT that holds them.

    ``waiting`` bounds the queue, ``batch`` the units of one transaction. A unit that was accepted is run even when
    its caller was cancelled meanwhile. When the thread dies, everybody who waits and everybody who comes later gets
    DatabaseUnavailable.
    """

    def __init__(self, connect: Callable[[], GroupCommit], *, waiting: int, batch: int) -> None:
        self._connect = connect
        self._waiting = waiting
        self._batch = batch
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._gate = Lock()
        self._refusal: str | None = "the database is not open"
        self._thread: Thread | None = None
        self._running: list[_Waiting] = []

    def start(self) -> None:
        """Connects and starts the thread. Blocks. Raises DatabaseUnavailable when the file cannot be opened."""
        if self._thread is not None:
            msg = "the writer was started already"
            raise RuntimeError(msg)
        group = self._connect()
        self._thread = Thread(target=self._live, args=(group,), name="istmo-sqlite-writer", daemon=True)
        self._refusal = None
        self._thread.start()

    def submit(self, unit: Unit[T]) -> Future[T]:
        """The future of the unit's result, done after its commit.

        Raises:
            DatabaseUnavailable: closed, dead, or as many units waiting as are allowed.
        """
        work = _Waiting(unit, asyncio.get_running_loop())
        with self._gate:
            if self._refusal is not None:
                raise DatabaseUnavailable(self._refusal)
            if self._queue.qsize() >= self._waiting:
                msg = f"{self._waiting} writes are waiting already"
                raise DatabaseUnavailable(msg)
            self._queue.put(work)
        return work.future

    def stop(self) -> None:
        """Commits everything accepted so far, then ends the thread. Blocks; harmless when repeated."""
        if self._thread is None:
            return
        with self._gate:
            self._refusal = self._refusal or "the database was closed"
            self._queue.put(None)
        self._thread.join()

    def _live(self, group: GroupCommit) -> None:
        try:
            while self._commit_next(group):
                pass
        except BaseException as error:  # noqa: BLE001 - nobody may be left waiting, whatever killed this thread
            _log.critical("the SQLite writer died", exc_info=error)
            with self._gate:
                self._refusal = f"the SQLite writer died: {error!r}"
            self._fail_everybody(self._refusal, error)
        finally:
            group.close()

    def _commit_next(self, group: GroupCommit) -> bool:
        """Commits one batch. False when it was the last."""
        work = self._queue.get()
        while work is not None:
            self._running.append(work)
            if len(self._running) == self._batch:
                break
            try:
                work = self._queue.get_nowait()
            except Empty:
                break
        if self._running:
            group.commit(self._running)
            answered, self._running = self._running, []
            _deliver(answered)
        return work is not None

    def _fail_everybody(self, reason: str, cause: BaseException) -> None:
        # Nothing is put after the refusal was set, so one emptying is enough.
        for work in self._running:
            work.error = CommitOutcomeUnknown(reason)
            work.error.__cause__ = cause
        never_run = []
        while not self._queue.empty():
            work_or_end = self._queue.get_nowait()
            if work_or_end is not None:
                work_or_end.error = DatabaseUnavailable(reason)
                work_or_end.error.__cause__ = cause
                never_run.append(work_or_end)
        _deliver([*self._running, *never_run])


def _deliver(answered: Iterable[_Waiting]) -> None:
    """Wakes each event loop once for all of its callers."""
    of_loop: dict[AbstractEventLoop, list[_Waiting]] = {}
    for work in answered:
        of_loop.setdefault(work.loop, []).append(work)
    for loop, works in of_loop.items():
        try:
            loop.call_soon_threadsafe(_answer, works)
        except RuntimeError:
            _log.warning("%d committed units had nobody left to answer: their event loop is closed", len(works))


def _answer(works: list[_Waiting]) -> None:
    for work in works:
        if work.future.done():
            continue  # its caller was cancelled
        if work.error is None:
            work.future.set_result(work.result)
        else:
            work.future.set_exception(work.error)
