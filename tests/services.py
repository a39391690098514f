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
_LOCK = "istmo:tests"


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
    """The URL of an empty numbered database, emptied afterwards. ISTMO_TEST_REDIS_URL names the server."""
    server = os.environ.get("ISTMO_TEST_REDIS_URL", _REDIS)
    for number in _REDIS_DATABASES:
        url = urlunsplit(urlsplit(server)._replace(path=f"/{number}"))
        client = redis.Redis.from_url(url, socket_connect_timeout=3)
        try:
            ours = client.set(_LOCK, os.getpid(), nx=True, ex=900)
            if ours and client.dbsize() == 1:
                client.delete(_LOCK)
                break
            if ours:  # somebody else's keys: not ours to delete
                client.delete(_LOCK)
        except redis.ConnectionError as error:
            _missing(f"Redis does not answer at {server}: {error}")
        client.close()
    else:
        _missing(f"no empty database among {_REDIS_DATABASES} at {server}")
    try:
        yield url
    finally:
        client.flushdb()
        client.close()


def _missing(reason: str) -> NoReturn:
    if os.environ.get("ISTMO_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
