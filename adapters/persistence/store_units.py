"""The one place where a failure of a database becomes the ports' StoreUnavailableError."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from adapters.persistence.connection import Database, DatabaseUnavailable, T, Unit
from adapters.persistence.statements import DialectName, Row, Statement
from adapters.persistence.storable_text import storable, storable_text
from core.failures import StoreUnavailableError
from core.identifiers import TenantId

_log = logging.getLogger(__name__)

NOBODY = "\ufffd"


class StoreUnits:
    """Runs units and statements on a Database. ``tenant_id`` None is for the few look-ups that cross tenants.

    Every method raises StoreUnavailableError; what the unit itself raises passes through.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def dialect(self) -> DialectName:
        """Which engine it is, for the few things that are done in another way on each."""
        return self._database.dialect

    async def write(self, unit: Unit[T], *, tenant_id: TenantId | None) -> T:
        """The unit's result, after its commit is durable."""
        with _in_the_ports_words():
            return await self._database.write(unit, tenant_id=_named(tenant_id))

    async def claim(self, unit: Unit[T], *, tenant_id: TenantId | None) -> T:
        """As ``write``, for work that may wait for one locked row."""
        with _in_the_ports_words():
            return await self._database.claim(unit, tenant_id=_named(tenant_id))

    async def read(self, statement: Statement, *, tenant_id: TenantId | None, **params: Any) -> list[Row]:
        """The rows of one select. A tenant is given as the statement's parameter ``tenant`` too."""
        with _in_the_ports_words():
            own = {} if tenant_id is None else {"tenant": tenant_id}
            return await self._database.read(statement, tenant_id=_named(tenant_id), **storable(own | params))

    async def read_all(self, unit: Unit[T], *, tenant_id: TenantId | None) -> T:
        """The result of several selects that see one state."""
        with _in_the_ports_words():
            return await self._database.read_all(unit, tenant_id=_named(tenant_id))


def _named(tenant_id: TenantId | None) -> str | None:
    # Row-level security takes an empty name for none at all; it is a name that nobody has.
    return None if tenant_id is None else storable_text(tenant_id) or NOBODY


@contextmanager
def _in_the_ports_words() -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable as error:
        raise StoreUnavailableError from error
    except (sqlite3.Error, psycopg.Error) as error:
        _log.exception("the database failed in a way that its driver does not name")
        raise StoreUnavailableError from error
