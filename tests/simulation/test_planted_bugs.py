"""Every planted bug is caught, by the search that it names, within so many worlds, by the invariant that it names.

A bug that is not caught any more means that the searches or the oracles became blind on one eye: mend those.
"""

import logging

import pytest

from core.lifecycle import doubt
from core.schedules import Schedules
from core.use_cases import settle_doubt
from tests.simulation.planted_bug import PlantedBug, invariant_of, replaced
from tests.simulation.planted_bugs import all_bugs
from tests.simulation.planted_search import (
    search_for,
    search_later_wishes,
    search_random_worlds,
    search_small_plans,
    search_small_voids,
)

BUGS = all_bugs()
REQUIRED_NAMES = {
    "doubt is forgotten on the way back to queued",
    "a 400 to the resend is final",
    "a 422 to the resend is final",
    "a 2xx with an id and pac rejected is final for the resend",
    "a 409 without an id is final for the resend",
    "the 1002 at the dgi after a resend is final",
    "the body is rebuilt instead of stored",
    "a hint is adopted without a get",
    "outside the window settles a void in doubt",
    "an answer that does not come is a reason to send again",
    "doubt gives the order a new number",
    "there is no settling time",
    "the status is taken from the webhook body",
    "an answer is not fenced",
    "a second pdf is current",
    "the legal status may go back",
    "a successor is not held back",
    "late evidence for the original is ignored",
    "a payment is recorded once for each call",
    "an orphan webhook is dropped",
    "the tenant filter is forgotten",
}


def name_of(bug: PlantedBug) -> str:
    return bug.name.replace(" ", "_")


@pytest.mark.parametrize("bug", BUGS, ids=name_of)
def test_it_is_caught(bug: PlantedBug, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    catch = search_for(bug)
    assert catch is not None, f"survived {bug.within} worlds"
    assert catch.invariant == bug.speaks, catch.message


def test_without_a_bug_nothing_is_accused(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    assert search_small_plans(100) is None
    assert search_small_voids(100) is None
    assert search_random_worlds(10) is None
    assert search_later_wishes(10) is None


def test_there_are_as_many_as_were_asked_for_and_each_has_its_own_name() -> None:
    names = [bug.name for bug in BUGS]
    assert len(set(names)) == len(names) >= 50
    assert set(names) >= REQUIRED_NAMES


def test_a_bug_is_gone_when_its_search_is_over_and_is_everywhere_while_it_runs() -> None:
    right = doubt.settle
    with replaced("core.lifecycle.doubt:settle", lambda _: None):
        assert doubt.settle is settle_doubt.settle is None
    assert doubt.settle is settle_doubt.settle is right
    settled_at = Schedules.settled_at
    with pytest.raises(ZeroDivisionError), replaced("core.schedules:Schedules.settled_at", lambda _: len):
        _ = 1 / (Schedules.settled_at is not len)
    assert Schedules.settled_at is settled_at


@pytest.mark.parametrize("place", ["core.lifecycle.doubt:no_such_step", "core.schedules:NoSuchClass.settled_at"])
def test_a_place_that_does_not_exist_any_more_is_told(place: str) -> None:
    with pytest.raises(ValueError, match="does not exist"), replaced(place, lambda right: right):
        pass


def test_the_invariant_is_read_from_the_end_of_the_message() -> None:
    assert invariant_of(AssertionError("a status (PAC_REJECTED) never changes (A11)\nassert ...")) == "A11"
    assert invariant_of(AssertionError("says nothing")) == "?"
