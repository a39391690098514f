"""The second half of the worlds: every invariant holds, every trouble strikes, equal seeds give equal traces."""

from tests.simulation.many_worlds import FIRST_SEED_TWICE, HALF, hold_every_invariant, leave_the_same_traces

RARE = frozenset({"evidence came after the successor left"})  # the first half meets it


def test_every_invariant_holds_in_every_world_and_every_trouble_strikes() -> None:
    hold_every_invariant(1 + HALF, but_for=RARE)


def test_the_same_seed_gives_the_same_trace() -> None:
    leave_the_same_traces(FIRST_SEED_TWICE + HALF)
