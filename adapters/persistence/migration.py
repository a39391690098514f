"""Brings a database to a revision of the schema. Each call is one transaction: all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from adapters.persistence.database_url import database_settings
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.store_failures import SchemaUnknownError
from core.failures import StoreUnavailableError

LOCK_TIMEOUT_SECONDS = 10
_ONE_AT_A_TIME = 0x49_53_54_4D_4F  # advisory lock of whoever migrates on PostgreSQL


def migrate(database_url: str, revision: str = "head") -> str:
    """Go up to ``revision`` and return the one that the database is at then. Does nothing when it is there.

    A lock that is not free within LOCK_TIMEOUT_SECONDS is given up, so that a waiting migration blocks no traffic.
    Raises StoreUnavailableError, SchemaUnknownError (the database is of a newer version), ValueError (the URL).
    """
    with _connected(database_url) as connection:
        _refuse_unknown(connection)
        command.upgrade(_config(connection), revision)
        return _revision_of(connection) or ""


def migrate_down(database_url: str, revision: str) -> str | None:
    """Go down to ``revision``, or to ``base``: no table, and no data, is left. Raises as ``migrate``."""
    with _connected(database_url) as connection:
        _refuse_unknown(connection)
        command.downgrade(_config(connection), revision)
        return _revision_of(connection)


def current_revision(database_url: str) -> str | None:
    """The revision that the database is at, None when it was never migrated. Raises as ``migrate``."""
    with _connected(database_url) as connection:
        return _revision_of(connection)


def head_revision() -> str:
    """The revision that this version of the program needs."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise SchemaUnknownError(revision="none")
    return head


@contextmanager
def _connected(database_url: str) -> Iterator[sa.Connection]:
    settings = database_settings(database_url)
    if isinstance(settings, PostgresSettings):
        engine = sa.create_engine("postgresql+psycopg" + settings.url.removeprefix("postgresql"), poolclass=sa.NullPool)
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


def _config(connection: sa.Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision_of(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_unknown(connection: sa.Connection) -> None:
    revision = _revision_of(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaUnknownError(revision=revision)
