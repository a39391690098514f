"""The migrations: up, down and up again, on both engines, ending in the tables that the program uses."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from adapters.persistence.application_role import OWNERS_ALONE
from adapters.persistence.migration import current_revision, head_revision, migrate, migrate_down
from adapters.persistence.store_failures import SchemaUnknownError
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError
from tests.services import postgres_url_for_tests


def tables_of(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_goes_up_down_and_up_again(database_url: str, engine: sa.Engine) -> None:
    assert current_revision(database_url) is None
    assert migrate(database_url) == head_revision() == current_revision(database_url)
    assert tables_of(engine) == set(metadata.tables)
    assert migrate_down(database_url, "base") is None
    assert tables_of(engine) == set()
    assert migrate(database_url) == head_revision()
    assert tables_of(engine) == set(metadata.tables)


def test_each_step_goes_down_and_up_alone(database_url: str) -> None:
    revision: str | None = migrate(database_url)
    while revision is not None:
        below = migrate_down(database_url, "-1")
        assert migrate(database_url, "+1") == revision
        revision = migrate_down(database_url, "-1")
        assert revision == below
    assert migrate(database_url) == head_revision()


def test_going_up_twice_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) == migrate(database_url)


def test_the_migrated_database_is_the_model(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_schema_is_the_same_text_as_the_models(tmp_path: Path) -> None:
    """Alembic compares neither the conditions of partial indexes nor STRICT; SQLite keeps the SQL itself."""
    migrate(f"sqlite:///{tmp_path}/migrated.db")
    engine = sa.create_engine(f"sqlite:///{tmp_path}/model.db", poolclass=sa.NullPool)
    metadata.create_all(engine)
    engine.dispose()
    assert sql_of(tmp_path / "migrated.db") == sql_of(tmp_path / "model.db")


@pytest.mark.postgres
def test_the_indexes_of_postgresql_are_the_models() -> None:
    with postgres_url_for_tests() as migrated, postgres_url_for_tests() as modelled:
        migrate(migrated)
        engine = sa.create_engine(modelled.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sa.NullPool)
        metadata.create_all(engine)
        assert definitions_of(migrated) == definitions_of(modelled)


def test_columns_are_integer_text_and_blob_only(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url)
    inspector = sa.inspect(engine)
    kinds = {str(column["type"]) for name in metadata.tables for column in inspector.get_columns(name)}
    assert kinds == (
        {"INTEGER", "TEXT", "BLOB"} if engine.dialect.name == "sqlite" else {"BIGINT", 'TEXT COLLATE "C"', "BYTEA"}
    )


def test_every_unique_key_of_tenants_begins_with_the_tenant_but_for_four(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url)
    inspector = sa.inspect(engine)
    global_keys = set()
    for name in set(metadata.tables) - OWNERS_ALONE:
        keys = [inspector.get_pk_constraint(name)["constrained_columns"]]
        keys += [constraint["column_names"] for constraint in inspector.get_unique_constraints(name)]
        keys += [index["column_names"] for index in inspector.get_indexes(name) if index["unique"]]
        global_keys |= {(name, *key) for key in keys if key[0] != "tenant_id"}
    assert global_keys == {
        ("tenants", "pac_company_id"),
        ("api_keys", "secret_digest"),
        ("documents", "expected_cufe", "environment"),
        ("onboardings", "ruc"),
    }


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        revisions = list(threads.map(migrate, [database_url] * 4))
    assert revisions == [head_revision()] * 4


def test_two_databases_are_migrated_from_one_process_at_once(tmp_path: Path) -> None:
    """Without the lock a step of the one may be done to the other."""
    urls = [f"sqlite:///{tmp_path}/istmo-{place}.db" for place in range(4)]
    with ThreadPoolExecutor(max_workers=4) as threads:
        assert list(threads.map(migrate, urls)) == [head_revision()] * 4


def test_a_newer_schema_is_left_alone(database_url: str, engine: sa.Engine) -> None:
    migrate(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'from the future'"))
    with pytest.raises(SchemaUnknownError):
        migrate(database_url)
    with pytest.raises(SchemaUnknownError):
        migrate_down(database_url, "base")
    assert tables_of(engine) == set(metadata.tables)


@pytest.mark.parametrize(
    "unreachable", ["sqlite:////proc/none/istmo.db", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"]
)
def test_a_database_that_is_away_is_told(unreachable: str) -> None:
    with pytest.raises(StoreUnavailableError):
        migrate(unreachable)


@pytest.mark.parametrize("wrong", ["", "sqlite://", "sqlite:///", "mysql://user:hunter2@host/db", "istmo.db"])
def test_a_url_that_is_none_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValueError, match="a database URL is") as refused:
        migrate(wrong)
    assert "hunter2" not in str(refused.value)


def sql_of(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"
    ).fetchall()
    connection.close()
    return sorted((name, "\n".join(_parts_of(sql))) for name, sql in rows)


def _parts_of(sql: str) -> list[str]:
    """The columns and constraints of a statement; a column that was added later stands on the line before it."""
    parts = (part.strip(" ,\t") for line in sql.splitlines() for part in line.split(", "))
    return sorted(part for part in parts if part)


def definitions_of(database_url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(database_url) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable, coalesce(collation_name, '')"
            " FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        ).fetchall()
    return sorted(indexes) + sorted(columns)
