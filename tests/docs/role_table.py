"""Writes the table of operations and roles into docs/api-conventions.md: ``python -m tests.docs.role_table``."""

from adapters.graphql.permissions import needed_roles
from adapters.graphql.schema_building import build_schema
from core.tenants import Role
from tests.docs.marked_places import DOCS, write_marked

NAME = "role_table"
PAGE = DOCS / "api-conventions.md"


def table() -> str:
    """One row for each operation, weakest role first, queries before mutations."""
    schema, roles = build_schema(), list(Role)
    queries = schema.query_type.fields if schema.query_type else {}
    needed = sorted(needed_roles(schema).items(), key=lambda each: (roles.index(each[1]), each[0] not in queries))
    heading = " | ".join(f"`{role.name}`" for role in roles)
    rows = [
        f"| `{name}` | {'query' if name in queries else 'mutation'} | "
        + " | ".join("yes" if roles.index(role) >= roles.index(least) else "" for role in roles)
        + " |"
        for name, least in needed
    ]
    return "\n".join([f"| Operation | Kind | {heading} |", "| --- | --- |" + " :-: |" * len(roles), *rows])


def main() -> None:
    """Write the page."""
    write_marked(PAGE, NAME, table())


if __name__ == "__main__":
    main()
