"""docs/fault-matrix.md names a test that exists, or a reason, for every cell from B01 to B82."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "fault-matrix.md"
CELLS = [f"B{number:02d}" for number in range(1, 83)]
NAMED = re.compile(r"`(tests/[\w/]+\.py)`::`(test_\w+)`")
ID_IN_NAME = re.compile(r"(?:^test|_)_?(b\d\d)(?=_)")


def rows_of(page: str) -> list[list[str]]:
    """The six columns of each cell."""
    lines = [line for line in page.splitlines() if re.match(r"\| B\d", line)]
    return [[column.strip() for column in line.strip("|").split("|")] for line in lines]


@cache
def functions_of(file: Path) -> set[str]:
    """The test functions that a file defines."""
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text())
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def problems_of(page: str) -> list[str]:
    """What is wrong with the table."""
    rows = rows_of(page)
    problems = []
    if [row[0] for row in rows] != CELLS:
        problems.append("the cells are not B01 to B82, each once and in order")
    for row in rows:
        if len(row) != 6:
            problems.append(f"{row[0]} has {len(row)} columns")
            continue
        named, reason = NAMED.findall(row[4]), row[5]
        if not named and len(reason) < 10:
            problems.append(f"{row[0]} has neither a test nor a reason")
        problems += [
            f"{row[0]} names {file}::{test}, which does not exist"
            for file, test in named
            if test not in functions_of(ROOT / file)
        ]
        problems += [
            f"{row[0]} names {test}, which is of other cells"
            for _, test in named
            if (ids := ID_IN_NAME.findall(test)) and row[0].lower() not in ids and row[0] not in BY_ANOTHER_NAME
        ]
    return problems


# what one test of another cell shows as well
BY_ANOTHER_NAME = {"B05", "B35", "B47", "B57"}


def test_every_cell_has_a_test_or_a_reason() -> None:
    assert problems_of(PAGE.read_text()) == []


def test_every_test_that_is_named_after_a_cell_stands_in_the_table() -> None:
    listed = set(NAMED.findall(PAGE.read_text()))
    named = {
        (file.relative_to(ROOT).as_posix(), test)
        for file in (ROOT / "tests").rglob("test_*.py")
        for test in functions_of(file)
        if re.match(r"test_b\d\d_", test)
    }
    assert named - listed == set()


def test_planted_slips_are_found() -> None:
    page = PAGE.read_text()
    good = problems_of(page)
    without = "\n".join(line for line in page.splitlines() if not line.startswith("| B14 "))
    assert problems_of(without) == ["the cells are not B01 to B82, each once and in order", *good]
    (missing,) = set(problems_of(page.replace("`test_b14_", "`test_b14_no_"))) - set(good)
    assert missing.startswith("B14 names")
    assert missing.endswith("::test_b14_no_ten_equal_rings_post_once, which does not exist")
    empty = re.sub(r"^(\| B39 .*\|) - \| .*\|$", r"\1 - | - |", page, flags=re.MULTILINE)
    assert set(problems_of(empty)) - set(good) == {"B39 has neither a test nor a reason"}
    swapped = page.replace("`test_b14_ten_equal_rings_post_once", "`test_b76_")
    assert any(problem.startswith("B14") for problem in problems_of(swapped))
