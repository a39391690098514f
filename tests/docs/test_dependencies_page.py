"""Every dependency has its reason on docs/dependencies.md, and the page names nothing else."""

import re
import tomllib

import pytest

from tests.docs.marked_places import DOCS, ROOT

PAGE = (DOCS / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names_of(requirements: list[str]) -> list[str]:
    """The package names of requirements such as ``psycopg[binary]>=3.3``."""
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return [name[0].lower() for name in found if name]


def reasons_in(heading: str) -> dict[str, str]:
    """Package to reason, as the page says under a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "requirements"),
    [("To run", PROJECT["dependencies"]), ("To develop", PROJECT["optional-dependencies"]["dev"])],
)
def test_every_dependency_has_one_reason(heading: str, requirements: list[str]) -> None:
    reasons = reasons_in(heading)
    assert sorted(reasons) == sorted(names_of(requirements))
    assert list(reasons) == sorted(reasons)
    assert all(len(reason) >= 10 for reason in reasons.values())


def test_names_are_read_from_requirements() -> None:
    written = ["psycopg[binary]>=3.3", "uvloop>=0.22; sys_platform != 'win32'", "types-jsonschema"]
    assert names_of(written) == ["psycopg", "uvloop", "types-jsonschema"]
