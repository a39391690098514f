"""The shipped strategies draw what they say, and say what is missing without Hypothesis."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, find, given, settings

from adapters.alanube.fake import strategies
from adapters.alanube.fake.faults import FaultKind, FaultPlan
from adapters.alanube.fake.strategies.nearly_valid import BREAKS
from adapters.alanube.fake.strategies.taxpayers import DrawnRuc
from adapters.alanube.fake.wire import JsonObject, write_json
from core.cufe import parse_cufe
from core.drafts import Draft
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from tests.unit.fake_pac.pac_at_hand import PacAtHand, consumer_invoice

SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@SLOW
@given(strategies.wire_invoices())
def test_the_strict_fake_accepts_every_wire_invoice(payload: JsonObject) -> None:
    pac = PacAtHand(closed_fields=True, whole_pdf=False)
    answer = pac.call("POST", "/invoices", write_json(payload))
    assert answer.status == 200, answer.body
    assert pac.engine.documents[0].total == payload["totals"]["paymentMethods"][0]["amount"]


@SLOW
@given(strategies.fault_plans())
def test_a_fault_plan_strikes_the_same_twice(plan: FaultPlan) -> None:
    runs = []
    for _ in range(2):
        pac = PacAtHand(whole_pdf=False)
        pac.engine.set_faults(plan)
        answers = [pac.call("POST", "/invoices", consumer_invoice(number)) for number in range(1, 6)]
        runs.append(([answer.faults for answer in answers], Counter(pac.engine.faults_fired)))
    assert runs[0] == runs[1]


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_can_be_drawn_alone(kind: FaultKind) -> None:
    found = find(strategies.fault_plans((kind,)), lambda plan: bool(plan.rules), settings=settings(max_examples=50))
    assert [rule.kind for rule in found.rules] == [kind]


def test_a_plan_without_a_choice_draws_many_kinds() -> None:
    seen: set[FaultKind] = set()

    @settings(max_examples=300, database=None)
    @given(strategies.fault_plans())
    def draws(plan: FaultPlan) -> None:
        seen.update(rule.kind for rule in plan.rules)

    draws()
    assert len(seen) > len(FaultKind) / 2


def test_fault_plans_of_some_kinds_hold_no_other() -> None:
    kinds = (FaultKind.HTML_200, FaultKind.LOSE_WEBHOOK)

    @given(strategies.fault_plans(kinds, most=2))
    def holds(plan: FaultPlan) -> None:
        assert len(plan.rules) <= 2
        assert {rule.kind for rule in plan.rules} <= set(kinds)

    holds()


@given(strategies.rucs())
def test_rucs_have_their_own_dv(drawn: DrawnRuc) -> None:
    ruc = parse_ruc(drawn.text, drawn.ruc_type)
    if drawn.dv is not None:
        assert verify_dv(ruc, drawn.dv) is not DvVerdict.WRONG


@given(strategies.cufes())
def test_cufes_can_be_read(cufe: str) -> None:
    assert len(cufe) == 66
    assert parse_cufe(cufe).parts.number > 0


@SLOW
@given(strategies.drafts(), strategies.nearly_valid_drafts("1705"))
def test_drafts_are_drafts(sound: Draft, broken: Draft) -> None:
    assert sound.lines
    assert broken.references == ()
    assert "1705" in BREAKS


def test_without_hypothesis_the_missing_extra_is_named() -> None:
    blocked = "import sys; sys.modules['hypothesis'] = None; import adapters.alanube.fake.strategies"
    told = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False)
    assert "istmo[strategies]" in told.stderr.splitlines()[-1]


def test_the_fake_itself_needs_no_hypothesis() -> None:
    served = "import sys; sys.modules['hypothesis'] = None; import adapters.alanube.fake.http_server"
    subprocess.run([sys.executable, "-c", served], check=True)
