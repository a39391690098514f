"""The layout is a failing build: each rule holds for the whole tree, and each rule can fail."""

from pathlib import Path

import pytest

from tests.architecture import source_rules as rules
from tests.architecture.source_tree import EVERYTHING, ROOT, SHIPPED, Source, sources

SOURCES = sources(*EVERYTHING)
RULES = [
    rules.core_stands_on_the_standard_library,
    rules.core_is_pure,
    rules.outbound_http_is_the_pac_adapters,
    rules.dishka_is_bootstraps,
    rules.sql_is_persistences,
    rules.environment_is_bootstraps,
    rules.annotations_are_real,
    rules.errors_speak_both_languages,
    rules.names_say_what_is_inside,
    rules.files_are_short,
    rules.functions_are_short,
]

# Named one by one, each with its reason; a test keeps the list from outliving them.
EXCEPTIONS = {
    "adapters/persistence/migrations/versions/0001_tenants_and_trade.py::upgrade": "one list of tables, never edited",
    "adapters/persistence/migrations/versions/0002_documents.py::upgrade": "one list of tables, never edited",
}

PLANTED = [
    (rules.errors_speak_both_languages, "core/use_cases/ask.py", 'raise NoError(reason="it is too late")\n'),
    (rules.errors_speak_both_languages, "adapters/cafe/ask.py", 'raise NoError(reason=f"it has {1} pages")\n'),
    (rules.core_stands_on_the_standard_library, "core/drafts.py", "import msgspec\n"),
    (rules.core_stands_on_the_standard_library, "core/drafts.py", "from adapters.alanube import wire\n"),
    (rules.core_stands_on_the_standard_library, "core/use_cases/ask.py", "from . import adapters\n"),
    (rules.core_stands_on_the_standard_library, "core/use_cases/ask.py", "def f():\n    import socket\n"),
    (rules.core_stands_on_the_standard_library, "core/use_cases/ask.py", "from urllib.request import urlopen\n"),
    (rules.core_stands_on_the_standard_library, "core/use_cases/ask.py", "from urllib import request\n"),
    (rules.core_stands_on_the_standard_library, "core/ports/__init__.py", "import http.client\n"),
    (rules.core_stands_on_the_standard_library, "core/ports/__init__.py", "import sqlite3 as quiet\n"),
    (rules.core_is_pure, "core/drafts.py", "from datetime import datetime\nat = datetime.now()\n"),
    (rules.core_is_pure, "core/drafts.py", "import datetime as d\nat = d.datetime.utcnow\n"),
    (rules.core_is_pure, "core/drafts.py", "from datetime import date as day\nday.today()\n"),
    (rules.core_is_pure, "core/drafts.py", "import time\ntime.time()\n"),
    (rules.core_is_pure, "core/drafts.py", "from time import monotonic\n"),
    (rules.core_is_pure, "core/drafts.py", "import uuid\nuuid.uuid4()\n"),
    (rules.core_is_pure, "core/drafts.py", "from uuid import uuid4\n"),
    (rules.core_is_pure, "core/drafts.py", "import random\n"),
    (rules.core_is_pure, "core/drafts.py", "import secrets\n"),
    (rules.core_is_pure, "core/drafts.py", "import os\nos.urandom(8)\n"),
    (rules.core_is_pure, "core/drafts.py", "import asyncio\nasync def f():\n    await asyncio.sleep(1)\n"),
    (rules.core_is_pure, "core/drafts.py", "def f():\n    return open('a')\n"),
    (rules.outbound_http_is_the_pac_adapters, "adapters/graphql/queries.py", "import httpx\n"),
    (rules.outbound_http_is_the_pac_adapters, "adapters/scheduler/bell.py", "from urllib.request import urlopen\n"),
    (rules.outbound_http_is_the_pac_adapters, "bootstrap/web.py", "def f():\n    from requests import get\n"),
    (rules.outbound_http_is_the_pac_adapters, "bootstrap/web.py", "import http.client\n"),
    (rules.outbound_http_is_the_pac_adapters, "bootstrap/web.py", "import socket\nsocket.create_connection(a)\n"),
    (rules.outbound_http_is_the_pac_adapters, "bootstrap/web.py", "import socket\nsocket.socket().connect(a)\n"),
    (rules.outbound_http_is_the_pac_adapters, "adapters/persistence/files.py", "import aiohttp.client\n"),
    (
        rules.outbound_http_is_the_pac_adapters,
        "adapters/persistence/files.py",
        "async def f(loop):\n    await loop.create_connection(p)\n",
    ),
    (rules.dishka_is_bootstraps, "adapters/graphql/handlers.py", "from dishka.integrations.litestar import inject\n"),
    (rules.dishka_is_bootstraps, "core/use_cases/ask.py", "import dishka\n"),
    (rules.sql_is_persistences, "bootstrap/container.py", "from sqlalchemy import select\n"),
    (rules.sql_is_persistences, "adapters/graphql/queries.py", "import sqlalchemy as sa\n"),
    (rules.sql_is_persistences, "core/ports/books.py", "from sqlalchemy.sql import Select\n"),
    (rules.environment_is_bootstraps, "adapters/alanube/client.py", "import os\nos.environ['X']\n"),
    (rules.environment_is_bootstraps, "core/drafts.py", "from os import getenv\n"),
    (rules.annotations_are_real, "core/drafts.py", "from typing import TYPE_CHECKING\n"),
    (rules.annotations_are_real, "tests/world.py", "import typing as t\nif t.TYPE_CHECKING:\n    pass\n"),
    (rules.names_say_what_is_inside, "core/utils.py", ""),
    (rules.names_say_what_is_inside, "adapters/common/__init__.py", ""),
    (rules.names_say_what_is_inside, "adapters/graphql/query_helpers.py", ""),
    (rules.files_are_short, "core/failures.py", "x = 1\n" * 301),
    (rules.functions_are_short, "core/failures.py", "def f():\n" + "    x = 1\n" * 70),
]

CLEAN = [
    (
        "core/drafts.py",
        "from datetime import datetime\nfrom core.codes import Environment\ndatetime.fromisoformat('')\n",
    ),
    ("core/use_cases/ask.py", "class Ask:\n    def f(self):\n        return self._clock.now()\n"),
    ("core/drafts.py", "import re\nre.compile('a').search('b')\n"),
    ("core/qr_address.py", "from urllib.parse import urlsplit\n"),
    ("adapters/alanube/client.py", "import httpx\n"),
    ("examples/demo/api.py", "import httpx\n"),
    ("bootstrap/listening.py", "import socket\nsocket.socket().bind(('', 0))\n"),
    ("adapters/persistence/sqlite_driver.py", "import sqlite3\nsqlite3.connect('x')\n"),
    ("adapters/persistence/sql_documents.py", "import sqlalchemy as sa\n"),
    ("bootstrap/container.py", "from dishka import Provider\nimport socket\nsocket.gethostname()\n"),
    ("core/failures.py", "x = 1\n" * 300),
    ("core/failures.py", "def f():\n" + "    x = 1\n" * 69),
    ("core/database_url.py", ""),
]


def found_by(rule: rules.Rule, tree: list[Source]) -> list[str]:
    found = [problem for source in tree for problem in rule(source)]
    return [problem for problem in found if problem.rpartition(": ")[0] not in EXCEPTIONS]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule: rules.Rule) -> None:
    assert found_by(rule, SOURCES) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_violation_is_found(rule: rules.Rule, path: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    (planted,) = sources(path.partition("/")[0], root=tmp_path)
    assert list(rule(planted)), "the rule cannot fail"


@pytest.mark.parametrize(("path", "text"), CLEAN)
def test_what_is_allowed_is_not_found(path: str, text: str) -> None:
    assert [problem for rule in RULES for problem in rule(Source(path, text))] == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.__name__ for rule, _, _ in PLANTED} == {rule.__name__ for rule in RULES}


def test_the_sources_are_really_read() -> None:
    assert len([source for source in SOURCES if source.is_in(*SHIPPED)]) > 150
    assert any(source.module == "core.use_cases.submit_document" for source in SOURCES)


def test_no_exception_outlives_its_reason() -> None:
    needed = {problem.rpartition(": ")[0] for rule in RULES for source in SOURCES for problem in rule(source)}
    assert set(EXCEPTIONS) <= needed


def packages_without_a_door(root: Path, *folders: str) -> list[str]:
    """Folders with Python in them, or above one, that have no ``__init__.py``."""
    inside = {parent for folder in folders for file in (root / folder).rglob("*.py") for parent in file.parents}
    return sorted(
        folder.relative_to(root).as_posix()
        for folder in inside
        if folder != root and folder.is_relative_to(root) and not (folder / "__init__.py").exists()
    )


def test_every_package_has_its_init() -> None:
    """A script started inside ``adapters`` would else take our folder for the library ``graphql``."""
    assert packages_without_a_door(ROOT, *SHIPPED, "examples", "benchmarks") == []


def test_a_package_without_its_init_is_found(tmp_path: Path) -> None:
    (tmp_path / "adapters" / "graphql").mkdir(parents=True)
    (tmp_path / "adapters" / "graphql" / "handlers.py").touch()
    assert packages_without_a_door(tmp_path, "adapters") == ["adapters", "adapters/graphql"]
