"""The published table of operations and roles is the program's."""

from adapters.graphql.permissions import needed_roles
from adapters.graphql.schema_building import build_schema
from tests.docs.marked_places import marked
from tests.docs.role_table import NAME, PAGE, table


def test_the_page_shows_who_may_what() -> None:
    assert marked(PAGE.read_text(encoding="utf-8"), NAME) == table(), "run `python -m tests.docs.role_table`"


def test_every_operation_has_one_row() -> None:
    assert [table().count(f"| `{name}` |") for name in needed_roles(build_schema())] == [1] * len(
        needed_roles(build_schema())
    )


def test_a_stronger_role_may_all_that_a_weaker_one_may() -> None:
    rows = [[cell.strip() for cell in row.split("|")[3:6]] for row in table().splitlines()[2:]]
    assert {tuple(row) for row in rows} == {("yes", "yes", "yes"), ("", "yes", "yes"), ("", "", "yes")}
