"""The connection on which schemas are looked at and changed: one transaction, whoever comes second waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.persistence.database_url import database_settings
from adapters.persistence.postgres_session import PostgresSettings
from core.failures import StoreUnavailableError

LOCK_TIMEOUT_SECONDS = 10
_ONE_AT_A_TIME = 0x49_53_54_4D_4F  # advisory lock of whoever migrates on PostgreSQL


@contextmanager
def schema_connection(database_url: str) -> Iterator[sa.Connection]:
    """A transaction that commits at the end. Raises StoreUnavailableError and ValueError (the URL)."""
    settings = database_settings(database_url)
    if isinstance(settings, PostgresSettings):
        engine = sa.create_engine(
            "postgresql+psycopg" + settings.url.removeprefix("postgresql"),
            poolclass=sa.NullPool,
            connect_args={"prepare_threshold": None},  # a pooler between us may not keep prepared statements
        )
    else:
        engine = _sqlite_engine(settings.path)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'"))
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            yield connection
    except DBAPIError as error:
        raise StoreUnavailableError from error
    finally:
        engine.dispose()


def _sqlite_engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.NullPool,
        connect_args={"timeout": LOCK_TIMEOUT_SECONDS},
    )

    # The driver would end a transaction at the first CREATE TABLE; a migration is one transaction.
    @sa.event.listens_for(engine, "connect")
    def _leave_transactions_to_us(raw: SqliteConnection, _: object) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
