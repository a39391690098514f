"""Real PostgreSQL and Redis for tests: each run gets a database of its own and leaves nothing behind.

Without the server a test is skipped with the reason, or fails when ISTMO_REQUIRE_SERVICES is 1.
"""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from psycopg import sql

_POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
_REDIS = "redis://127.0.0.1:6379"
_REDIS_DATABASES = range(1, 16)
_TAKEN = "istmo:tests:taken"
_LEFT = "istmo:tests:left"  # taken and not given back: what lies there is a killed run's
_TAKEN_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresRoles:
    """One new database as its superuser, as its owner and as an application role that owns nothing see it."""

    superuser_url: str
    owner_url: str
    application_url: str
    application_role: str


@contextmanager
def postgres_url_for_tests() -> Iterator[str]:
    """The superuser's URL of a new, empty database, dropped afterwards. ISTMO_TEST_POSTGRES_URL names the server."""
    with _postgres() as (admin, server), _new_database(admin) as name:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextmanager
def postgres_roles_for_tests() -> Iterator[PostgresRoles]:
    """A new, empty database with an owner and an application role of its own; database and roles are dropped after.

    With ISTMO_TEST_POSTGRES_POOLER (HOST:PORT of a PgBouncer before that server) the application goes through it.
    """
    with (
        _postgres() as (admin, server),
        _new_role(admin) as owner,
        _new_role(admin) as application,
        _new_database(admin, owner=owner.name) as name,
    ):
        yield PostgresRoles(
            superuser_url=urlunsplit(urlsplit(server)._replace(path=f"/{name}")),
            owner_url=owner.url(server, name),
            application_url=application.url(server, name, through=os.environ.get("ISTMO_TEST_POSTGRES_POOLER")),
            application_role=application.name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    name: str
    password: str

    def url(self, server: str, database: str, *, through: str | None = None) -> str:
        parts = urlsplit(server)
        place = through or parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{self.name}:{self.password}@{place}", path=f"/{database}"))


@contextmanager
def _postgres() -> Iterator[tuple[psycopg.Connection, str]]:
    server = os.environ.get("ISTMO_TEST_POSTGRES_URL", _POSTGRES)
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        _missing(f"PostgreSQL does not answer at {server}: {error}")
    with admin:
        yield admin, server


@contextmanager
def _new_role(admin: psycopg.Connection) -> Iterator[_Login]:
    login = _Login(name=f"istmo_test_{secrets.token_hex(6)}", password=secrets.token_hex(16))
    options = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD {}").format(login.password)
    admin.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(login.name), options))
    try:
        yield login
    finally:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login.name)))


@contextmanager
def _new_database(admin: psycopg.Connection, *, owner: str | None = None) -> Iterator[str]:
    name = f"istmo_test_{secrets.token_hex(6)}"
    belongs = sql.SQL("") if owner is None else sql.SQL(" OWNER {}").format(sql.Identifier(owner))
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + belongs)
    try:
        yield name
    finally:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def redis_url_for_tests() -> Iterator[str]:
    """The URL of an empty numbered database, emptied afterwards. ISTMO_TEST_REDIS_URL names the server.

    Database 0 holds who uses which until the end, so that two runs at once do not share one. A run that was killed
    gives its database up after _TAKEN_SECONDS; one that lives renews its claim.
    """
    server = os.environ.get("ISTMO_TEST_REDIS_URL", _REDIS)
    with redis.Redis.from_url(_numbered(server, 0), socket_connect_timeout=3) as register:
        owner = f"{os.getpid()}:{secrets.token_hex(8)}"
        try:
            number = _take_number(register, server, owner)
        except redis.ConnectionError as error:
            _missing(f"Redis does not answer at {server}: {error}")
        if number is None:
            _missing(f"no free database among {_REDIS_DATABASES} at {server}")
        key = f"{_TAKEN}:{number}"
        ended = threading.Event()
        renewing = threading.Thread(target=_renew, args=(server, key, owner, ended), daemon=True)
        renewing.start()
        try:
            yield _numbered(server, number)
        finally:
            ended.set()
            renewing.join()
            if register.get(key) == owner.encode():  # else it ran out, and what lies there may be another run's
                with redis.Redis.from_url(_numbered(server, number)) as used:
                    used.flushdb()
                register.srem(_LEFT, str(number))
                register.delete(key)


def _take_number(register: redis.Redis, server: str, owner: str) -> int | None:
    for number in _REDIS_DATABASES:
        key = f"{_TAKEN}:{number}"
        if not register.set(key, owner, nx=True, ex=_TAKEN_SECONDS):
            continue
        with redis.Redis.from_url(_numbered(server, number)) as candidate:
            if candidate.dbsize() == 0 or register.sismember(_LEFT, str(number)):
                candidate.flushdb()  # empty, or left by a run of ours that was killed
                register.sadd(_LEFT, str(number))
                return number
        register.delete(key)  # somebody's keys are in it: not ours to delete
    return None


def _renew(server: str, key: str, owner: str, ended: threading.Event) -> None:
    with redis.Redis.from_url(_numbered(server, 0)) as register:
        while not ended.wait(_TAKEN_SECONDS / 4):
            try:
                if register.get(key) == owner.encode():
                    register.expire(key, _TAKEN_SECONDS)
            except redis.ConnectionError:
                return  # a test stopped the server: the run is over for this database


def _numbered(server: str, number: int) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{number}"))


def _missing(reason: str) -> NoReturn:
    if os.environ.get("ISTMO_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
