"""One contract for every executor of units: SQLite's writer thread, inline SQLite and PostgreSQL's threads."""

import asyncio

import pytest
import sqlalchemy as sa

from adapters.persistence.connection import (
    Connection,
    Database,
    DatabaseUnavailable,
    IntegrityViolation,
    UniqueViolation,
    UnitBroken,
)
from adapters.persistence.statements import Row, Statement, insert_into, one_of
from tests.unit.persistence.schema import (
    add_counter,
    add_paper,
    all_counters,
    all_papers,
    counters,
    increase,
    papers,
)


async def write(database: Database, name: str, number: int, follows: str | None = None) -> int:
    return await database.write(
        lambda c: c.run(add_paper, id=name, tenant_id="t", number=number, follows=follows), tenant_id="t"
    )


async def ids(database: Database) -> list[str]:
    return [row["id"] for row in await database.read(all_papers, tenant_id="t")]


async def test_gives_back_what_was_written_by_column_name(database: Database) -> None:
    number = 2**62
    body = b"\x00\xff exact"
    written = await database.write(
        lambda c: c.run(add_paper, id="á", tenant_id="t", number=number, body=body), tenant_id="t"
    )
    assert written == 1
    expected: Row = {
        "id": "á",
        "tenant_id": "t",
        "number": number,
        "state": "open",
        "body": body,
        "follows": None,
    }
    assert await database.read(all_papers, tenant_id="t") == [expected]
    assert await database.read(all_papers, tenant_id=None) == [expected]
    assert await database.read_all(lambda c: c.one(all_papers), tenant_id="t") == expected


async def test_returns_the_rows_that_an_insert_returns(database: Database) -> None:
    statement = Statement(
        sa.insert(papers)
        .values(id=sa.bindparam("id"), tenant_id="t", number=3)
        .returning(papers.c.number, papers.c.state)
    )
    assert await database.write(lambda c: c.one(statement, id="a"), tenant_id="t") == {"number": 3, "state": "open"}
    assert await ids(database) == ["a"]


async def test_updates_on_conflict_alike(database: Database) -> None:
    statement = Statement(
        lambda dialect: (
            insert_into(dialect, counters)
            .values(tenant_id="t", name="n", value=sa.bindparam("value"))
            .on_conflict_do_update(
                index_elements=["tenant_id", "name"], set_={"value": counters.c.value + sa.bindparam("value")}
            )
        )
    )
    for _ in range(2):
        await database.write(lambda c: c.run(statement, value=5), tenant_id="t")
    assert await database.read(all_counters, tenant_id="t") == [{"name": "n", "value": 10}]


async def test_finds_rows_by_lists_of_any_length(database: Database) -> None:
    for number in range(1, 5):
        await write(database, f"p{number}", number)
    by_id = Statement(sa.select(papers.c.number).where(one_of(papers.c.id, "ids")).order_by(papers.c.number))
    by_number = Statement(sa.select(papers.c.number).where(one_of(papers.c.number, "numbers")))
    assert await database.read(by_id, tenant_id="t", ids=["p3", "p1", "p9"]) == [{"number": 1}, {"number": 3}]
    assert await database.read(by_id, tenant_id="t", ids=[]) == []
    assert await database.read(by_number, tenant_id="t", numbers=[4]) == [{"number": 4}]


async def test_answers_an_integer_for_a_sum(database: Database) -> None:
    await write(database, "a", 2**40)
    await write(database, "b", 1)
    total = Statement(sa.select(sa.func.sum(papers.c.number).label("total")))
    (row,) = await database.read(total, tenant_id="t")
    assert row == {"total": 2**40 + 1}
    assert type(row["total"]) is int


async def test_runs_one_statement_for_many_rows(database: Database) -> None:
    rows = [{"id": f"p{number}", "tenant_id": "t", "number": number} for number in range(1, 30)]
    assert await database.write(lambda c: c.run_many(add_paper, rows), tenant_id="t") == 29
    assert await database.write(lambda c: c.run_many(add_paper, []), tenant_id="t") == 0
    assert len(await ids(database)) == 29


async def test_undoes_a_unit_that_raises_and_hands_its_exception_over(database: Database) -> None:
    def unit(connection: Connection) -> None:
        connection.run(add_paper, id="a", tenant_id="t", number=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(unit, tenant_id="t")
    assert await ids(database) == []


@pytest.mark.parametrize("thrown", [StopIteration(), SystemExit(3), asyncio.CancelledError(), GeneratorExit()])
async def test_survives_a_unit_that_raises_what_no_future_can_carry(database: Database, thrown: BaseException) -> None:
    def unit(connection: Connection) -> None:
        connection.run(add_paper, id="a", tenant_id="t", number=1)
        raise thrown

    with pytest.raises(RuntimeError, match="the unit raised"):
        await database.write(unit, tenant_id="t")
    assert await ids(database) == []


async def test_names_the_broken_unique_key_alike(database: Database) -> None:
    await write(database, "a", 1)
    await write(database, "b", 2, "a")
    for attempt, key in [
        (write(database, "a", 9), "papers_pkey"),
        (write(database, "c", 1), "uq_papers_number"),
        (write(database, "c", 3, "a"), "uq_papers_one_open_follower"),
    ]:
        with pytest.raises(UniqueViolation) as caught:
            await attempt
        assert caught.value.constraint == key
    assert await ids(database) == ["a", "b"]


async def test_tells_other_broken_constraints_from_unique_ones(database: Database) -> None:
    with pytest.raises(IntegrityViolation):
        await write(database, "a", 0)
    with pytest.raises(IntegrityViolation):
        await write(database, "a", 1, "nobody")


async def test_refuses_to_commit_a_unit_that_swallowed_an_error(database: Database) -> None:
    await write(database, "a", 1)

    def unit(connection: Connection) -> None:
        connection.run(add_paper, id="b", tenant_id="t", number=2)
        try:
            connection.run(add_paper, id="a", tenant_id="t", number=3)
        except UniqueViolation:
            return

    with pytest.raises(UnitBroken):
        await database.write(unit, tenant_id="t")
    assert await ids(database) == ["a"]


async def test_refuses_further_statements_after_a_failed_one(database: Database) -> None:
    await write(database, "a", 1)

    def unit(connection: Connection) -> None:
        try:
            connection.run(add_paper, id="a", tenant_id="t", number=3)
        except UniqueViolation:
            connection.run(add_paper, id="b", tenant_id="t", number=2)

    with pytest.raises(UnitBroken):
        await database.write(unit, tenant_id="t")
    assert await ids(database) == ["a"]


async def test_goes_on_after_an_error_inside_a_savepoint(database: Database) -> None:
    await write(database, "a", 1)

    def unit(connection: Connection) -> str:
        with connection.savepoint():
            connection.run(add_paper, id="before", tenant_id="t", number=2)
        try:
            with connection.savepoint():
                connection.run(add_paper, id="undone", tenant_id="t", number=3)
                connection.run(add_paper, id="a", tenant_id="t", number=4)
        except UniqueViolation as error:
            connection.run(add_paper, id="after", tenant_id="t", number=5)
            return error.constraint
        return ""

    assert await database.write(unit, tenant_id="t") == "papers_pkey"
    assert await ids(database) == ["a", "after", "before"]


async def test_refuses_a_coroutine_function_as_a_unit(database: Database) -> None:
    async def unit(connection: Connection) -> None:
        connection.run(add_paper, id="a", tenant_id="t", number=1)

    with pytest.raises(TypeError, match="plain function"):
        _ = await database.write(unit, tenant_id="t")
    assert await ids(database) == []


async def test_concurrent_units_lose_no_increment(database: Database) -> None:
    await database.write(lambda c: c.run(add_counter, tenant_id="t", name="n"), tenant_id="t")
    seen = await asyncio.gather(
        *(database.write(lambda c: increase(c, "n"), tenant_id="t") for _ in range(50)),
        *(database.claim(lambda c: increase(c, "n"), tenant_id="t") for _ in range(50)),
    )
    assert sorted(seen) == list(range(1, 101))
    assert await database.read(all_counters, tenant_id="t") == [{"name": "n", "value": 100}]


async def test_keeps_the_unit_of_a_caller_that_was_cancelled(database: Database) -> None:
    task = asyncio.create_task(write(database, "a", 1))
    await asyncio.sleep(0)  # the unit is accepted now
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await write(database, "b", 2)
    while await ids(database) != ["a", "b"]:  # noqa: ASYNC110 - PostgreSQL's threads do not keep order
        await asyncio.sleep(0.001)


async def test_a_read_of_several_statements_refuses_to_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-only|right now"):
        await database.read_all(lambda c: c.run(add_paper, id="a", tenant_id="t", number=1), tenant_id="t")
    await write(database, "b", 1)
    assert await ids(database) == ["b"]


async def test_a_read_of_several_statements_keeps_its_result_after_raising(database: Database) -> None:
    def unit(connection: Connection) -> None:
        connection.execute(all_papers)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.read_all(unit, tenant_id="t")
    assert await database.read_all(lambda c: c.execute(all_papers), tenant_id="t") == []


async def test_says_so_when_one_row_is_none_or_several(database: Database) -> None:
    with pytest.raises(LookupError, match="no row"):
        await database.read_all(lambda c: c.one(all_papers), tenant_id="t")
    assert await database.read_all(lambda c: c.one_or_none(all_papers), tenant_id="t") is None
    await write(database, "a", 1)
    await write(database, "b", 2)
    with pytest.raises(LookupError, match="2 rows"):
        await database.read_all(lambda c: c.one_or_none(all_papers), tenant_id="t")


async def test_refuses_columns_that_share_a_name_instead_of_losing_one(database: Database) -> None:
    statement = Statement(sa.text("SELECT 1 AS id, 2 AS id"))
    with pytest.raises(TypeError, match="share a name"):
        await database.read(statement, tenant_id="t")


async def test_refuses_everything_after_it_was_closed(database: Database) -> None:
    await database.close()
    with pytest.raises(DatabaseUnavailable):
        await write(database, "a", 1)
    with pytest.raises(DatabaseUnavailable):
        await database.read(all_papers, tenant_id="t")
    with pytest.raises(DatabaseUnavailable):
        await database.read_all(lambda c: c.execute(all_papers), tenant_id="t")
    await database.close()  # harmless when repeated
