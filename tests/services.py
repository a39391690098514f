"""Real PostgreSQL and Redis for tests: each run gets a database of its own and leaves nothing behind.

Without the server a test is skipped with the reason, or fails when ISTMO_REQUIRE_SERVICES is 1.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def postgres_url_for_tests() -> Iterator[str]:
    """The URL of a new, empty database, dropped afterwards. ISTMO_TEST_POSTGRES_URL names the server."""
    server = os.environ.get("ISTMO_TEST_POSTGRES_URL", _POSTGRES)
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        _missing(f"PostgreSQL does not answer at {server}: {error}")
    name = f"istmo_test_{secrets.token_hex(6)}"
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def redis_url_for_tests() -> Iterator[str]:
    """The URL of an empty numbered database, emptied afterwards. ISTMO_TEST_REDIS_URL names the server.

    Database 0 holds who uses which, so that two runs at once do not share one.
    """
    server = os.environ.get("ISTMO_TEST_REDIS_URL", _REDIS)
    with redis.Redis.from_url(_numbered(server, 0), socket_connect_timeout=3) as register:
        try:
            number = _take_number(register, server)
        except redis.ConnectionError as error:
            _missing(f"Redis does not answer at {server}: {error}")
        if number is None:
            _missing(f"no empty database among {_REDIS_DATABASES} at {server}")
        try:
            yield _numbered(server, number)
        finally:
            with redis.Redis.from_url(_numbered(server, number)) as used:
                used.flushdb()
            register.delete(f"{_TAKEN}:{number}")


def _take_number(register: redis.Redis, server: str) -> int | None:
    for number in _REDIS_DATABASES:
        if register.set(f"{_TAKEN}:{number}", os.getpid(), nx=True, ex=900):
            with redis.Redis.from_url(_numbered(server, number)) as candidate:
                if candidate.dbsize() == 0:
                    return number
            register.delete(f"{_TAKEN}:{number}")  # somebody's keys are in it: not ours to delete
    return None


def _numbered(server: str, number: int) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{number}"))


def _missing(reason: str) -> NoReturn:
    if os.environ.get("ISTMO_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
