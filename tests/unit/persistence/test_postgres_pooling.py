"""Behind a pooler in transaction mode nothing may rest on the session: another one answers each transaction."""

import os
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
import sqlalchemy as sa

from adapters.persistence.connection import Connection, DatabaseUnavailable
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.postgres_session import PostgresSettings, connect, stands_behind_a_pooler
from adapters.persistence.statements import Statement
from tests.services import postgres_roles_for_tests
from tests.unit.persistence.schema import add_paper, all_papers

pytestmark = pytest.mark.postgres

NAMES = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "synchronous_commit")
NAP = Statement(sa.text("SELECT CAST(pg_sleep(:seconds) AS TEXT) AS slept"))
setting = Statement(sa.select(sa.func.current_setting(sa.bindparam("name"), sa.true()).label("value")))
prepared = Statement(sa.text("SELECT count(*) AS count FROM pg_prepared_statements"))
spoil = Statement(
    sa.text(
        "DO $$ BEGIN SET SESSION lock_timeout = 0; SET SESSION statement_timeout = 0;"
        " SET SESSION idle_in_transaction_session_timeout = 0; SET SESSION synchronous_commit = off;"
        " SET SESSION istmo.tenant_id = 'of another client'; END $$"
    )
)


@pytest.fixture
async def pooled(empty_postgres: str) -> AsyncIterator[PostgresDatabase]:
    settings = PostgresSettings(
        url=empty_postgres,
        pooled=True,
        writers=1,
        claimers=1,
        readers=1,
        lock_timeout=1.5,
        statement_timeout=2.5,
        idle_in_transaction_timeout=3.5,
    )
    database = PostgresDatabase(settings)
    await database.open()
    yield database
    await database.close()


def limits(connection: Connection) -> list[str]:
    return [connection.one(setting, name=name)["value"] for name in (*NAMES, "istmo.tenant_id")]


async def test_limits_and_tenant_hold_in_each_transaction_whatever_the_session_says(pooled: PostgresDatabase) -> None:
    for run in (pooled.write, pooled.claim, pooled.read_all):
        for _ in range(2):
            assert await run(limits, tenant_id="t") == ["1500ms", "2500ms", "3500ms", "on", "t"]
            await run(lambda connection: connection.run(spoil), tenant_id="t")


async def test_readers_stay_read_only(pooled: PostgresDatabase) -> None:
    with pytest.raises(DatabaseUnavailable, match="read-only"):
        await pooled.read_all(lambda c: c.run(add_paper, id="a", tenant_id="t", number=1), tenant_id="t")


async def test_a_single_read_is_bounded_too(empty_postgres: str) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, pooled=True, statement_timeout=0.05))
    await database.open()
    with pytest.raises(DatabaseUnavailable, match="too long"):
        await database.read(NAP, tenant_id=None, seconds=30)
    assert await database.read(all_papers, tenant_id=None) == []
    await database.close()


@pytest.mark.parametrize("is_pooled", [True, False])
async def test_statements_are_prepared_only_where_the_session_is_ours(empty_postgres: str, is_pooled: bool) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, pooled=is_pooled, readers=1))
    await database.open()
    for _ in range(10):
        await database.read(all_papers, tenant_id="t")
    count = await database.read_all(lambda connection: connection.one(prepared)["count"], tenant_id="t")
    assert (count == 0) is is_pooled
    await database.close()


def test_a_server_of_ones_own_is_no_pooler(empty_postgres: str) -> None:
    with connect(PostgresSettings(url=empty_postgres)) as raw:
        assert not stands_behind_a_pooler(raw)


@pytest.fixture
def through_a_pooler() -> Iterator[str]:
    if "ISTMO_TEST_POSTGRES_POOLER" not in os.environ:
        pytest.skip("ISTMO_TEST_POSTGRES_POOLER names no PgBouncer")
    with postgres_roles_for_tests() as roles:
        yield roles.application_url


async def test_a_pooler_is_found_out(through_a_pooler: str) -> None:
    with connect(PostgresSettings(url=through_a_pooler)) as raw:
        assert stands_behind_a_pooler(raw)
    with pytest.raises(psycopg.OperationalError):  # why no start-up options are sent
        psycopg.connect(through_a_pooler, options="-c lock_timeout=1000")
    database = PostgresDatabase(PostgresSettings(url=through_a_pooler, lock_timeout=1.5))
    await database.open()
    found = await database.write(limits, tenant_id="t")
    assert (found[0], found[-1]) == ("1500ms", "t")
    await database.close()
