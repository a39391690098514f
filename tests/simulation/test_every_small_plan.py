"""Every plan of up to N faults and crashes for one document, under every form of refusing a repeated number.

``ISTMO_EXHAUSTIVE_FAULTS=3`` walks all plans of three (long); the default of 2 walks plans of up to one fault whole,
and of two with the forms that differ most. A plan whose last trouble cannot strike, because the document came to rest
before it, is the shorter plan again and is walked as that. It fails when a fault or a crash point never struck.
"""

import logging
import os
from collections import Counter
from dataclasses import replace

import pytest

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer
from core.tenants import DoubtPolicy
from tests.simulation.one_document import run
from tests.simulation.small_plan import TROUBLES, Meanwhile, Plan, Trouble

DEPTH = int(os.environ.get("ISTMO_EXHAUSTIVE_FAULTS", "2"))
TELLING_FORMS = (
    DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE,
    DuplicateAnswer.CONFLICT_WITH_ID,
    DuplicateAnswer.REJECTED_BY_DGI,
    DuplicateAnswer.ACCEPTED_TWICE,
)


def plans(depth: int) -> list[Plan]:
    """Without troubles: every form and setting in which plans of this depth are walked."""
    forms = tuple(DuplicateAnswer) if depth < 2 else TELLING_FORMS
    meanwhile = [
        Plan((), DoubtPolicy.RESEND, DuplicateAnswer.BAD_REQUEST_KNOWN_CODE, webhooks, meanwhile=happens)
        for webhooks, happens in ((True, Meanwhile.WEBHOOK_ARRIVES), (False, Meanwhile.POLICY_FALLS_TO_PARK))
    ]
    return meanwhile + [
        Plan(troubles=(), policy=policy, duplicate=form, webhooks_arrive=webhooks, unrecognised_is_doubt=careful)
        for policy in DoubtPolicy
        for form in forms
        for webhooks in (True, False)
        for careful in ((True, False) if form in UNKNOWN_CODE_FORMS else (False,))
    ]


def walk(plan: Plan, fired: Counter[Trouble]) -> bool:
    """Run one plan; whether a further trouble could strike."""
    try:
        return run(plan, fired)
    except AssertionError as broken:
        raise AssertionError(f"{plan}: {broken}") from broken


@pytest.mark.parametrize("depth", range(DEPTH + 1))
def test_no_plan_loses_or_doubles_the_document(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # every simulated crash is logged as what it is
    fired: Counter[Trouble] = Counter()
    walked = 0
    open_ended = plans(depth)
    for length in range(depth + 1):
        longer = (
            [replace(plan, troubles=(*plan.troubles, trouble)) for plan in open_ended for trouble in TROUBLES]
            if length
            else open_ended
        )
        open_ended = [plan for plan in longer if walk(plan, fired)]
        walked += len(longer)
    if depth:
        never = [trouble for trouble in TROUBLES if not fired[trouble]]
        assert not never, f"never struck: {never}"
    assert walked >= len(TROUBLES) ** depth
