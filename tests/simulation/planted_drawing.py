"""Random worlds in which a planted bug has little to hide behind: small, and each with a kind of trouble of its own.

The simulator's ordinary drawing comes by turns with four that lean towards what is rare in it: a restore while
documents are under way, a PAC that takes a number twice, one that is not sure of what it has, and several workers that
die and get into each other's way.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.drawing_wishes import NOTHING_LATER, LaterShares
from bootstrap.simulation.plans import (
    ClockJump,
    Crash,
    DocumentPlan,
    Door,
    PacFault,
    TailLoss,
    TenantPlan,
    Window,
    WorldPlan,
)
from core.tenants import DoubtPolicy

DOCUMENTS = 8
MUCH_LATER = LaterShares(
    credited=0.3, debited=0.5, corrected=1.0, corrected_for_nothing=0.2, paid=1.0, late_evidence=0.7, corrected_late=1.0
)
ALL_WITHIN = 60.0  # seconds
LEASE_AND_MORE = 120.0  # seconds that a clock is ahead: leases run out, nothing settles before its time


def worlds() -> Iterator[WorldPlan]:
    """Without an end, always the same ones in the same order."""
    for seed in count(1):
        yield LEANS[seed % len(LEANS)](random.Random(f"planted {seed}"), seed)


def worlds_of_later_wishes() -> Iterator[WorldPlan]:
    """Without an end, always the same ones: what was refused is corrected while evidence for it is on its way, is paid
    for, charged and taken back. In most of them the PAC has what it refused, and says so late."""
    for seed in count(1):
        yield draw_plan(seed, DOCUMENTS, door=Door.USE_CASES, later=MUCH_LATER)


def _as_it_comes(_dice: random.Random, seed: int) -> WorldPlan:
    return draw_plan(seed, DOCUMENTS, door=Door.USE_CASES, later=NOTHING_LATER)


def _with_a_restore(dice: random.Random, seed: int) -> WorldPlan:
    copied_at = round(dice.uniform(5, 40), 3)
    return replace(
        _hurried(dice, seed),
        tail_loss=TailLoss(copied_at=copied_at, lost_at=copied_at + dice.choice((20.0, 40.0, 60.0)), downtime=10.0),
        duplicate=dice.choice(UNKNOWN_CODE_FORMS),
        pac_faults=(
            PacFault(kind=FaultKind.DROP_BEFORE, rate=0.6),
            PacFault(kind=FaultKind.DELAY_WEBHOOK, rate=0.5, seconds=120),
        ),
    )


def _with_doubled_numbers(dice: random.Random, seed: int) -> WorldPlan:
    return replace(
        _hurried(dice, seed),
        duplicate=DuplicateAnswer.ACCEPTED_TWICE,
        pac_faults=(
            PacFault(kind=FaultKind.DROP_AFTER_ACCEPT, rate=0.4),
            PacFault(kind=FaultKind.THROTTLED_429, rate=0.4, seconds=300),
        ),
        faults_end=3600.0,
    )


def _with_an_unsure_pac(dice: random.Random, seed: int) -> WorldPlan:
    unsure = (FaultKind.UNKNOWN_STATUS, FaultKind.REGRESSED_STATUS, FaultKind.NOT_FOUND_404)
    return replace(
        _hurried(dice, seed),
        dgi_silences=(Window(at=0, seconds=3600),),
        pac_faults=tuple(PacFault(kind=kind, rate=0.3) for kind in unsure),
    )


def _with_a_crowd(dice: random.Random, seed: int) -> WorldPlan:
    points = (*("before_commit",) * 6, "after_commit", "before_ring", "after_claim_before_send")
    return replace(
        _hurried(dice, seed),
        processes=3,
        clock_jumps=tuple(
            ClockJump(at=20.0 * turn, seconds=30, process=turn, skew=LEASE_AND_MORE) for turn in range(3)
        ),
        doubled_rings=(Window(at=0, seconds=ALL_WITHIN),),
        crashes=tuple(
            Crash(point=point, nth=dice.randint(1, 100 if point.endswith("commit") else 8), downtime=1.0)
            for point in points
        ),
        pac_faults=(
            PacFault(kind=FaultKind.TIME_OUT_AFTER_ACCEPT, rate=0.4, seconds=60),
            PacFault(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, rate=0.2, seconds=45),
        ),
    )


def _hurried(dice: random.Random, seed: int) -> WorldPlan:
    """Two shops, one that repeats and one that waits, and all documents within a minute."""
    documents = tuple(
        DocumentPlan(
            at=round(dice.uniform(0, ALL_WITHIN), 3),
            tenant=dice.randrange(2),
            wait=dice.choice((0, 10)),
            is_asked_twice=dice.random() < 0.2,
        )
        for _ in range(DOCUMENTS)
    )
    tenants = tuple(TenantPlan(policy=policy, webhooks=dice.random() < 0.5) for policy in DoubtPolicy)
    return WorldPlan(seed=seed, documents=documents, tenants=tenants)


LEANS = (_as_it_comes, _with_a_restore, _with_doubled_numbers, _with_an_unsure_pac, _with_a_crowd)
