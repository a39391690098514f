"""Draws whole plans from a seed: first which troubles exist at all in this world, then how much of each (swarm)."""

import random
from collections.abc import Iterator
from dataclasses import replace

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RepeatedVoid
from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.drawing_troubles import TROUBLES, Drawn
from bootstrap.simulation.drawing_wishes import USUALLY_LATER, LaterShares, with_later_wishes
from bootstrap.simulation.plans import DocumentPlan, Door, Fate, PacFault, TenantPlan, WorldPlan
from core.tenants import DoubtPolicy

HTTP_SHARE = 0.1  # of the worlds: the real app at the door
DOCUMENTS_PER_WORLD = 100
LAST_DOCUMENT_AT = 600.0
VOIDED_SHARE = 0.06
CRASHES_MORE_OFTEN = 3  # there are many points, and each world has few of them
_VOIDED_AFTER = (0.0, 1.0, 30.0, 300.0, 6 * 3600.0, 182 * 3600.0 - 40, 182 * 3600.0 + 40)  # B67: close to the window
_RATES = (0.02, 0.05, 0.1, 0.3)
_TAKE_SECONDS: dict[FaultKind, tuple[float, ...]] = {
    FaultKind.THROTTLED_429: (1, 30, 900),
    FaultKind.TIME_OUT_THEN_ACCEPT_LATE: (20, 45, 400, 900),
    FaultKind.TIME_OUT_AFTER_ACCEPT: (60,),
    FaultKind.SLOW_DRIP: (0.01, 5),
    FaultKind.DELAY_WEBHOOK: (5, 600, 6 * 3600, 3 * 86400),
}
READ_FAULTS = (
    FaultKind.DROP_BEFORE,
    FaultKind.ERROR_503_BEFORE,
    FaultKind.UNAUTHORIZED_401,
    FaultKind.THROTTLED_429,
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.TRUNCATE_BODY,
    FaultKind.HTML_200,
    FaultKind.CUT_MID_BODY,
)
VOID_FAULTS = (
    FaultKind.DROP_BEFORE,
    FaultKind.ERROR_503_BEFORE,
    FaultKind.THROTTLED_429,
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.TIME_OUT_THEN_ACCEPT_LATE,
    FaultKind.HTML_200,
)


def draw_plan(seed: int, documents: int, *, door: Door | None = None, later: LaterShares = USUALLY_LATER) -> WorldPlan:
    """The plan of one world. The same arguments give the same plan; ``door`` None: one in ten is HTTP. ``later``: what
    is wanted of documents that are there, drawn apart so that it changes nothing else.
    """
    dice = random.Random(f"istmo world {seed}")  # noqa: S311 - repeatable by design
    tenants = tuple(_tenant(dice) for _ in range(dice.choice((1, 2, 2, 3))))
    drawn = Drawn(dice=dice, documents=documents, processes=dice.choice((1, 2, 2, 3)), tenants=len(tenants))
    drawn_door = Door.HTTP if dice.random() < HTTP_SHARE else Door.USE_CASES
    troubles = {
        name: draw(drawn)
        for name, draw in TROUBLES.items()
        if dice.random() < drawn.chaos * (CRASHES_MORE_OFTEN if name == "crashes" else 1)
    }
    plan = WorldPlan(
        seed=seed,
        door=door or drawn_door,
        processes=drawn.processes,
        tenants=tenants,
        documents=tuple(_documents(dice, documents, len(tenants))),
        pac_faults=tuple(_pac_faults(dice, drawn.chaos)),
        faults_end=dice.choice((300.0, 900.0)),
        duplicate=dice.choice(tuple(DuplicateAnswer)),
        repeated_void=dice.choice(tuple(RepeatedVoid)),
        void_in_view=dice.random() < 0.3,
        error_style=dice.choice(tuple(ErrorStyle)),
        wrapped_document=dice.random() < 0.8,
        accepted_status=dice.choice((200, 200, 201, 202)),
        decision_seconds=dice.choice((0.0, 0.5, 2.0, 30.0)),
        decision_reads=dice.choice((0, 0, 0, 1)),
        webhook_on_acceptance=dice.random() < 0.25,
        unrecognised_is_doubt=dice.random() < 0.3,
        one_at_a_time_in_doubt=dice.random() < 0.2,
        has_shared_doorbell=dice.random() < 0.7,
        **troubles,
    )
    return with_later_wishes(plan, later)


def draw_plans(seed: int, documents: int, *, per_world: int = DOCUMENTS_PER_WORLD) -> Iterator[WorldPlan]:
    """As many worlds as it takes for so many documents, from consecutive seeds."""
    left = documents
    while left > 0:
        yield draw_plan(seed, min(per_world, left))
        left -= per_world
        seed += 1


def _tenant(dice: random.Random) -> TenantPlan:
    return TenantPlan(
        policy=dice.choice(tuple(DoubtPolicy)), webhooks=dice.random() < 0.6, own_token=dice.random() < 0.5
    )


def _documents(dice: random.Random, count: int, tenants: int) -> Iterator[DocumentPlan]:
    for _ in range(count):
        void_after = dice.choice(_VOIDED_AFTER) if dice.random() < VOIDED_SHARE else None
        yield DocumentPlan(
            at=round(dice.uniform(0, LAST_DOCUMENT_AT), 3),
            tenant=dice.randrange(tenants),
            fate=dice.choices(tuple(Fate), weights=(90, 5, 5))[0],
            wait=dice.choice((0, 1, 10, 10)),
            cents=dice.randint(100, 99_999),
            lines=dice.choice((1, 1, 1, 1, 2)),
            is_asked_twice=dice.random() < 0.05,
            is_asked_otherwise=dice.random() < 0.03,
            leaves_after=dice.choice((0.0, 0.02, 0.1, 2.0)) if dice.random() < 0.05 else None,
            void_after=void_after,
            is_void_asked_twice=void_after is not None and dice.random() < 0.2,
        )


def _pac_faults(dice: random.Random, chaos: float) -> Iterator[PacFault]:
    for kind in FaultKind:
        if dice.random() < chaos:
            yield _pac_fault(dice, kind)
    for kind in READ_FAULTS:
        if dice.random() < chaos / 2:
            yield replace(_pac_fault(dice, kind), is_on_reads=True)
    for kind in VOID_FAULTS:
        if dice.random() < chaos / 2:
            yield replace(_pac_fault(dice, kind), is_on_voids=True, nth=tuple(sorted(dice.sample(range(1, 8), 2))))


def _pac_fault(dice: random.Random, kind: FaultKind) -> PacFault:
    is_counted = dice.random() < 0.3
    seconds = _TAKE_SECONDS.get(kind)
    may_be_none = kind is FaultKind.THROTTLED_429 and dice.random() < 0.5
    return PacFault(
        kind=kind,
        nth=tuple(sorted(dice.sample(range(1, 30), 3))) if is_counted else (),
        rate=1.0 if is_counted else dice.choice(_RATES),
        seconds=None if seconds is None or may_be_none else dice.choice(seconds),
    )
