"""What only PostgreSQL has: the tenant of row-level security, limits of a session, conflicts and broken connections."""

import asyncio
import threading

import psycopg
import pytest
import sqlalchemy as sa

from adapters.persistence.connection import CommitOutcomeUnknown, Connection, DatabaseUnavailable
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.statements import Statement
from tests.unit.persistence.schema import add_counter, add_paper, all_counters, all_papers, increase

pytestmark = pytest.mark.postgres

tenant = Statement(sa.text("SELECT current_setting('istmo.tenant_id', true) AS tenant"))
setting = Statement(sa.select(sa.func.current_setting(sa.bindparam("name")).label("value")))
nap = Statement(sa.text("SELECT CAST(pg_sleep(:seconds) AS TEXT) AS slept"))
backend = Statement(sa.text("SELECT pg_backend_pid() AS pid"))


async def test_sets_the_tenant_for_one_transaction_only(postgres: PostgresDatabase) -> None:
    quoted = "o'neill; \\ %s"
    for name in ("t1", quoted):
        for run in (postgres.write, postgres.claim, postgres.read_all):
            assert await run(lambda c: c.one(tenant)["tenant"], tenant_id=name) == name
        assert await postgres.read(tenant, tenant_id=name) == [{"tenant": name}]
    for _ in range(12):  # every thread of every pool
        for run in (postgres.write, postgres.claim, postgres.read_all):
            assert await run(lambda c: c.one(tenant)["tenant"], tenant_id=None) in {None, ""}


async def test_every_session_has_its_limits(empty_postgres: str) -> None:
    settings = PostgresSettings(
        url=empty_postgres, lock_timeout=1.5, statement_timeout=2.5, idle_in_transaction_timeout=3.5
    )
    database = PostgresDatabase(settings)
    await database.open()
    for run, read_only in ((database.write, "off"), (database.claim, "off"), (database.read_all, "on")):

        def limits(connection: Connection) -> list[str]:
            names = (
                "lock_timeout",
                "statement_timeout",
                "idle_in_transaction_session_timeout",
                "default_transaction_read_only",
                "synchronous_commit",
            )
            return [connection.one(setting, name=name)["value"] for name in names]

        assert await run(limits, tenant_id=None) == ["1500ms", "2500ms", "3500ms", read_only, "on"]
    await database.close()


async def test_repeats_a_unit_that_lost_a_deadlock(empty_postgres: str) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, lock_timeout=30))
    await database.open()
    for name in ("a", "b"):
        await database.write(lambda c, n=name: c.run(add_counter, tenant_id="t", name=n), tenant_id="t")  # type: ignore[misc]
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def crossing(first: str, second: str, *, meet: list[bool]) -> object:
        def unit(connection: Connection) -> None:
            runs.append(first)
            increase(connection, first)
            if meet:
                meet.clear()
                both_hold_one.wait(timeout=10)
            increase(connection, second)

        return unit

    await asyncio.gather(
        database.write(crossing("a", "b", meet=[True]), tenant_id="t"),  # type: ignore[arg-type]
        database.write(crossing("b", "a", meet=[True]), tenant_id="t"),  # type: ignore[arg-type]
    )
    assert len(runs) == 3
    rows = await database.read(all_counters, tenant_id="t")
    assert [row["value"] for row in rows] == [2, 2]
    await database.close()


async def test_gives_up_after_a_bounded_number_of_conflicts(empty_postgres: str) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, attempts=3))
    await database.open()
    conflict = Statement(
        sa.text("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = 'serialization_failure'; END $$")
    )
    runs: list[int] = []

    def losing(connection: Connection) -> None:
        runs.append(1)
        connection.run(conflict)

    with pytest.raises(DatabaseUnavailable, match="collided with others, 3 times"):
        await database.write(losing, tenant_id="t")
    assert len(runs) == 3
    await database.close()


async def test_a_lock_that_is_not_free_in_time_is_unavailable_and_holds_up_nothing_else(
    postgres: PostgresDatabase, empty_postgres: str
) -> None:
    await postgres.write(lambda c: c.run(add_counter, tenant_id="t", name="n"), tenant_id="t")
    with psycopg.connect(empty_postgres) as other:
        other.execute("SELECT * FROM counters FOR UPDATE")
        waiting = [asyncio.create_task(postgres.claim(lambda c: increase(c, "n"), tenant_id="t")) for _ in range(4)]
        assert await postgres.write(lambda c: c.run(add_paper, id="a", tenant_id="t", number=1), tenant_id="t")
        assert len(await postgres.read(all_papers, tenant_id="t")) == 1
        for outcome in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(outcome, DatabaseUnavailable)
            assert "lock was not free" in str(outcome)
    assert await postgres.claim(lambda c: increase(c, "n"), tenant_id="t") == 1


async def test_a_statement_that_takes_too_long_is_unavailable(empty_postgres: str) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, statement_timeout=0.05))
    await database.open()
    with pytest.raises(DatabaseUnavailable, match="too long"):
        await database.read(nap, tenant_id="t", seconds=30)
    with pytest.raises(DatabaseUnavailable, match="too long"):
        await database.write(lambda c: c.one(nap, seconds=30), tenant_id="t")
    await database.close()


async def test_replaces_connections_that_the_server_ended(postgres: PostgresDatabase, empty_postgres: str) -> None:
    with psycopg.connect(empty_postgres, autocommit=True) as admin:
        for _ in range(2):
            for run in (postgres.write, postgres.claim, postgres.read_all):
                pid = await run(lambda c: c.one(backend)["pid"], tenant_id="t")
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            (row,) = await postgres.read(backend, tenant_id=None)
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (row["pid"],))
        for number in range(1, 9):
            await postgres.write(
                lambda c, n=number: c.run(add_paper, id=f"p{n}", tenant_id="t", number=n),  # type: ignore[misc]
                tenant_id="t",
            )
    assert len(await postgres.read(all_papers, tenant_id=None)) == 8


async def test_repeats_a_unit_whose_connection_broke_before_the_commit(
    postgres: PostgresDatabase, empty_postgres: str
) -> None:
    pids: list[int] = []

    def unit(connection: Connection) -> int:
        pids.append(connection.one(backend)["pid"])
        connection.run(add_paper, id="a", tenant_id="t", number=1)
        if len(pids) == 1:
            with psycopg.connect(empty_postgres, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pids[0],))
        return connection.run(add_paper, id="b", tenant_id="t", number=2)

    assert await postgres.write(unit, tenant_id="t") == 1
    assert len(set(pids)) == 2
    assert len(await postgres.read(all_papers, tenant_id="t")) == 2


async def test_says_that_it_does_not_know_when_the_connection_breaks_at_the_commit(
    postgres: PostgresDatabase, empty_postgres: str
) -> None:
    runs: list[int] = []

    def unit(connection: Connection) -> None:
        runs.append(1)
        pid = connection.one(backend)["pid"]
        connection.run(add_paper, id="a", tenant_id="t", number=1)
        with psycopg.connect(empty_postgres, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    with pytest.raises(CommitOutcomeUnknown):
        await postgres.write(unit, tenant_id="t")
    assert runs == [1]


async def test_a_read_of_several_statements_sees_one_state(postgres: PostgresDatabase, empty_postgres: str) -> None:
    def unit(connection: Connection) -> tuple[int, int]:
        before = len(connection.execute(all_papers))
        with psycopg.connect(empty_postgres, autocommit=True) as other:
            other.execute("INSERT INTO papers (id, tenant_id, number) VALUES ('x', 't', 1)")
        return before, len(connection.execute(all_papers))

    assert await postgres.read_all(unit, tenant_id="t") == (0, 0)
    assert len(await postgres.read(all_papers, tenant_id="t")) == 1


async def test_refuses_more_than_may_wait(empty_postgres: str) -> None:
    database = PostgresDatabase(PostgresSettings(url=empty_postgres, writers=1, waiting=1))
    await database.open()
    gate = threading.Event()
    running = [asyncio.create_task(database.write(lambda _: gate.wait(), tenant_id="t")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(DatabaseUnavailable, match="waiting already"):
        await database.write(lambda _: None, tenant_id="t")
    gate.set()
    await asyncio.gather(*running)
    await database.write(lambda _: None, tenant_id="t")
    await database.close()


async def test_a_server_that_does_not_answer_is_unavailable_and_its_password_stays_hidden() -> None:
    settings = PostgresSettings(url="postgresql://postgres:geheim@127.0.0.1:1/test", connect_timeout=2)
    database = PostgresDatabase(settings)
    with pytest.raises(DatabaseUnavailable, match="no connection") as caught:
        await database.open()
    assert "geheim" not in f"{caught.value} {settings!r}"
