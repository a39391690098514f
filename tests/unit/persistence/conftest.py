"""Every executor of SQL over the same small schema."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.persistence.connection import Database
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.postgres_session import PostgresSettings
from adapters.persistence.sqlite_database import InlineSqliteDatabase, SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from tests.services import postgres_url_for_tests
from tests.unit.persistence.held_writer import Held
from tests.unit.persistence.schema import metadata

ENGINES = [
    pytest.param("sqlite"),
    pytest.param("inline"),
    pytest.param("postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_url_for_tests() as url:
        yield url


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    engine = sa.create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    metadata.create_all(engine)
    yield postgres_url
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "istmo.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(params=ENGINES)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    opened: Database
    if request.param == "postgres":
        opened = PostgresDatabase(PostgresSettings(url=request.getfixturevalue("empty_postgres")))
    else:
        settings = SqliteSettings(path=request.getfixturevalue("sqlite_file"))
        kind = SqliteDatabase if request.param == "sqlite" else InlineSqliteDatabase
        opened = kind(settings, metadata)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def postgres(empty_postgres: str) -> AsyncIterator[PostgresDatabase]:
    opened = PostgresDatabase(PostgresSettings(url=empty_postgres, lock_timeout=0.2))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def held(sqlite_file: Path) -> AsyncIterator[Held]:
    made = Held(sqlite_file)
    made.writer.start()
    yield made
    made.release()
    await asyncio.to_thread(made.writer.stop)
