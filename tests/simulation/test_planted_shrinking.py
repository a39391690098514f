"""A failure of the random worlds shrinks to something that a person can think through: few faults, few documents."""

from dataclasses import fields

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.plans import Crash, Door, PacFault, TenantPlan, Window, WorldPlan
from bootstrap.simulation.shrinking import shrink
from bootstrap.simulation.worlds import run_world
from core.tenants import DoubtPolicy
from tests.simulation.planted_bug import PlantedBug
from tests.simulation.planted_bugs import all_bugs

DOCUMENTS = 10
FAULTS_MAX, DOCUMENTS_MAX = 3, 2
TROUBLES = tuple(
    each.name
    for each in fields(WorldPlan)
    if each.name not in ("tenants", "documents") and isinstance(getattr(WorldPlan(seed=0), each.name), tuple)
)


def faults_of(plan: WorldPlan) -> int:
    """Every single trouble that the plan still has."""
    return sum(len(getattr(plan, name)) for name in TROUBLES) + (plan.tail_loss is not None)


def busy_plan() -> WorldPlan:
    """Ten documents of two tenants amid everything at once."""
    drawn = draw_plan(3, DOCUMENTS, door=Door.USE_CASES)
    kinds = (FaultKind.DROP_AFTER_ACCEPT, FaultKind.ERROR_503_BEFORE, FaultKind.DELAY_WEBHOOK, FaultKind.PDF_MISSING)
    return WorldPlan(
        seed=3,
        processes=2,
        tenants=(TenantPlan(policy=DoubtPolicy.RESEND, webhooks=False), TenantPlan(policy=DoubtPolicy.RESEND)),
        documents=tuple(drawn.documents),
        pac_faults=tuple(PacFault(kind=kind, rate=0.5) for kind in kinds),
        crashes=(Crash(point="after_record", nth=2), Crash(point="before_commit", nth=20)),
        lost_rings=(Window(at=30, seconds=60),),
        dgi_silences=(Window(at=100, seconds=60),),
        duplicate=DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE,
    )


def named(name: str) -> PlantedBug:
    return next(bug for bug in all_bugs() if bug.name == name)


@pytest.mark.parametrize(
    ("name", "invariant"),
    [("doubt is forgotten on the way back to queued", "A10"), ("there is no settling time", "A10")],
)
def test_a_planted_bug_shrinks_to_three_faults_and_two_documents(name: str, invariant: str) -> None:
    def breaks(plan: WorldPlan) -> bool:
        return any(violation.invariant == invariant for violation in run_world(plan).violations)

    plan = busy_plan()
    assert faults_of(plan) > FAULTS_MAX
    assert not breaks(plan), "without the bug nothing is wrong"
    with named(name).planted():
        assert breaks(plan)
        small = shrink(plan, breaks, trials=120)
        assert breaks(small), "what is left is still the failure"
    assert faults_of(small) <= FAULTS_MAX, small
    assert len(small.documents) <= DOCUMENTS_MAX, small
    assert not breaks(small), "and it is the bug's alone"
