"""Migrations with data in the tables: rows survive, steps only add, and yesterday's program works on today's schema."""

from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from adapters.persistence import migrations
from adapters.persistence.migration import migrate, migrate_down
from tests.unit.persistence.rows import a_row_of_everything

FIRST_THAT_ONLY_ADDS = "0004"  # nothing was released before it


def _revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


REVISIONS = _revisions()
ADDING = [pair for pair in pairwise(REVISIONS) if pair[1] >= FIRST_THAT_ONLY_ADDS]

Rows = dict[str, list[dict[str, Any]]]


def schema_of(engine: sa.Engine) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


def put_rows(engine: sa.Engine, schema: sa.MetaData, *tenant_ids: str) -> None:
    with engine.begin() as connection:
        for tenant_id in tenant_ids:
            for name, row in a_row_of_everything(tenant_id, schema).items():
                connection.execute(sa.insert(schema.tables[name]), row)


def rows_of(engine: sa.Engine, schema: sa.MetaData) -> Rows:
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for name, table in schema.tables.items()
        }


def common(rows: Rows, schema: sa.MetaData) -> Rows:
    """The rows, without the tables and columns that the schema does not have."""
    return {
        name: [{column: value for column, value in row.items() if column in schema.tables[name].c} for row in found]
        for name, found in rows.items()
        if name in schema.tables
    }


@pytest.mark.parametrize("start", REVISIONS)
def test_rows_survive_the_way_up_and_back(database_url: str, engine: sa.Engine, start: str) -> None:
    migrate(database_url, start)
    before = schema_of(engine)
    put_rows(engine, before, "t1", "t2")
    rows = rows_of(engine, before)
    assert all(len(found) == 2 for found in rows.values())
    migrate(database_url)
    assert common(rows_of(engine, schema_of(engine)), before) == rows
    migrate_down(database_url, start)
    assert rows_of(engine, schema_of(engine)) == rows
    migrate(database_url)
    assert common(rows_of(engine, schema_of(engine)), before) == rows


def test_the_way_down_keeps_what_each_earlier_schema_can_hold(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url)
    put_rows(engine, schema_of(engine), "t1", "t2")
    rows = rows_of(engine, schema_of(engine))
    for revision in REVISIONS[-2::-1]:
        migrate_down(database_url, revision)
        schema = schema_of(engine)
        assert rows_of(engine, schema) == common(rows, schema), revision
        assert schema.tables


@pytest.mark.parametrize(("before", "after"), ADDING)
def test_a_step_only_adds(database_url: str, engine: sa.Engine, before: str, after: str) -> None:
    migrate(database_url, before)
    old = schema_of(engine)
    migrate(database_url, after)
    new = schema_of(engine)
    assert set(old.tables) <= set(new.tables)
    for name, table in old.tables.items():
        added = new.tables[name]
        for column in table.c:
            kept = added.c[column.name]
            assert (str(kept.type), kept.nullable) == (str(column.type), column.nullable), f"{name}.{column.name}"
        for column in added.c:
            if column.name not in table.c:
                assert column.nullable or column.server_default is not None, f"{name}.{column.name}"
        # a new key, reference or check could refuse what the old program writes
        assert keys_of(added) == keys_of(table)


def keys_of(table: sa.Table) -> set[tuple[str, str, tuple[str, ...]]]:
    """What can refuse a row: keys, references, checks and unique indexes."""
    keys = {
        (type(one).__name__, str(one.name), tuple(column.name for column in getattr(one, "columns", ())))
        for one in table.constraints
    }
    return keys | {
        ("Index", str(index.name), tuple(column.name for column in index.columns))
        for index in table.indexes
        if index.unique
    }


@pytest.mark.parametrize(("before", "after"), ADDING)
def test_what_the_program_before_writes_fits_the_schema_after(
    database_url: str, engine: sa.Engine, before: str, after: str
) -> None:
    migrate(database_url, before)
    old = schema_of(engine)
    put_rows(engine, old, "before")
    migrate(database_url, after)
    put_rows(engine, old, "after")
    with engine.begin() as connection:
        for name, table in old.tables.items():
            columns = {column.name: column for column in table.c if not column.primary_key}
            same = {name: column for name, column in columns.items() if column.name != "tenant_id"}
            if same:
                connection.execute(sa.update(table).values(same))
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 2, name
        for table in reversed(old.sorted_tables):
            connection.execute(sa.delete(table))
