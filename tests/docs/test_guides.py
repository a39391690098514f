"""What the guides name is there: links, paths, commands, variables, targets of make, modules to run."""

import importlib.util
import os
import re
import shlex
from pathlib import Path

import pytest
from cyclopts import CycloptsError

from bootstrap.cli import build_cli
from bootstrap.settings import CONCERNS, variable_of
from tests.docs.marked_places import DOCS, ROOT

GUIDES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"))]
PAGES = [*GUIDES, *sorted(DOCS.rglob("*.md"))]
VARIABLES = {variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields} | {
    "ISTMO_TEST_POSTGRES_URL",
    "ISTMO_TEST_REDIS_URL",
    "ISTMO_REQUIRE_SERVICES",
    "ISTMO_KEY",  # of the shell in examples
}
FOLDERS = ("core/", "adapters/", "bootstrap/", "tests/", "docs/", "examples/", "benchmarks/", ".ci/")


def dead_links(page: Path, text: str) -> list[str]:
    """Links that lead nowhere, out of the project, or to an address."""
    problems = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"^\[[^\]]+\]: (\S+)$", text, re.MULTILINE):
        place, _, anchor = target.partition("#")
        goal = (page.parent / place).resolve() if place else page
        if "://" in target or target.startswith("/") or not goal.is_relative_to(ROOT):
            problems.append(f"{target} is not a relative link")
        elif not goal.exists():
            problems.append(f"{target} does not exist")
        elif anchor and anchor not in anchors_of(goal.read_text(encoding="utf-8")):
            problems.append(f"{target} has no such heading")
    return problems


def anchors_of(text: str) -> set[str]:
    """The anchors that a page's headings give."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def missing_paths(text: str) -> list[str]:
    """Paths of the project, in backticks, that are not there."""
    cited = {path for path in re.findall(r"`([^`\s]+)`", text) if path.startswith(FOLDERS)}
    return sorted(path for path in cited if not (ROOT / path).exists())


def unknown_variables(text: str) -> set[str]:
    """ISTMO_ variables that nobody reads."""
    return set(re.findall(r"\bISTMO_[A-Z0-9_]*[A-Z0-9]\b", text)) - VARIABLES


def commands_in(text: str) -> list[list[str]]:
    """The ``istmo`` commands of the shell examples, as arguments."""
    shells = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    found = re.findall(r"(?:^|\$\(|\| )istmo ([^)&\n]+)", shells, re.MULTILINE)
    return [shlex.split(re.sub(r'[)"]+$', "", each) if each.count('"') % 2 else each) for each in found]


def named_commands(text: str) -> set[tuple[str, ...]]:
    """Commands that a sentence names, such as `istmo series set`."""
    return {tuple(each.split()) for each in re.findall(r"`istmo ((?:[a-z][a-z-]* ?)+)(?:--[^`]*)?`", text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_are_relative_and_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_cited_paths_exist(page: Path) -> None:
    assert missing_paths(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "page", [*GUIDES, DOCS / "configuration.md", DOCS / "submission.md"], ids=lambda page: page.name
)
def test_named_variables_exist(page: Path) -> None:
    assert unknown_variables(page.read_text(encoding="utf-8")) == set()


def test_every_document_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in sorted(DOCS.rglob("*.md")) if page != DOCS / "README.md"]
    assert [page for page in pages if f"({page})" not in index] == [], "give it a line in docs/README.md"


def test_every_decision_has_its_four_parts() -> None:
    for page in sorted((DOCS / "adr").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {int(page.name[:4])}\. ", text), page.name
        assert "**Decision.**" in text, page.name
        assert "**Consequences.**" in text, page.name
        assert len(text.splitlines()) <= 30, page.name


@pytest.mark.parametrize(
    "arguments", commands_in((ROOT / "README.md").read_text(encoding="utf-8")), ids=lambda each: " ".join(each[:2])
)
def test_commands_of_the_readme_are_understood(arguments: list[str]) -> None:
    build_cli().parse_args(arguments, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_a_sentence_names_exist(page: Path) -> None:
    for names in named_commands(page.read_text(encoding="utf-8")):
        app = build_cli()
        for name in names:
            assert name in list(app), names
            app = app[name]


def test_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for page in GUIDES for target in re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8"))}
    assert {"demo", "test", "setup", "check"} <= named
    assert [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_modules_to_run_exist() -> None:
    named = {name for page in PAGES for name in re.findall(r"`python -m ([\w.]+)", page.read_text(encoding="utf-8"))}
    assert named
    assert [name for name in sorted(named) if importlib.util.find_spec(name) is None] == []


def test_no_page_names_a_place_outside_the_project() -> None:
    home = ROOT.as_posix()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert home not in text
        assert ".." + "/shared" not in text
        assert os.sep + "tmp" + os.sep not in text


def test_what_is_wrong_in_a_page_is_found() -> None:
    page = DOCS / "README.md"
    bad = "[a](gone.md) [b](https://example.com) [c](../../x) [d](api.md#no-such) [e](api.md)"
    assert dead_links(page, bad) == [
        "gone.md does not exist",
        "https://example.com is not a relative link",
        "../../x is not a relative link",
        "api.md#no-such has no such heading",
    ]
    assert missing_paths("`core/gone.py` and `core/errors.py`") == ["core/gone.py"]
    assert unknown_variables("ISTMO_PORT and ISTMO_PROT") == {"ISTMO_PROT"}
    assert commands_in("```sh\nA=$(istmo config new-key)\necho x | istmo tenant pac-key $T\nistmo serve &\n```") == [
        ["config", "new-key"],
        ["tenant", "pac-key", "$T"],
        ["serve"],
    ]
    assert named_commands("`istmo series set` and `istmo tenant create --help`") == {
        ("series", "set"),
        ("tenant", "create"),
    }
    with pytest.raises(CycloptsError):
        build_cli().parse_args(["office", "create", "T", "--colour", "red"], exit_on_error=False, print_error=False)
