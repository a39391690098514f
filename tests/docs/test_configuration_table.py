"""The documented variables are the program's."""

import pytest

from bootstrap.settings import CONCERNS, variable_of
from tests.docs.configuration_table import NAME, PAGE, table, tables_by_concern
from tests.docs.marked_places import README, marked, with_marked

REMEDY = "run `python -m tests.docs.configuration_table`"


def test_the_readme_lists_every_variable() -> None:
    assert marked(README.read_text(encoding="utf-8"), NAME) == table(), REMEDY


def test_the_page_lists_every_variable_by_concern() -> None:
    assert marked(PAGE.read_text(encoding="utf-8"), NAME) == tables_by_concern(), REMEDY


def test_no_variable_is_left_out() -> None:
    variables = [variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields]
    for text in (table(), tables_by_concern()):
        assert [text.count(f"`{variable}` |") for variable in variables] == [1] * len(variables)


def test_a_page_without_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="one place"):
        with_marked("# A page", NAME, "| a |")


def test_a_table_that_went_stale_would_be_noticed() -> None:
    page = with_marked(README.read_text(encoding="utf-8"), NAME, "| `ISTMO_OLD` | none | gone |")
    assert marked(page, NAME) != table()
