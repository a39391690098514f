"""What is asked of many worlds drawn from seeds: two files of tests ask it of one half each, for two workers.

``ISTMO_SIMULATED_DOCUMENTS`` (20000) and ``ISTMO_SIMULATED_SEEDS`` (200) make it shorter or longer; the long run is
``make simulate``. Each half meets every kind of trouble by itself, but for one that the first alone is asked for.
"""

import os

from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.runs import RunReport, run_worlds

DOCUMENTS = int(os.environ.get("ISTMO_SIMULATED_DOCUMENTS", "20000"))
SEEDS = int(os.environ.get("ISTMO_SIMULATED_SEEDS", "200"))
HALF = SEEDS // 2
DOCUMENTS_TWICE = 2  # in a world that is lived twice
FIRST_SEED_TWICE = 100_000


def broken(run: RunReport) -> list[str]:
    """Every violation with the world that it belongs to."""
    return [
        f"world {lived.plan.seed} of {lived.report.documents} documents: {violation}"
        for lived in run.failures
        for violation in lived.report.violations
    ]


def hold_every_invariant(first: int, *, but_for: frozenset[str] = frozenset()) -> None:
    """The half that begins with seed ``first`` breaks nothing and meets every trouble ``but_for`` those that are named
    because the other half alone meets them.
    """
    run = run_worlds((draw_plan(seed, DOCUMENTS // SEEDS) for seed in range(first, first + HALF)), stops=False)
    assert broken(run) == [], "make the plan small and replay it: istmo simulate --seed N --documents M --per-world M"
    assert run.documents == HALF * (DOCUMENTS // SEEDS)
    if SEEDS >= 200:
        assert set(run.never_struck) <= but_for, "a trouble that never struck proves nothing"


def leave_the_same_traces(first: int) -> None:
    """The half that begins with seed ``first``, lived twice in other orders, leaves the same traces."""
    plans = [draw_plan(seed, DOCUMENTS_TWICE) for seed in range(first, first + HALF)]
    once, again = run_worlds(plans, stops=False), run_worlds(reversed(plans), stops=False)
    assert broken(once) == []
    assert again.traces == once.traces
    assert len(set(once.traces.values())) == HALF, "different seeds live different lives"
