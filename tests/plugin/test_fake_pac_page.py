"""docs/fake-pac.md: its examples run, and it names every call, fault and setting that there is."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.alanube.fake import strategies
from adapters.alanube.fake.behaviour import Behaviour, DuplicateAnswer
from adapters.alanube.fake.clocks import ManualClock
from adapters.alanube.fake.control import Control
from adapters.alanube.fake.control_values import behaviour_view
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.faults import FaultKind, FaultRule
from tests.plugin.fake_pac_process import running_fake
from tests.plugin.strangers import PATIENCE_SECONDS, ROOT

PAGE = (ROOT / "docs" / "fake-pac.md").read_text(encoding="utf-8")
SHELL = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "istmo fake-pac" not in block]


def rows(head: str) -> dict[str, list[str]]:
    """The rows of the table whose first heading is ``head``, by their first cell."""
    table = re.search(rf"^\| {head} \|[^\n]*\n\|[- |]+\|\n((?:\|[^\n]*\n)+)", PAGE, re.MULTILINE)
    assert table, head
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]
    return {first.strip("`"): rest for first, *rest in cells}


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
def test_every_example_runs_one_after_the_other(tmp_path: Path) -> None:
    script = "set -eu\n" + "\n".join(f"echo '# block {place}'\n{block}" for place, block in enumerate(SHELL))
    with running_fake(tmp_path) as fake:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env={**os.environ, "FAKE": fake.base_url, "TOKEN": fake.token, "no_proxy": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert len(re.findall(r"# block \d+\n", done.stdout)) == len(SHELL)
    for told in ('"mail":"ana@example.com"', "2099-12-31T17:00", '"pdf":"http', '"affiliated":"SUBSCRIBED"'):
        assert told in done.stdout


def test_every_call_has_its_heading_with_an_example() -> None:
    control = Control(FakePacEngine(clock=ManualClock(datetime(2026, 3, 4, tzinfo=UTC))))
    sections = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    headings = [section.splitlines()[0] for section in sections]
    assert sorted(headings) == sorted(control.calls)
    assert [section.splitlines()[0] for section in sections if "```sh" not in section] == []


def test_every_kind_of_fault_is_in_the_table_with_its_occasion() -> None:
    told = {kind: cells[0] for kind, cells in rows("kind").items()}
    assert told == {kind.value: FaultRule(kind=kind).occasion.value for kind in FaultKind}


def test_every_setting_is_in_the_table_with_its_first_value() -> None:
    shown: dict[str, Any] = behaviour_view(Behaviour())
    told = {name: cells[0].strip("`") for name, cells in rows("setting").items()}
    assert told == {name: _written(value) for name, value in shown.items()}
    assert all(form.value in PAGE for form in DuplicateAnswer)


def test_every_shipped_strategy_is_named() -> None:
    assert [name for name in strategies.__all__ if f"`{name}(" not in PAGE] == []


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_written(each) for each in value) + "]"
    return f"{value:.0f}" if isinstance(value, float) else str(value)
