"""Every implementation of the stores, empty: the suites here say what each port promises, whoever keeps it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.application_role import grant_to_application
from adapters.persistence.in_memory_store import (
    InMemoryDepartureLog,
    InMemoryFileStore,
    InMemoryHighWaterMarks,
    InMemoryStore,
    in_memory_stores,
)
from adapters.persistence.migration import migrate
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sqlite_database import InlineSqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.stores import Stores, open_stores, sql_stores
from adapters.persistence.tables import metadata
from core.identifiers import TenantId
from tests.builders import a_tenant
from tests.services import PostgresRoles, postgres_roles_for_tests

KEY = bytes(range(32))


@pytest.fixture(scope="session")
def postgres_roles() -> Iterator[PostgresRoles]:
    """A migrated database: everything here runs on it as the application role, bound by row-level security."""
    with postgres_roles_for_tests() as roles:
        migrate(roles.owner_url)
        assert grant_to_application(roles.owner_url, roles.application_role)
        yield roles


@pytest.fixture
def empty_postgres_roles(postgres_roles: PostgresRoles) -> PostgresRoles:
    emptying = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608
    with psycopg.connect(postgres_roles.superuser_url) as connection:
        connection.execute(emptying.encode())
    return postgres_roles


@pytest.fixture
def empty_postgres_url(empty_postgres_roles: PostgresRoles) -> str:
    return empty_postgres_roles.application_url


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "istmo.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "istmo.db"
    shutil.copyfile(migrated_sqlite_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture(params=["memory", "sqlite", "inline", pytest.param("postgres", marks=pytest.mark.postgres)])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    if request.param == "memory":
        yield in_memory_stores()
        return
    if request.param == "inline":  # the simulation's executor: the same SQL in the event loop
        path = Path(request.getfixturevalue("empty_sqlite_url").removeprefix("sqlite:///"))
        memory = InMemoryStore()
        inline = InlineSqliteDatabase(SqliteSettings(path=path), metadata)
        await inline.open()
        yield sql_stores(
            inline,
            box=SecretBox(KEY),
            files=InMemoryFileStore(memory),
            marks=InMemoryHighWaterMarks(memory),
            departures=InMemoryDepartureLog(memory),
        )
        await inline.close()
        return
    url = request.getfixturevalue(f"empty_{request.param}_url")
    opened = await open_stores(url, secrets_key=KEY, files_folder=tmp_path / "files", marks_folder=tmp_path / "marks")
    yield opened
    await opened.close()


@pytest.fixture
async def operator_stores(stores: Stores, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    """The same data as an operator's command sees it: on PostgreSQL over the owner's connection."""
    if "empty_postgres_roles" not in request.fixturenames:
        yield stores
        return
    roles: PostgresRoles = request.getfixturevalue("empty_postgres_roles")
    opened = await open_stores(roles.owner_url, secrets_key=KEY, files_folder=tmp_path, marks_folder=tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def tenant_id(stores: Stores) -> TenantId:
    tenant = a_tenant()
    await stores.directory.add_tenant(tenant)
    return tenant.tenant_id


@pytest.fixture
async def stranger_id(stores: Stores) -> TenantId:
    """Another tenant of the same installation, who must see nothing of the first."""
    tenant = a_tenant()
    await stores.directory.add_tenant(tenant)
    return tenant.tenant_id
