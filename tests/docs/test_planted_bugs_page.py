"""docs/planted-bugs.md lists every planted bug as it is planted, with a count that its test allows."""

import re

import pytest

from tests.docs.planted_bugs_page import PAGE, page
from tests.simulation.planted_bugs import all_bugs

REMEDY = "run `python -m tests.docs.planted_bugs_page`"
ROW = re.compile(r"^\| ([^|]+) \|.*\| (\d+) / (\d+) \| [^|]+ \|$", re.MULTILINE)


def counts_in(text: str) -> dict[str, int]:
    return {name: int(worlds) for name, worlds, _ in ROW.findall(text)}


def test_the_page_is_in_step_with_the_bugs() -> None:
    text = PAGE.read_text(encoding="utf-8")
    counts = counts_in(text)
    assert set(counts) == {bug.name for bug in all_bugs()}, REMEDY
    assert text == page(counts), REMEDY


def test_no_bug_took_more_worlds_than_its_test_allows() -> None:
    counts = counts_in(PAGE.read_text(encoding="utf-8"))
    assert [bug.name for bug in all_bugs() if not 1 <= counts[bug.name] <= bug.within] == []


def test_a_row_that_is_missing_would_be_noticed() -> None:
    counts = {bug.name: 1 for bug in all_bugs()}
    assert counts_in(page(counts)) == counts
    assert counts_in(page(counts).replace("| 1 /", "| one /")) == {}
    with pytest.raises(KeyError):
        page({})
