"""The short form of ``make torture``: some twenty kill -9 under load and faults; nothing lost, nothing doubled.

A slow machine gets fewer kills and never less than ``SHORT.kills_least``; the first of every plan is aimed at a POST.
"""

import os
from pathlib import Path

import pytest

from tests.torture.plan import SHORT, SHORT_PACE, Aim, Engine, Plan
from tests.torture.run import torture

SEED = int(os.environ.get("ISTMO_TORTURE_SEED", "4"))
ENGINES = [
    pytest.param(Engine.SQLITE, id="sqlite-embedded"),
    pytest.param(Engine.SCALED, id="postgres-redis-workers", marks=[pytest.mark.postgres, pytest.mark.redis]),
]


@pytest.mark.parametrize("engine", ENGINES)
async def test_b74_killed_at_random_moments_it_loses_and_doubles_nothing(engine: Engine, tmp_path: Path) -> None:
    said: list[str] = []
    outcome = await torture(Plan(seed=SEED, engine=engine, bounds=SHORT, pace=SHORT_PACE), tmp_path, said.append)
    report = "\n".join([*outcome.lines(), *said])
    assert outcome.verdict.is_clean, report
    assert outcome.problems == [], report
    assert outcome.total >= SHORT.kills_least, report
    assert len(outcome.answered.wanted) >= SHORT.callers, report
    assert outcome.documents_posted + outcome.documents_claimed > 0, report


def test_a_plan_is_drawn_from_its_seed_alone() -> None:
    plans = [Plan(seed=seed, engine=Engine.SQLITE, bounds=SHORT, pace=SHORT_PACE) for seed in (1, 1, 2)]
    drawn = [(plan.faults(), plan.duplicate_form(), [next(plan.kills()) for _ in range(3)]) for plan in plans]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


@pytest.mark.parametrize("seed", range(20))
def test_every_plan_aims_at_all_three_and_at_a_post_within_the_least_kills(seed: int) -> None:
    kills = Plan(seed=seed, engine=Engine.SQLITE, bounds=SHORT, pace=SHORT_PACE).kills()
    first = [next(kills) for _ in range(SHORT.kills_least)]
    assert first[0].aim is Aim.IN_FLIGHT
    assert {next(kills).aim for _ in range(200)} == set(Aim)
