"""Columns as the migrations spell them. Frozen: what a released step made does not change with the tables."""

import sqlalchemy as sa

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """TEXT, sorted by its bytes."""
    return sa.Column(name, TEXT, nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """INTEGER on SQLite, BIGINT on PostgreSQL."""
    return sa.Column(name, WHOLE, nullable=nullable, autoincrement=False)


def blob(name: str) -> sa.Column[bytes]:
    """BLOB on SQLite, BYTEA on PostgreSQL."""
    return sa.Column(name, sa.LargeBinary(), nullable=False)
