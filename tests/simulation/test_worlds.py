"""Worlds drawn from seeds: every invariant holds in each, each trouble strikes, and equal seeds give equal traces.

``ISTMO_SIMULATED_DOCUMENTS`` (20000) and ``ISTMO_SIMULATED_SEEDS`` (200) make it shorter or longer; the long run is
``make simulate``. Each half meets every kind of trouble by itself, so two workers may share the work.
"""

import os
import re

import pytest

from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.drawing_troubles import CRASH_POINTS
from bootstrap.simulation.plans import WorldPlan, plan_as_json, plan_from_json
from bootstrap.simulation.runs import RunReport, run_worlds
from bootstrap.simulation.worlds import run_world
from tests.docs.marked_places import ROOT

DOCUMENTS = int(os.environ.get("ISTMO_SIMULATED_DOCUMENTS", "20000"))
SEEDS = int(os.environ.get("ISTMO_SIMULATED_SEEDS", "200"))
HALF = SEEDS // 2
DOCUMENTS_TWICE = 2  # in a world that is lived twice
FIRST_SEED_TWICE = 100_000


def broken(run: RunReport) -> list[str]:
    return [
        f"world {lived.plan.seed} of {lived.report.documents} documents: {violation}"
        for lived in run.failures
        for violation in lived.report.violations
    ]


@pytest.mark.parametrize("first", [1, 1 + HALF])
def test_every_invariant_holds_in_every_world_and_every_trouble_strikes(first: int) -> None:
    run = run_worlds((draw_plan(seed, DOCUMENTS // SEEDS) for seed in range(first, first + HALF)), stops=False)
    assert broken(run) == [], "make the plan small and replay it: istmo simulate --seed N --documents M --per-world M"
    assert run.documents == HALF * (DOCUMENTS // SEEDS)
    if SEEDS >= 200:
        assert run.never_struck == (), "a trouble that never struck proves nothing"


@pytest.mark.parametrize("first", [FIRST_SEED_TWICE, FIRST_SEED_TWICE + HALF])
def test_the_same_seed_gives_the_same_trace(first: int) -> None:
    plans = [draw_plan(seed, DOCUMENTS_TWICE) for seed in range(first, first + HALF)]
    once, again = run_worlds(plans, stops=False), run_worlds(reversed(plans), stops=False)
    assert broken(once) == []
    assert again.traces == once.traces
    assert len(set(once.traces.values())) == HALF, "different seeds live different lives"


def test_an_invoice_is_credited_once_and_never_beside_its_void() -> None:
    run = run_worlds((draw_plan(seed, 15, credited=0.5) for seed in range(7000, 7020)), stops=False)
    assert broken(run) == []
    for met in ("credit note authorised", "credit refused nothing_left_to_credit", "credit refused invoice_void"):
        assert run.struck.get(met), f"{met}: nothing was proved"


def test_a_plan_is_the_same_after_a_file() -> None:
    plan = draw_plan(12, 20)
    assert plan_from_json(plan_as_json(plan)) == plan
    with pytest.raises(ValueError, match="seed"):
        plan_from_json(b"{}")


def test_every_crash_point_of_the_service_is_in_the_plans() -> None:
    service = [file.read_text(encoding="utf-8") for file in (ROOT / "core").rglob("*.py")]
    named = {name for text in service for name in re.findall(r'_crashpoint\("(\w+)"\)', text)}
    assert named <= set(CRASH_POINTS)
    assert len(named) >= 8


def test_an_empty_world_is_at_rest() -> None:
    report = run_world(WorldPlan(seed=1))
    assert report.is_clean
    assert report.counts["documents at the PAC"] == 0
