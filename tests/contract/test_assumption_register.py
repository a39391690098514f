"""The register, the code and the tests name the same assumptions."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "assumptions.md"
TESTS = ROOT / "tests" / "contract" / "test_assumptions.py"
SHIPPED = ("core", "adapters", "bootstrap")
NUMBER = re.compile(r"ASSUME-([0-9]{3})")
SPAN = re.compile(r"ASSUME-([0-9]{3}) to ASSUME-([0-9]{3})")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the register."""

    number: str
    assumed: str
    source: str
    confidence: str
    test: str


def entries(page: str) -> list[Entry]:
    """The rows of the register."""
    row = re.compile(r"^\| ASSUME-(\d{3}) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", re.MULTILINE)
    return [
        Entry(number=each[0], assumed=each[1].strip(), source=each[2].strip(), confidence=each[3].strip(), test=each[4])
        for each in row.findall(page)
    ]


def numbers_in(text: str) -> set[str]:
    """Every number that a text names, spans filled in."""
    spans = {f"{number:03d}" for low, high in SPAN.findall(text) for number in range(int(low), int(high) + 1)}
    return set(NUMBER.findall(text)) | spans


def numbers_under(*folders: str) -> set[str]:
    """What the Python sources of some folders name."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return {number for file in files for number in numbers_in(file.read_text(encoding="utf-8"))}


def functions_of(source: str) -> set[str]:
    """The names of the test functions."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {
        node.name for node in ast.parse(source).body if isinstance(node, functions) and node.name.startswith("test_")
    }


REGISTER = entries(PAGE.read_text(encoding="utf-8"))


def test_code_and_register_name_the_same_assumptions() -> None:
    assert sorted(numbers_under(*SHIPPED)) == [entry.number for entry in REGISTER]


def test_no_other_page_or_test_names_one_that_the_register_does_not_have() -> None:
    pages = {
        number for page in (ROOT / "docs").rglob("*.md") for number in numbers_in(page.read_text(encoding="utf-8"))
    }
    assert pages | numbers_under("tests/contract", "tests/strategies") <= {entry.number for entry in REGISTER}


def test_every_assumption_has_a_test_that_would_refute_it() -> None:
    assert {entry.test for entry in REGISTER} == functions_of(TESTS.read_text(encoding="utf-8"))
    for entry in REGISTER:
        assert entry.number in re.findall(r"\d{3}", entry.test), entry


def test_every_assumption_says_what_whence_and_how_sure() -> None:
    for entry in REGISTER:
        assert len(entry.assumed) > 15
        assert entry.source
        assert entry.confidence in {"H", "M", "L"}


def test_every_row_of_the_table_is_read() -> None:
    rows = re.findall(r"^\| ASSUME-", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(REGISTER)
    assert len(REGISTER) > 30


def test_what_is_out_of_step_would_be_noticed() -> None:
    page = "| ASSUME-001 | what is assumed of it | DOM | L | `test_001_it` |\n"
    assert [entry.number for entry in entries(page)] == ["001"]
    assert numbers_in("ASSUME-020 to ASSUME-023, ASSUME-030") == {"020", "021", "022", "023", "030"}
    assert functions_of("def test_a(): ...\nasync def test_b(): ...\ndef c(): ...") == {"test_a", "test_b"}
