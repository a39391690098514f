"""Fault plans, drawn before a run: plain data that shrinks to the one fault that matters."""

from collections.abc import Collection

from hypothesis import strategies as st

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, Occasion

MOST_CALLS = 6


def fault_plans(
    kinds: Collection[FaultKind] = tuple(FaultKind), *, most: int = 3, longest_seconds: int = 3600
) -> st.SearchStrategy[FaultPlan]:
    """Up to ``most`` faults of some kinds, each at a few calls or at a rate.

    The swarm comes first: which kinds exist at all in this plan. ``longest_seconds`` bounds a delay or a silence.
    """
    exist = st.sets(st.sampled_from(sorted(kinds)), min_size=1)
    return exist.flatmap(lambda some: _plans(sorted(some), most, longest_seconds))


def _plans(kinds: list[FaultKind], most: int, longest_seconds: int) -> st.SearchStrategy[FaultPlan]:
    rules = st.lists(_rules(kinds, longest_seconds), max_size=most).map(tuple)
    return st.builds(FaultPlan, rules=rules, seed=st.integers(0, 2**32 - 1))


@st.composite
def _rules(draw: st.DrawFn, kinds: list[FaultKind], longest_seconds: int) -> FaultRule:
    kind = draw(st.sampled_from(kinds))
    counted = draw(st.booleans())
    nth = draw(st.frozensets(st.integers(1, MOST_CALLS), min_size=1, max_size=2)) if counted else frozenset()
    takes_time = kind in _TAKE_TIME or FaultRule(kind=kind).occasion is Occasion.WEBHOOK
    return FaultRule(
        kind=kind,
        nth=nth,
        rate=1.0 if counted else draw(st.sampled_from([0.05, 0.2, 0.5])),
        times=draw(st.none() | st.integers(1, MOST_CALLS)),
        seconds=float(draw(st.integers(1, longest_seconds))) if takes_time else None,
    )


_TAKE_TIME = frozenset(
    {
        FaultKind.THROTTLED_429,
        FaultKind.TIME_OUT_THEN_ACCEPT_LATE,
        FaultKind.TIME_OUT_AFTER_ACCEPT,
        FaultKind.SLOW_DRIP,
    }
)
