"""Brings a database to a revision of the schema. Each call is one transaction: all of it or nothing."""

from pathlib import Path
from threading import Lock

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.persistence.schema_connection import schema_connection
from adapters.persistence.store_failures import SchemaUnknownError

_one_at_a_time = Lock()  # a step of alembic speaks to "the" connection of the process, whichever thread it runs in


def migrate(database_url: str, revision: str = "head") -> str:
    """Go up to ``revision`` and return the one that the database is at then. Does nothing when it is there.

    A lock that is not free within LOCK_TIMEOUT_SECONDS is given up, so that a waiting migration blocks no traffic.
    Raises StoreUnavailableError, SchemaUnknownError (the database is of a newer version), ValueError (the URL).
    """
    with _one_at_a_time, schema_connection(database_url) as connection:
        _refuse_unknown(connection)
        command.upgrade(_config(connection), revision)
        return _revision_of(connection) or ""


def migrate_down(database_url: str, revision: str) -> str | None:
    """Go down to ``revision``, or to ``base``: no table, and no data, is left. Raises as ``migrate``."""
    with _one_at_a_time, schema_connection(database_url) as connection:
        _refuse_unknown(connection)
        command.downgrade(_config(connection), revision)
        return _revision_of(connection)


def current_revision(database_url: str) -> str | None:
    """The revision that the database is at, None when it was never migrated. Raises as ``migrate``."""
    with schema_connection(database_url) as connection:
        return _revision_of(connection)


def head_revision() -> str:
    """The revision that this version of the program needs."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise SchemaUnknownError(revision="none")
    return head


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
