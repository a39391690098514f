"""A process whose database can be read and not written any more is not ready."""

from pathlib import Path

import pytest

from adapters.persistence.connection import CommitOutcomeUnknown, Connection
from adapters.persistence.in_memory_store import in_memory_stores
from adapters.persistence.migration import migrate
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.stores import sql_stores
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError


async def test_a_dead_writer_is_told_although_reads_still_work(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/istmo.db")
    database = SqliteDatabase(SqliteSettings(path=tmp_path / "istmo.db"), metadata)
    await database.open()
    memory = in_memory_stores()
    stores = sql_stores(
        database, box=SecretBox(bytes(32)), files=memory.files, marks=memory.marks, departures=memory.departures
    )
    try:
        await stores.prove_writable()

        def kill_the_writer(connection: Connection) -> None:
            connection._driver.cursor().connection.close()  # what nothing foresees

        with pytest.raises(CommitOutcomeUnknown):
            await database.write(kill_the_writer, tenant_id=None)
        assert await stores.directory.tenants(limit=1) == ()
        with pytest.raises(StoreUnavailableError):
            await stores.prove_writable()
    finally:
        await stores.close()
