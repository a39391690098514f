"""Every plan of up to two faults and crashes on the way of one void, counted at the PAC.

Plans of up to one trouble are walked in every form of saying "void already", with a PAC that shows voids and one that
does not, with blind reads, with a window that closes meanwhile, and with unknown codes as doubt; plans of two in the
forms that differ most. A plan whose last trouble cannot strike is the shorter plan again and is not walked longer.
"""

import logging
from collections import Counter
from dataclasses import replace

import pytest

from adapters.alanube.fake.behaviour import RepeatedVoid
from adapters.alanube.fake.faults import FaultKind
from core.lifecycle import voiding
from core.ports.pac_gateway import VoidRefused
from tests.simulation.one_void import TROUBLES, Plan, Trouble, run

DEPTH = 2
TELLING = (
    (RepeatedVoid.REFUSED_KNOWN_CODE, False),
    (RepeatedVoid.REFUSED_KNOWN_CODE, True),
    (RepeatedVoid.REFUSED_UNKNOWN_CODE, False),
)


def plans(depth: int) -> list[Plan]:
    """Without troubles: every form in which plans of this depth are walked."""
    settings = (False, True)
    late = Plan(troubles=(), repeated=RepeatedVoid.REFUSED_KNOWN_CODE, window_closes=True, window_first=True)
    if depth == DEPTH:
        return [late, *(Plan(troubles=(), repeated=form, window_closes=closes) for form, closes in TELLING)]
    return [late] + [
        Plan(
            troubles=(),
            repeated=form,
            shows_void=shows,
            blind_reads=blind,
            window_closes=closes,
            unrecognised_is_doubt=form is RepeatedVoid.REFUSED_UNKNOWN_CODE and not shows,
        )
        for form in RepeatedVoid
        for shows, blind in ((False, False), (True, False), (False, True))
        for closes in settings
    ]


def walk(plan: Plan, fired: Counter[Trouble]) -> bool:
    """Run one plan; whether a further trouble could strike."""
    try:
        return run(plan, fired)
    except AssertionError as broken:
        raise AssertionError(f"{plan}: {broken}") from broken


@pytest.mark.parametrize("depth", range(DEPTH + 1))
def test_no_plan_voids_twice_or_loses_a_void(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # every simulated crash is logged as what it is
    fired: Counter[Trouble] = Counter()
    open_ended = plans(depth)
    for length in range(depth + 1):
        longer = (
            [replace(plan, troubles=(*plan.troubles, trouble)) for plan in open_ended for trouble in TROUBLES]
            if length
            else open_ended
        )
        open_ended = [plan for plan in longer if walk(plan, fired)]
    if depth:
        never = [trouble for trouble in TROUBLES if not fired[trouble]]
        assert not never, f"never struck: {never}"


def test_the_search_finds_a_void_that_is_settled_by_a_refusal_after_a_lost_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    honest = voiding._apply

    def hasty(document, void, held, answer, *rest):  # type: ignore[no-untyped-def]
        believed = replace(held, doubted_before=False) if isinstance(answer, VoidRefused) else held
        return honest(document, void, believed, answer, *rest)

    monkeypatch.setattr(voiding, "_apply", hasty)
    plan = Plan(troubles=(FaultKind.DROP_AFTER_ACCEPT,), repeated=RepeatedVoid.REFUSED_UNKNOWN_CODE, window_closes=True)
    with pytest.raises(AssertionError, match="A23"):
        walk(plan, Counter())
