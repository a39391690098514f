"""One psycopg connection of one thread: transactions with retries, and PostgreSQL's errors in the adapter's words."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg import sql
from psycopg.adapt import Buffer, Loader

from adapters.persistence.connection import (
    CommitOutcomeUnknown,
    Connection,
    Cursor,
    DatabaseUnavailable,
    IntegrityViolation,
    T,
    UniqueViolation,
    Unit,
    run_unit,
)
from adapters.persistence.statements import DialectName

_REASONS: tuple[tuple[type[psycopg.Error], str], ...] = (
    (pg.LockNotAvailable, "a lock was not free in time"),
    (pg.QueryCanceled, "the statement took too long"),
    (pg.DiskFull, "the disk of the database is full"),
    (pg.TooManyConnections, "the database has no connection left"),
    (pg.OutOfMemory, "the database is out of memory"),
    (pg.ReadOnlySqlTransaction, "the database is read-only"),
    (pg.IdleInTransactionSessionTimeout, "the unit did nothing for too long inside its transaction"),
    (pg.CannotConnectNow, "the database is starting"),
    (pg.InsufficientPrivilege, "the role of this connection may not do that, or no tenant was set"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """Where the server is and what is bounded. Times in seconds; ``waiting`` is for each of the three pools.

    ``pooled``: a pooler such as PgBouncer gives each transaction another server session. None: find out at connecting.
    """

    url: str = field(repr=False)
    writers: int = 4
    claimers: int = 2
    readers: int = 4
    waiting: int = 1_024
    connect_timeout: int = 5
    lock_timeout: float = 5.0
    statement_timeout: float = 30.0
    idle_in_transaction_timeout: float = 30.0
    attempts: int = 5
    prepare_threshold: int | None = 5
    pooled: bool | None = None


class _WholeNumber(Loader):
    """No column is NUMERIC: it is what PostgreSQL makes of a sum of BIGINT, and SQLite answers an integer there."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class _TryAgain(Exception):  # noqa: N818
    """Nothing of the unit was kept, and the same unit may succeed at once."""


class PostgresDriver:
    """A psycopg connection as the unit's Connection needs it; remembers whether the unit may be tried again."""

    dialect: DialectName = "postgresql"

    def __init__(self, raw: psycopg.Connection) -> None:
        self._raw = raw
        self.cursor = raw.cursor
        self.may_try_again = False

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Cursor:
        return self._raw.execute(sql.encode(), params)

    def in_our_words(self, error: Exception) -> Exception:
        """UniqueViolation, IntegrityViolation or DatabaseUnavailable; other errors as they are."""
        if not isinstance(error, psycopg.Error):
            return error
        if isinstance(error, pg.UniqueViolation):
            return UniqueViolation(error.diag.constraint_name or "")
        if isinstance(error, psycopg.IntegrityError):
            return IntegrityViolation(error.diag.message_primary or str(error))
        if isinstance(error, pg.SerializationFailure | pg.DeadlockDetected):
            self.may_try_again = True
            return DatabaseUnavailable("the unit collided with others")
        for kind, reason in _REASONS:
            if isinstance(error, kind):
                return DatabaseUnavailable(reason)
        if self._raw.closed or isinstance(error, pg.AdminShutdown | pg.CrashShutdown):
            self._raw.close()
            self.may_try_again = True
            return DatabaseUnavailable("the connection broke")
        return error


class PostgresSession:
    """Belongs to one thread. A broken connection is replaced when it is next needed."""

    def __init__(self, settings: PostgresSettings, *, read_only: bool) -> None:
        self._settings = settings
        self._read_only = read_only
        self._begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if read_only else "BEGIN READ WRITE"
        self._raw: psycopg.Connection | None = None
        self._is_pooled = False

    def transaction(self, unit: Unit[T], tenant_id: str | None) -> T:
        """Runs a unit in a transaction of its own; again, a bounded number of times, when it lost a conflict.

        Raises:
            Exception: what the unit raised; nothing was kept.
            DatabaseUnavailable, CommitOutcomeUnknown.
        """
        attempt = 1
        while True:
            try:
                return self._once(unit, tenant_id)
            except _TryAgain as lost:
                if attempt == self._settings.attempts:
                    raise DatabaseUnavailable(f"{lost}, {attempt} times") from lost.__cause__
            time.sleep(0.005 * 2**attempt)
            attempt += 1

    def single(self, unit: Unit[T]) -> T:
        """Runs a unit of one statement, which is its own transaction. Raises as :meth:`transaction`."""
        self.connected()
        if self._is_pooled:  # limits last for one transaction there, so it takes one
            return self.transaction(unit, None)
        for last in (False, True):
            driver = PostgresDriver(self.connected())
            try:
                return run_unit(unit, Connection(driver))
            except DatabaseUnavailable:
                if last or not driver.may_try_again:
                    raise
            finally:
                self._drop_if_broken()
        raise AssertionError  # the second turn returned or raised

    def connected(self) -> psycopg.Connection:
        """The live connection, opened when there is none. Raises DatabaseUnavailable."""
        if self._raw is None:
            try:
                self._raw = connect(self._settings)
                self._is_pooled = self._prepare_session(self._raw)
            except psycopg.OperationalError as error:
                raise DatabaseUnavailable(f"no connection: {error}") from error
        return self._raw

    def close(self) -> None:
        """Closes the connection; an open transaction is rolled back."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None

    def _once(self, unit: Unit[T], tenant_id: str | None) -> T:
        raw = self.connected()
        driver = PostgresDriver(raw)
        try:
            try:
                self._start(raw, tenant_id)
            except psycopg.Error as error:
                raise driver.in_our_words(error) from error
            result = run_unit(unit, Connection(driver))
        except BaseException as error:
            self._roll_back(raw)
            if driver.may_try_again:
                raise _TryAgain(getattr(error, "reason", str(error))) from error
            raise
        self._commit(raw, driver)
        return result

    def _start(self, raw: psycopg.Connection, tenant_id: str | None) -> None:
        wanted = dict(session_limits(self._settings)) if self._is_pooled else {}
        if tenant_id is not None:
            wanted["istmo.tenant_id"] = tenant_id
        # One round trip; libpq quotes the literals, which a statement of two parts cannot take as parameters.
        calls = [
            f"set_config({sql.Literal(name).as_string(raw)}, {sql.Literal(value).as_string(raw)}, true)"
            for name, value in wanted.items()
        ]
        if self._is_pooled:
            calls.append(_DURABLE.format(is_local="true"))
        begin = f"{self._begin}; SELECT {', '.join(calls)}" if calls else self._begin
        raw.execute(begin.encode(), prepare=False)

    def _prepare_session(self, raw: psycopg.Connection) -> bool:
        """Set what lasts for the session, where sessions are ours; whether they are not."""
        try:
            raw.adapters.register_loader("numeric", _WholeNumber)
            is_pooled = stands_behind_a_pooler(raw) if self._settings.pooled is None else self._settings.pooled
            if is_pooled:
                raw.prepare_threshold = None  # the next transaction may be on a session that never prepared it
            else:
                calls = [f"set_config('{name}', '{value}', false)" for name, value in session_limits(self._settings)]
                calls.append(f"set_config('default_transaction_read_only', '{_on_or_off(self._read_only)}', false)")
                calls.append(_DURABLE.format(is_local="false"))
                raw.execute(f"SELECT {', '.join(calls)}".encode(), prepare=False)
        except BaseException:
            raw.close()
            self._raw = None
            raise
        return is_pooled

    def _commit(self, raw: psycopg.Connection, driver: PostgresDriver) -> None:
        try:
            raw.commit()
        except psycopg.Error as error:
            if raw.closed:
                self._drop_if_broken()
                raise CommitOutcomeUnknown(str(error)) from error
            told = driver.in_our_words(error)
            self._roll_back(raw)
            if driver.may_try_again:
                raise _TryAgain(str(told)) from error
            raise told from error

    def _roll_back(self, raw: psycopg.Connection) -> None:
        try:
            raw.rollback()
        except psycopg.Error:
            raw.close()  # the server rolls back what its client left
        self._drop_if_broken()

    def _drop_if_broken(self) -> None:
        if self._raw is not None and self._raw.closed:
            self.close()


# An answer means durable, whatever the server's default; settings other than "off" are the operator's.
_DURABLE = (
    "set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), {is_local})"
)


def connect(settings: PostgresSettings) -> psycopg.Connection:
    """A connection in autocommit: transactions are begun and ended by the session, in one round trip each."""
    return psycopg.connect(
        settings.url.replace("postgresql+psycopg://", "postgresql://", 1),
        autocommit=True,
        connect_timeout=settings.connect_timeout,
        prepare_threshold=settings.prepare_threshold,
        application_name="istmo",
    )


def session_limits(settings: PostgresSettings) -> tuple[tuple[str, str], ...]:
    """The server's settings that bound how long anything of ours may wait or run."""
    return (
        ("lock_timeout", _milliseconds(settings.lock_timeout)),
        ("statement_timeout", _milliseconds(settings.statement_timeout)),
        ("idle_in_transaction_session_timeout", _milliseconds(settings.idle_in_transaction_timeout)),
    )


def stands_behind_a_pooler(raw: psycopg.Connection) -> bool:
    """Whether the session that answers is another one than the one that we were told of when we connected."""
    row = raw.execute("SELECT pg_backend_pid()", prepare=False).fetchone()
    return row is None or row[0] != raw.info.backend_pid


def _on_or_off(flag: bool) -> str:  # noqa: FBT001 - a value to be spelt, not an option
    return "on" if flag else "off"


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1_000)))
