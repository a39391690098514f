"""Every console example of docs/tools.md and docs/preview.md is run, and says what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.cli.terminal import run

ROOT = Path(__file__).parents[3]
PAGES = ("tools.md", "preview.md")
ELLIPSIS = "..."


def examples() -> list[tuple[str, str, list[str], int]]:
    """Page, command line, expected lines, exit code."""
    found = []
    for page in PAGES:
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
            for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *lines = piece.strip("\n").split("\n")
                told = re.fullmatch(r"\(exit ([0-9])\)", lines[-1]) if lines else None
                found.append((page, command, lines[:-1] if told else lines, int(told[1]) if told else 0))
    return found


def words(text: str) -> str:
    return " ".join(text.split())


def test_both_pages_have_examples() -> None:
    assert {page for page, *_ in examples()} == set(PAGES)
    assert len(examples()) >= 10


@pytest.mark.parametrize(("page", "command", "lines", "code"), examples(), ids=lambda value: str(value)[:40])
def test_an_example_says_what_the_page_says(
    page: str,
    command: str,
    lines: list[str],
    code: int,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program == "istmo"
    told = run(arguments, capfd, monkeypatch)
    assert told.code == code
    said = [words(line) for line in (told.out + told.err).splitlines()]
    expected = [words(line) for line in lines]
    if ELLIPSIS not in expected:
        assert [line for line in said if line] == [line for line in expected if line]
        return
    place = 0
    for line in (line for line in expected if line != ELLIPSIS):
        assert line in said[place:], (page, line)
        place = said.index(line, place) + 1
