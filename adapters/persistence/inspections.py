"""Opens the inspection of an installation, on connections of its own: it may read for long and holds up nobody."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from adapters.persistence.connection import Database, DatabaseUnavailable
from adapters.persistence.database_url import DatabaseSettings, database_settings
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.sql_inspection import SqlStoreInspection
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError
from core.ports.store_inspection import StoreInspection

READ_SECONDS_MAX = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInspection:
    """The inspection and how to close its connections."""

    store: StoreInspection
    close: Callable[[], Awaitable[None]] = field(repr=False)


async def open_inspection(database: str | DatabaseSettings) -> OpenedInspection:
    """Connect; the caller awaits ``close()``. The role must own the tables: the doctor looks at every tenant.

    Raises StoreUnavailableError, and ValueError for a URL that is none.
    """
    settings = database_settings(database) if isinstance(database, str) else database
    opened: Database
    if isinstance(settings, SqliteSettings):
        opened = SqliteDatabase(replace(settings, read_timeout=READ_SECONDS_MAX, readers=1), metadata)
    else:
        opened = PostgresDatabase(
            replace(settings, writers=1, claimers=1, readers=1, statement_timeout=READ_SECONDS_MAX)
        )
    try:
        await opened.open()
    except DatabaseUnavailable as error:
        raise StoreUnavailableError from error
    return OpenedInspection(store=SqlStoreInspection(StoreUnits(opened)), close=opened.close)
