"""The kinds of columns: INTEGER, TEXT and BLOB on SQLite (STRICT tables), BIGINT, TEXT and BYTEA on PostgreSQL.

Times are whole microseconds since 1970 in UTC. Flags are 0 or 1. Amounts are text inside JSON text: never REAL.
Names and codes sort by their bytes on both engines, whatever the locale of the server.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BYTES = sa.LargeBinary()


def text(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    """A text column."""
    return sa.Column(name, TEXT, nullable=nullable, primary_key=primary_key)


def whole(
    name: str, *, nullable: bool = False, primary_key: bool = False, server_default: str | None = None
) -> sa.Column[int]:
    """A whole number, a time in microseconds or a flag. ``server_default`` where a later migration added it."""
    return sa.Column(
        name, WHOLE, nullable=nullable, primary_key=primary_key, autoincrement=False, server_default=server_default
    )


def blob(name: str) -> sa.Column[bytes]:
    """Bytes that are kept as they came."""
    return sa.Column(name, BYTES, nullable=False)


def table(name: str, *parts: sa.Column[str] | sa.Column[int] | sa.Column[bytes] | sa.Constraint) -> sa.Table:
    """A table whose primary key is named, as every other key is, so that both engines report it alike."""
    key = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    return sa.Table(name, metadata, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), sqlite_strict=True)


def partial_index(name: str, *columns: sa.Column[str] | sa.Column[int], where: str, unique: bool = False) -> sa.Index:
    """An index of the rows for which ``where`` (SQL that both engines read alike) holds."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
