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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """Where the server is and what is bounded. Times in seconds; ``waiting`` is for each of the three pools."""

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
        self._begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if read_only else "BEGIN"
        self._raw: psycopg.Connection | None = None

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

    def autocommit(self, unit: Unit[T]) -> T:
        """Runs a unit of one statement, which is its own transaction. Raises as :meth:`transaction`."""
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
                self._raw = _connect(self._settings, read_only=self._read_only)
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
        if tenant_id is None:
            raw.execute(self._begin.encode(), prepare=False)
            return
        # One round trip; libpq quotes the literal, which a statement of two parts cannot take as a parameter.
        tenant = sql.Literal(tenant_id).as_string(raw)
        both = f"{self._begin}; SELECT set_config('istmo.tenant_id', {tenant}, true)"
        raw.execute(both.encode(), prepare=False)

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


def _connect(settings: PostgresSettings, *, read_only: bool) -> psycopg.Connection:
    raw = psycopg.connect(
        settings.url.replace("postgresql+psycopg://", "postgresql://", 1),
        autocommit=True,  # transactions are begun and ended by the session, in one round trip each
        connect_timeout=settings.connect_timeout,
        prepare_threshold=settings.prepare_threshold,
        application_name="istmo",
    )
    try:
        raw.adapters.register_loader("numeric", _WholeNumber)
        raw.execute(
            f"SET lock_timeout = {_milliseconds(settings.lock_timeout)};"
            f"SET statement_timeout = {_milliseconds(settings.statement_timeout)};"
            f"SET idle_in_transaction_session_timeout = {_milliseconds(settings.idle_in_transaction_timeout)};"
            f"SET default_transaction_read_only = {'on' if read_only else 'off'};"
            # An answer means durable, whatever the server's default; stricter settings than "on" are kept.
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
    except BaseException:
        raw.close()
        raise
    return raw


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1_000))
