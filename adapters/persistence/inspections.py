"""Opens what looks at an installation from outside, on connections of its own: it holds up nobody."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from adapters.persistence.connection import Database, DatabaseUnavailable
from adapters.persistence.database_url import DatabaseSettings, database_settings
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.sql_inspection import SqlStoreInspection
from adapters.persistence.sql_work_gauges import SqlWorkGauges
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError
from core.ports.store_inspection import StoreInspection
from core.ports.work_gauges import WorkGauges

READ_SECONDS_MAX = 600.0
GAUGE_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInspection:
    """The inspection and how to close its connections."""

    store: StoreInspection
    close: Callable[[], Awaitable[None]] = field(repr=False)


async def open_inspection(database: str | DatabaseSettings) -> OpenedInspection:
    """Connect; the caller awaits ``close()``. The role must own the tables: the doctor looks at every tenant.

    Raises StoreUnavailableError, and ValueError for a URL that is none.
    """
    opened = await _open(database, seconds=READ_SECONDS_MAX)
    return OpenedInspection(store=SqlStoreInspection(StoreUnits(opened)), close=opened.close)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGauges:
    """The gauges and how to close their connections."""

    gauges: WorkGauges
    close: Callable[[], Awaitable[None]] = field(repr=False)


async def open_gauges(database: str | DatabaseSettings) -> OpenedGauges:
    """Connect, as the application or the owner; the caller awaits ``close()``. Raises as above."""
    opened = await _open(database, seconds=GAUGE_SECONDS_MAX)
    return OpenedGauges(gauges=SqlWorkGauges(StoreUnits(opened)), close=opened.close)


async def _open(database: str | DatabaseSettings, *, seconds: float) -> Database:
    settings = database_settings(database) if isinstance(database, str) else database
    opened: Database
    if isinstance(settings, SqliteSettings):
        opened = SqliteDatabase(replace(settings, read_timeout=seconds, readers=1), metadata)
    else:
        opened = PostgresDatabase(replace(settings, writers=1, claimers=1, readers=1, statement_timeout=seconds))
    try:
        await opened.open()
    except DatabaseUnavailable as error:
        raise StoreUnavailableError from error
    return opened
