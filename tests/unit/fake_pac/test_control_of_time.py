"""The fake's clock over /_fake, what a reset gives back, and affiliation on demand."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.alanube.fake.clocks import ManualClock, OffsetClock
from adapters.alanube.fake.control import Control
from adapters.alanube.fake.engine import FakePacEngine
from tests.unit.fake_pac.pac_at_hand import ISSUER_RUC, NOON, PacAtHand
from tests.unit.fake_pac.test_control import call, good


@pytest.fixture
def control(pac: PacAtHand) -> Control:
    return Control(pac.engine)


def test_the_clock_shows_what_comes_next(pac: PacAtHand, control: Control) -> None:
    assert good(control, "GET", "/clock") == {"now": "2026-03-04T17:00:00+00:00", "nextDueAt": None}
    pac.issue()
    assert good(control, "GET", "/clock")["nextDueAt"] == "2026-03-04T17:00:02+00:00"


def test_jumps_to_a_moment(pac: PacAtHand, control: Control) -> None:
    document = pac.issue()
    moved = good(control, "POST", "/clock/advance", {"until": "2026-03-12T07:00:00-05:00"})
    assert moved["now"] == "2026-03-12T12:00:00+00:00"
    assert document.legal_status == "DGI_AUTHORIZED"
    assert document.history[-1][0] == NOON + timedelta(seconds=2), "what came due on the way has its own time"


@pytest.mark.parametrize("until", ["2026-03-04T16:59:59+00:00", "2026-03-05T12:00:00", "tomorrow", 7])
def test_refuses_to_go_back_or_to_nowhere(control: Control, until: object) -> None:
    assert call(control, "POST", "/clock/advance", {"until": until}).status == 400


def test_a_ticking_clock_can_stand_still_and_tick_again() -> None:
    clock = OffsetClock()
    control = Control(FakePacEngine(clock=clock))
    stopped = good(control, "POST", "/clock/freeze")["now"]
    assert good(control, "GET", "/clock")["now"] == stopped
    jumped = good(control, "POST", "/clock/advance", {"seconds": 3600})["now"]
    assert datetime.fromisoformat(jumped) - datetime.fromisoformat(stopped) == timedelta(hours=1)
    assert datetime.fromisoformat(good(control, "POST", "/clock/release")["now"]) >= datetime.fromisoformat(jumped)
    assert clock() >= datetime.fromisoformat(jumped)
    assert clock() - datetime.now(UTC) < timedelta(hours=2)


def test_a_released_clock_that_never_stood_still_is_left_alone() -> None:
    clock = OffsetClock()
    clock.advance(timedelta(hours=5))
    clock.release()
    assert clock() - datetime.now(UTC) > timedelta(hours=4)


@pytest.mark.parametrize("path", ["/clock/freeze", "/clock/release"])
def test_a_fixed_clock_says_so(path: str) -> None:
    assert call(Control(FakePacEngine(clock=lambda: NOON)), "POST", path).status == 409


def test_a_manual_clock_stands_still_by_itself() -> None:
    clock = ManualClock(NOON)
    clock.freeze()
    clock.advance(timedelta(minutes=1))
    clock.release()
    assert clock() == NOON + timedelta(minutes=1)
    clock.restart()
    assert clock() == NOON


def test_a_reset_gives_back_settings_faults_progression_and_time() -> None:
    clock = OffsetClock()
    engine = FakePacEngine(clock=clock)
    control = Control(engine)
    first = good(control, "GET", "/state")["behaviour"]
    good(control, "POST", "/behaviour", {"accepted_status": 202, "duplicate_answer": "accepted_twice"})
    good(control, "POST", "/faults", {"rules": [{"kind": "html_200"}]})
    good(control, "POST", "/progression", {"policy": "silent"})
    good(control, "POST", "/clock/advance", {"seconds": 10**8})
    good(control, "POST", "/clock/freeze")

    state = good(control, "POST", "/reset")

    assert state["behaviour"] == first
    assert state["faultsFired"] == {}
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=1)


def test_affiliation_is_set_to_any_state(pac: PacAtHand, control: Control) -> None:
    path = f"/companies/{pac.company.id}/affiliation"
    for state in ("PENDING", "REQUESTED", "SUBSCRIBED"):
        assert good(control, "POST", path, {"affiliated": state})["affiliated"] == state
    assert call(control, "POST", path, {"affiliated": "MARRIED"}).status == 400
    assert call(control, "POST", path, {}).status == 400
    assert call(control, "POST", "/companies/nothing/affiliation", {"affiliated": "PENDING"}).status == 404


def test_an_inactive_company_can_be_made(pac: PacAtHand, control: Control) -> None:
    good(control, "POST", "/companies", {"ruc": ISSUER_RUC, "name": "Dormida, S.A.", "isActive": False})
    assert [company["isActive"] for company in pac.call("GET", "/companies").json()] == [True, False]


def test_lists_the_kinds_of_faults_and_what_struck(pac: PacAtHand, control: Control) -> None:
    good(control, "POST", "/faults", {"rules": [{"kind": "inner_error_200"}]})
    answer = pac.call("POST", "/invoices", {})
    told = good(control, "GET", "/faults")
    assert answer.json()["httpStatusCode"] == 500
    assert told["fired"] == {"inner_error_200": 1}
    assert len(told["kinds"]) > 30
