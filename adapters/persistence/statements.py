"""SQL as values: written once in SQLAlchemy Core, compiled once per engine, run on the bare driver.

Compiled SQL outside SQLAlchemy skips its bind and result processors, so columns are INTEGER, TEXT and BLOB
only (BYTEA on PostgreSQL), and parameters are ``int``, ``str``, ``bytes``, ``None`` or a list of ``int`` or
``str`` (see :func:`one_of`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, Literal, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.dialects.sqlite.pysqlite import dialect as pysqlite_dialect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

DialectName: TypeAlias = Literal["sqlite", "postgresql"]
Expression: TypeAlias = sa.Executable | Callable[[DialectName], sa.Executable]
Row: TypeAlias = dict[str, Any]
"""One row by column name; values are ``int``, ``str``, ``bytes`` or ``None`` on both engines."""

_PLAIN = frozenset({int, str, bytes, bool, type(None)})
_LISTED = frozenset({int, str})
_DIALECTS: dict[DialectName, Dialect] = {
    "sqlite": pysqlite_dialect(paramstyle="qmark"),
    "postgresql": psycopg_dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}


class _Slot:
    """Stands where a caller's parameter goes, among the values that are part of the statement itself."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class CompiledStatement:
    """SQL text of one engine with the order of its parameters, and the row names once they are known."""

    __slots__ = ("_defaults", "_dialect", "_names", "_required", "_slots", "_template", "columns", "sql")

    def __init__(self, sql: str, values: Sequence[Any], defaults: Mapping[str, Any], dialect: DialectName) -> None:
        self.sql = sql
        self.columns: tuple[str, ...] | None = None
        self._dialect = dialect
        self._template = [None if isinstance(value, _Slot) else value for value in values]
        self._slots = tuple((at, value.name) for at, value in enumerate(values) if isinstance(value, _Slot))
        self._names = frozenset(name for _, name in self._slots)
        self._defaults = dict(defaults)
        self._required = self._names - self._defaults.keys()

    def bind(self, params: Mapping[str, Any]) -> Sequence[Any]:
        """The driver's positional parameters.

        Raises:
            TypeError: a parameter is missing, unknown, or of a type that drivers store differently.
        """
        if self._defaults:
            params = {**self._defaults, **params}
        if params.keys() != self._names:
            missing, unknown = sorted(self._required - params.keys()), sorted(params.keys() - self._names)
            msg = f"parameters missing: {missing}, unknown: {unknown}, in: {self.sql}"
            raise TypeError(msg)
        bound = self._template.copy()
        for at, name in self._slots:
            value = params[name]
            bound[at] = value if type(value) in _PLAIN else self._list(name, value)
        return bound

    def rows(self, names: Sequence[str], fetched: Sequence[Sequence[Any]]) -> list[Row]:
        """Rows by column name. Raises TypeError when two columns would share a name."""
        columns = self.columns
        if columns is None:
            columns = tuple(names)
            if len(set(columns)) != len(columns):
                msg = f"two columns share a name, label them: {columns} in {self.sql}"
                raise TypeError(msg)
            self.columns = columns
        return [dict(zip(columns, row, strict=True)) for row in fetched]

    def _list(self, name: str, value: Any) -> Any:
        if not isinstance(value, list | tuple) or any(type(item) not in _LISTED for item in value):
            msg = f"parameter {name!r} is {type(value).__name__}: pass int, str, bytes, None or a list of int or str"
            raise TypeError(msg)
        return json.dumps(value) if self._dialect == "sqlite" else list(value)


class Statement:
    """A select, insert, update or delete; compiled on first use for each engine and kept.

    ``expression`` is a SQLAlchemy Core expression with ``bindparam``s, or, where the engines differ, a
    function from the engine's name to one. Values written into the expression stay part of it.
    """

    __slots__ = ("_compiled", "_expression", "_lock")

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self._compiled: dict[DialectName, CompiledStatement] = {}
        self._lock = Lock()

    def compiled(self, dialect: DialectName) -> CompiledStatement:
        """This statement for one engine. Raises TypeError for what bare drivers cannot run."""
        found = self._compiled.get(dialect)
        if found is None:
            with self._lock:
                found = self._compiled.get(dialect)
                if found is None:
                    found = self._compiled[dialect] = _compile(self._expression, dialect)
        return found


def insert_into(dialect: DialectName, table: sa.Table) -> postgresql.Insert:
    """An insert that knows ON CONFLICT, for use inside ``Statement(lambda dialect: ...)``.

    SQLite's construct has the same methods (``on_conflict_do_nothing``, ``on_conflict_do_update``,
    ``excluded``) for conflicts named by ``index_elements``, so it is given PostgreSQL's type;
    ``constraint=`` works there alone.
    """
    if dialect == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(table))
    return postgresql.insert(table)


def across_tenants(plain: sa.Select[Any], by_function: str) -> Statement:
    """A read without a tenant: plain SQL on SQLite; on PostgreSQL the SECURITY DEFINER function that does the same,
    because row-level security shows nothing to whoever does not say for whom he reads."""
    called = sa.text(by_function)
    return Statement(lambda dialect: plain if dialect == "sqlite" else called)


class _OneOf(sa.ColumnElement[bool]):
    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values = sa.bindparam(name, type_=sa.ARRAY(sa.Text() if _is_text(column) else sa.BigInteger()))
        self.encoded = sa.bindparam(name, type_=sa.Text())

    def self_group(self, against: Any = None) -> "_OneOf":  # noqa: ARG002
        return self  # SQLite has no booleans, and "(x IN (...)) = 1" would not use an index


def one_of(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """``column IN (the list given as parameter name)``, one compiled statement for lists of every length."""
    return _OneOf(column, name)


@compiles(_OneOf, "sqlite")  # type: ignore[untyped-decorator,unused-ignore]
def _one_of_sqlite(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.encoded, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled parts, values are bound


@compiles(_OneOf, "postgresql")  # type: ignore[untyped-decorator,unused-ignore]
def _one_of_postgresql(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(element.values, **kw)})"


def _is_text(column: sa.ColumnElement[Any]) -> bool:
    return isinstance(column.type, sa.String)


def _compile(expression: Expression, dialect: DialectName) -> CompiledStatement:
    chosen = expression if isinstance(expression, sa.Executable) else expression(dialect)
    if isinstance(chosen, sa.Insert):
        chosen = chosen.inline()  # otherwise PostgreSQL is asked to return the primary key that nobody reads
    compiler = cast("sa.ClauseElement", chosen).compile(dialect=_DIALECTS[dialect])
    if not isinstance(compiler, SQLCompiler):
        msg = f"{type(chosen).__name__} is not a statement"
        raise TypeError(msg)
    if compiler.insert_prefetch or compiler.update_prefetch:
        msg = f"Python-side column defaults do not run here, give the value: {compiler}"
        raise TypeError(msg)
    if isinstance(chosen, sa.Select):
        for column in chosen.selected_columns:
            _refuse_processed(column.type, str(column))
    slots: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    for bind in compiler.binds.values():
        _refuse_processed(bind.type, bind.key)
        if bind.unique or (bind.expanding and not bind.required):
            continue
        if bind.expanding:
            msg = f"a list parameter needs one_of(column, {bind.key!r}), not in_(bindparam(...))"
            raise TypeError(msg)
        slots[bind.key] = _Slot(bind.key)
        if not bind.required:
            defaults[bind.key] = bind.effective_value
    state = compiler.construct_expanded_state(slots)
    return CompiledStatement(state.statement, state.positional_parameters, defaults, dialect)


def _refuse_processed(kind: TypeEngine[Any], where: str) -> None:
    if isinstance(kind, sa.ARRAY):
        kind = kind.item_type
    plain = isinstance(kind, sa.Integer | sa.String | sa.LargeBinary | sa.Boolean) or kind._isnull  # noqa: SLF001
    if not plain or isinstance(kind, sa.Enum):
        msg = f"{where} is {kind!r}: columns are INTEGER, TEXT and BLOB only"
        raise TypeError(msg)
