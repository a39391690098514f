"""Names of unique constraints, for SQLite, which reports the columns of a broken key and not its name."""

from collections.abc import Iterator
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

_COLUMNS = "UNIQUE constraint failed: "
_EXPRESSION_INDEX = "UNIQUE constraint failed: index '"
_LONGEST_POSTGRESQL_NAME = 63


class UniqueKeys:
    """From ``table.column, table.column`` to the name that PostgreSQL gives to the same key.

    Raises:
        ValueError: two keys of one table have the same columns in the same order, so that SQLite could not tell
            which was broken; or a name is longer than PostgreSQL keeps.
    """

    def __init__(self, metadata: sa.MetaData) -> None:
        self._names: dict[str, str] = {}
        for table in metadata.tables.values():
            for name, columns in _keys_of(table):
                described = ", ".join(f"{table.name}.{column}" for column in columns)
                if described in self._names:
                    msg = f"{name} and {self._names[described]} have the same columns in the same order: {described}"
                    raise ValueError(msg)
                if len(name) > _LONGEST_POSTGRESQL_NAME:
                    msg = f"the name of the unique key {name} is too long for PostgreSQL"
                    raise ValueError(msg)
                self._names[described] = name

    def broken(self, message: str) -> str:
        """The name of the key in SQLite's message; its columns for a table that the metadata does not know."""
        if message.startswith(_EXPRESSION_INDEX):
            return message[len(_EXPRESSION_INDEX) : -1]
        columns = message.removeprefix(_COLUMNS)
        return self._names.get(columns, columns)


def _keys_of(table: sa.Table) -> Iterator[tuple[str, list[str]]]:
    preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call,unused-ignore]
    for constraint in table.constraints:
        if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            columns = [column.name for column in constraint.columns]
            if not columns:
                continue
            given = None if constraint.name is None else preparer.format_constraint(constraint)
            primary = isinstance(constraint, sa.PrimaryKeyConstraint)
            yield given or "_".join([table.name, *([] if primary else columns), "pkey" if primary else "key"]), columns
    for index in table.indexes:
        if index.unique and all(isinstance(part, sa.Column) for part in index.expressions):
            yield str(index.name), [cast("sa.Column[object]", part).name for part in index.expressions]
