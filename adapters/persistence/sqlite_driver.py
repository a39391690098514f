"""Raw sqlite3 connections with the project's pragmas, and SQLite's errors in the adapter's words."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.persistence.connection import DatabaseUnavailable, IntegrityViolation, UniqueViolation
from adapters.persistence.statements import DialectName
from adapters.persistence.unique_keys import UniqueKeys

_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}
_INSTRUCTIONS_BETWEEN_LOOKS_AT_THE_CLOCK = 20_000
_REASONS = {
    "SQLITE_BUSY": "another process holds SQLite's write lock",
    "SQLITE_LOCKED": "another connection holds SQLite's lock",
    "SQLITE_FULL": "the disk of the database is full",
    "SQLITE_IOERR": "the disk of the database failed",
    "SQLITE_CANTOPEN": "the database file cannot be opened",
    "SQLITE_READONLY": "the database file is read-only",
    "SQLITE_INTERRUPT": "the statement took too long",
    "SQLITE_NOMEM": "out of memory",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteSettings:
    """Where the file is and what is bounded. Times in seconds."""

    path: Path
    busy_timeout: float = 5.0
    read_timeout: float = 30.0
    write_timeout: float = 30.0
    readers: int = 2
    waiting_reads: int = 1_024
    waiting_writes: int = 4_096
    batch: int = 128


class Deadline:
    """A ``with`` block in which statements of a connection are interrupted once the allowed seconds are over.

    Outside the block nothing is: SQLite counts steps over all runs of a statement, so even a BEGIN may ask.
    """

    __slots__ = ("_at", "_seconds")

    def __init__(self, raw: sqlite3.Connection, seconds: float) -> None:
        self._seconds = seconds
        self._at = float("inf")
        raw.set_progress_handler(self._has_passed, _INSTRUCTIONS_BETWEEN_LOOKS_AT_THE_CLOCK)

    def __enter__(self) -> None:
        self._at = time.monotonic() + self._seconds

    def __exit__(self, *_: object) -> None:
        self._at = float("inf")

    def _has_passed(self) -> bool:
        return time.monotonic() > self._at


class SqliteDriver:
    """One sqlite3 connection in autocommit mode: transactions are begun and ended by whoever owns it."""

    dialect: DialectName = "sqlite"

    def __init__(self, raw: sqlite3.Connection, keys: UniqueKeys) -> None:
        self.raw = raw
        self._keys = keys
        self.execute = raw.execute
        self.cursor = raw.cursor

    def in_our_words(self, error: Exception) -> Exception:
        """UniqueViolation, IntegrityViolation or DatabaseUnavailable; other errors as they are."""
        if not isinstance(error, sqlite3.Error):
            return error
        name = getattr(error, "sqlite_errorname", None) or ""
        if name in _UNIQUE:
            return UniqueViolation(self._keys.broken(str(error)))
        if isinstance(error, sqlite3.IntegrityError):
            return IntegrityViolation(str(error))
        reason = unavailable_reason(error)
        return error if reason is None else DatabaseUnavailable(reason)


def unavailable_reason(error: sqlite3.Error) -> str | None:
    """Why SQLite cannot serve right now, or None for an error of the statement or the program."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return _REASONS.get("_".join(name.split("_")[:2]))


def connect(settings: SqliteSettings, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection that any one thread at a time may use.

    Raises:
        DatabaseUnavailable: the file cannot be opened, or is on a file system where WAL does not work.
    """
    try:
        raw = sqlite3.connect(
            settings.path,
            timeout=settings.busy_timeout,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
    except sqlite3.OperationalError as error:
        raise DatabaseUnavailable(unavailable_reason(error) or str(error)) from error
    try:
        _set_pragmas(raw, read_only=read_only)
    except sqlite3.OperationalError as error:
        raw.close()
        raise DatabaseUnavailable(unavailable_reason(error) or str(error)) from error
    except BaseException:
        raw.close()
        raise
    return raw


def _set_pragmas(raw: sqlite3.Connection, *, read_only: bool) -> None:
    (mode,) = raw.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode not in {"wal", "memory"}:
        msg = f"SQLite answered {mode!r} where write-ahead logging is needed"
        raise DatabaseUnavailable(msg)
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA trusted_schema=OFF")
    raw.execute("PRAGMA journal_size_limit=67108864")
    if read_only:
        raw.execute("PRAGMA query_only=ON")
