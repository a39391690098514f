"""A migration whose process is killed half-way leaves nothing, and the next one succeeds."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.migration import current_revision, head_revision, migrate
from tests.services import postgres_url_for_tests

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from adapters.persistence.migration import migrate; migrate(sys.argv[1])"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND wait_event_type = 'Lock'"
)
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came about")


def test_a_migration_that_is_killed_half_way_leaves_nothing() -> None:
    with postgres_url_for_tests() as url:
        with psycopg.connect(url) as obstacle, psycopg.connect(url, autocommit=True) as onlooker:

            def count(query: str) -> int:
                row = onlooker.execute(query.encode()).fetchone()
                return 0 if row is None else row[0]

            obstacle.execute("CREATE TABLE webhook_deliveries (x int)")  # the third step waits for this name
            migrating = subprocess.Popen([sys.executable, "-c", PROGRAM, url], cwd=ROOT)
            until(lambda: count(WAITING) == 1)
            migrating.kill()
            assert migrating.wait(timeout=30) < 0
            obstacle.rollback()
            obstacle.close()
            until(lambda: count(OTHERS) == 0)
            assert count(TABLES) == 0
        assert current_revision(url) is None
        assert migrate(url) == head_revision()
