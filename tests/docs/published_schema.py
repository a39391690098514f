"""Puts the schema into docs/schemas/istmo.graphql: ``python -m tests.docs.published_schema``."""

import re

from graphql import GraphQLSchema, build_schema

from adapters.graphql.admin.schema_building import published_admin_schema
from adapters.graphql.schema_building import published_schema
from tests.docs.marked_places import DOCS, ROOT

PUBLISHED = DOCS / "schemas" / "istmo.graphql"
PUBLISHED_ADMIN = DOCS / "schemas" / "istmo-admin.graphql"
RELEASED = DOCS / "schemas" / "released"
BEFORE_THE_FIRST_RELEASE = "before-the-first-release"
CHANGELOG = ROOT / "CHANGELOG.md"


def released_versions(changelog: str) -> list[str]:
    """The versions that the changelog has a heading for, newest first."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)


def baseline_name(changelog: str) -> str:
    """What the schema is compared with: the newest release, or, before there is one, the first published schema."""
    versions = released_versions(changelog)
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default="") or (
        BEFORE_THE_FIRST_RELEASE
    )


def baseline() -> GraphQLSchema:
    """The schema that callers know. Raises FileNotFoundError when a release was made without its schema."""
    name = baseline_name(CHANGELOG.read_text(encoding="utf-8"))
    return build_schema((RELEASED / f"{name}.graphql").read_text(encoding="utf-8"))


def unreleased(changelog: str) -> str:
    """What the changelog says since the newest release. Raises ValueError when it has no such section."""
    found = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## \[|^\[Unreleased\]:|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError("the changelog has no section [Unreleased]")
    return found[1]


def main() -> None:
    """Write both files."""
    PUBLISHED.write_text(published_schema(), encoding="utf-8")
    PUBLISHED_ADMIN.write_text(published_admin_schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
