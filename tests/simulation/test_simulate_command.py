"""`istmo simulate`: what it says, that it says it again, and what it does with a failure."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.simulation.command import Wish, run_command
from bootstrap.simulation.plans import Door, plan_from_json
from bootstrap.simulation.worlds import run_world
from core.documents import FiscalDocument
from core.lifecycle import sending
from tests.docs.marked_places import ROOT


def wish(folder: Path, **changed: object) -> Wish:
    usual: dict[str, object] = {
        "seed": 5,
        "documents": 12,
        "per_world": 6,
        "cores": 1,
        "door": None,
        "plan": None,
        "summary": folder / "run.json",
        "failed_plan": folder / "failed.json",
    }
    return Wish(**(usual | changed))  # type: ignore[arg-type]


def simulated(hash_seed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    return subprocess.run(
        [sys.executable, "-c", "from bootstrap.cli import main; main()", "simulate", *arguments],
        cwd=ROOT,
        env=environment | {"PYTHONHASHSEED": hash_seed, "ISTMO_LEASE_SECONDS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_trace_depends_on_neither_the_hash_seed_nor_the_environment_nor_the_cores() -> None:
    first = simulated("1", "--seed", "21", "--documents", "18", "--per-world", "6")
    second = simulated("2", "--seed", "21", "--documents", "18", "--per-world", "6", "--cores", "2")
    assert (first.returncode, first.stderr) == (0, "")
    traces = [re.findall(r"^trace ([0-9a-f]{64})$", done.stdout, re.MULTILINE) for done in (first, second)]
    assert traces[0] == traces[1]
    assert len(traces[0]) == 1
    assert re.search(r"^\d+ documents/s$", first.stdout, re.MULTILINE)
    assert first.stdout.endswith("every invariant held\n")
    assert (ROOT / "failed-plan.json").exists() is False


@pytest.mark.parametrize("door", list(Door))
def test_each_door_can_be_asked_for(door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(wish(tmp_path, door=door.value))
    assert f"through {door.value}: 12 documents" in capsys.readouterr().out
    run = json.loads((tmp_path / "run.json").read_text())
    assert list(run["by_door"]) == [door.value]
    assert run["documents"] == 12


def test_a_run_of_no_documents_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        run_command(wish(tmp_path, documents=0))
    with pytest.raises(ValueError, match="window"):
        run_command(wish(tmp_path, door="window"))


def test_a_failure_is_made_small_and_replayed_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    requeue = sending._requeue

    def forgets_when(document: FiscalDocument, *rest: object) -> object:
        after, events = requeue(document, *rest)  # type: ignore[arg-type]
        return sending.replace(after, next_action_at=None), events

    with monkeypatch.context() as planted:
        planted.setattr(sending, "_requeue", forgets_when)
        assert not run_command(wish(tmp_path, documents=400, per_world=10, seed=1))
        told = capsys.readouterr().out
        assert "BROKEN A16" in told
        assert f"replay: istmo simulate --plan {tmp_path / 'failed.json'}" in told
        small = plan_from_json((tmp_path / "failed.json").read_bytes())
        assert len(small.documents) <= 2
        assert not run_command(wish(tmp_path, plan=tmp_path / "failed.json"))
        assert "BROKEN A16" in capsys.readouterr().out
    assert run_world(small).is_clean, "without the planted mistake the same plan holds"


def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, "docs/simulation.md", "exec"), {})  # noqa: S102 - our own page
    assert re.fullmatch(r"True \{.*'documents at the PAC': 2.*\} [0-9a-f]{64}\n", capsys.readouterr().out)
