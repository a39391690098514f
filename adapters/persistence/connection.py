"""What SQL functions and repositories see of a database: a connection in a unit, and the executor of units."""

from abc import abstractmethod
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CoroutineType
from typing import Any, ClassVar, Protocol, TypeVar

from adapters.persistence.statements import DialectName, Row, Statement
from core.errors import Category, IstmoError, Wording

T = TypeVar("T")


class UniqueViolation(Exception):  # noqa: N818
    """A row with this key exists. ``constraint`` names the unique constraint or index, alike on both engines."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class IntegrityViolation(Exception):  # noqa: N818
    """A foreign key, NOT NULL or CHECK constraint refused a row: a mistake of the program, not of the caller."""


class UnitBroken(Exception):  # noqa: N818
    """A unit went on after one of its statements had failed outside :meth:`Connection.savepoint`."""


class DatabaseUnavailable(IstmoError):  # noqa: N818
    """Busy, full, closed, restarting or overloaded; nothing of the unit was kept, later it may work."""

    code = "database_unavailable"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The database cannot serve this request right now.",
        "La base de datos no puede atender esta solicitud en este momento.",
    )
    advice = Wording("Try again shortly.", "Intente de nuevo en breve.")

    def __init__(self, reason: str) -> None:
        """``reason`` is for the log: it is in ``str()`` and in the details, never in the message."""
        super().__init__(reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.message.english} ({self.reason})"


class CommitOutcomeUnknown(DatabaseUnavailable):
    """The connection broke while COMMIT was under way: the unit may or may not have been kept."""

    code = "database_outcome_unknown"
    wording = Wording(
        "The database stopped answering while it stored the change; it may have been stored.",
        "La base de datos dejó de responder mientras guardaba el cambio; puede haberse guardado.",
    )
    advice = Wording(
        "Read the current state before you repeat the request; the same idempotency key is safe.",
        "Consulte el estado actual antes de repetir; la misma clave de idempotencia es segura.",
    )


class Cursor(Protocol):
    """What both drivers' cursors have in common."""

    @property
    def description(self) -> Sequence[Sequence[Any]] | None: ...
    @property
    def rowcount(self) -> int: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...
    def executemany(self, sql: str, params: Any, /) -> Any: ...


class Driver(Protocol):
    """One raw connection: a thin cover over sqlite3 or psycopg."""

    @property
    def dialect(self) -> DialectName: ...
    def execute(self, sql: str, params: Sequence[Any] = ()) -> Cursor: ...
    def cursor(self) -> Cursor: ...
    def in_our_words(self, error: Exception) -> Exception:
        """The error that a unit sees for a driver's error; the error itself when it is not the driver's."""
        ...


class Connection:
    """Runs statements inside one unit. Lives as long as the unit; never kept, never shared.

    After a statement failed, the unit is over (PostgreSQL would refuse to go on, SQLite would not): further
    statements raise :class:`UnitBroken`, and the unit is rolled back even if it swallows the error. A unit
    that means to go on after a :class:`UniqueViolation` wraps the attempt in :meth:`savepoint`.
    """

    __slots__ = ("_depth", "_driver", "dialect", "failure")

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._depth = 0
        self.dialect: DialectName = driver.dialect
        self.failure: Exception | None = None

    def execute(self, statement: Statement, **params: Any) -> list[Row]:
        """All rows of a select or of RETURNING; an empty list for other statements.

        Raises:
            UniqueViolation, IntegrityViolation, DatabaseUnavailable.
        """
        compiled = statement.compiled(self.dialect)
        cursor = self._start(compiled.sql, compiled.bind(params))
        description = cursor.description
        if description is None:
            return []
        try:
            fetched = cursor.fetchall()
        except Exception as error:
            raise self._failed(error) from error
        return compiled.rows([column[0] for column in description], fetched)

    def one(self, statement: Statement, **params: Any) -> Row:
        """The only row. Raises LookupError for none or several."""
        row = self.one_or_none(statement, **params)
        if row is None:
            msg = "the statement found no row"
            raise LookupError(msg)
        return row

    def one_or_none(self, statement: Statement, **params: Any) -> Row | None:
        """The only row or None. Raises LookupError for several."""
        rows = self.execute(statement, **params)
        if len(rows) > 1:
            msg = f"the statement found {len(rows)} rows, not one"
            raise LookupError(msg)
        return rows[0] if rows else None

    def run(self, statement: Statement, **params: Any) -> int:
        """The number of rows inserted, updated or deleted. Raises TypeError when it returns rows."""
        compiled = statement.compiled(self.dialect)
        cursor = self._start(compiled.sql, compiled.bind(params))
        if cursor.description is not None:
            msg = f"this statement returns rows, use execute: {compiled.sql}"
            raise TypeError(msg)
        return cursor.rowcount

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
        """One insert, update or delete for each mapping of parameters; the number of rows touched in all."""
        if not rows:
            return 0
        compiled = statement.compiled(self.dialect)
        bound = [compiled.bind(row) for row in rows]
        self._refuse_broken()
        try:
            cursor = self._driver.cursor()
            cursor.executemany(compiled.sql, bound)
        except Exception as error:
            raise self._failed(error) from error
        return cursor.rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What fails inside is undone alone, and the unit may go on after catching the error outside."""
        self._depth += 1
        name = f"inner_{self._depth}"
        try:
            self._start(f"SAVEPOINT {name}")
            try:
                yield
            except Exception:
                self.failure = None
                self._start(f"ROLLBACK TO SAVEPOINT {name}")
                self._start(f"RELEASE SAVEPOINT {name}")
                raise
            if self.failure is None:
                self._start(f"RELEASE SAVEPOINT {name}")
        finally:
            self._depth -= 1

    def _start(self, sql: str, params: Sequence[Any] = ()) -> Cursor:
        self._refuse_broken()
        try:
            return self._driver.execute(sql, params)
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> Exception:
        self.failure = self._driver.in_our_words(error)
        return self.failure

    def _refuse_broken(self) -> None:
        if self.failure is not None:
            msg = "an earlier statement of this unit failed; catch errors around savepoint() to go on"
            raise UnitBroken(msg) from self.failure


Unit = Callable[[Connection], T]
"""A synchronous function over a connection and nothing else: it may run twice, so it has no other effect."""


def run_unit(unit: Unit[T], connection: Connection) -> T:
    """The unit's result. Raises what it raised, or UnitBroken when it swallowed a failed statement."""
    try:
        result = unit(connection)
    except (StopIteration, GeneratorExit, SystemExit, CancelledError) as error:
        # A future cannot carry the first two, and the others would stop the event loop of the caller.
        msg = f"the unit raised {error!r}"
        raise RuntimeError(msg) from error
    if isinstance(result, CoroutineType):
        result.close()
        msg = "a unit is a plain function: nothing is awaited while a transaction is open"
        raise TypeError(msg)
    if connection.failure is not None:
        msg = "the unit swallowed the error of a failed statement"
        raise UnitBroken(msg) from connection.failure
    return result


class Database(Protocol):
    """Where units run. Opened once per process; safe for any number of concurrent tasks of one event loop.

    ``tenant_id`` is what row-level security compares with; None is for the few cross-tenant reads and admin
    work. A caller that is cancelled does not undo its unit. Everything raises DatabaseUnavailable when it
    cannot serve.
    """

    dialect: ClassVar[DialectName]

    @abstractmethod
    async def open(self) -> None:
        """Connects. Raises DatabaseUnavailable when the database cannot be reached."""

    @abstractmethod
    async def close(self) -> None:
        """Finishes what was accepted, refuses what comes later, closes every connection."""

    @abstractmethod
    async def write(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """Runs a unit in a transaction and returns its result after the commit is durable.

        Raises:
            Exception: whatever the unit raised, after it was rolled back.
            CommitOutcomeUnknown: the connection broke during COMMIT (PostgreSQL only).
        """

    @abstractmethod
    async def claim(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """As :meth:`write`, from a pool of its own: work that waits for locked rows holds up nothing else."""

    @abstractmethod
    async def read(self, statement: Statement, *, tenant_id: str | None, **params: Any) -> list[Row]:
        """The rows of one select."""

    @abstractmethod
    async def read_all(self, unit: Unit[T], *, tenant_id: str | None) -> T:
        """Runs a unit of several selects that all see the same state; what it writes is refused."""
