"""Every plan of up to N faults and crashes for one document, under every form of refusing a repeated number.

``ISTMO_EXHAUSTIVE_FAULTS=3`` walks all plans of three (long); the default of 1 walks plans of up to one fault whole,
and of two with the forms that differ most. It fails when a fault or a crash point never struck.
"""

import itertools
import logging
import os
from collections import Counter

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from core.tenants import DoubtPolicy
from tests.simulation.one_document import TROUBLES, Plan, Trouble, run

DEPTH = int(os.environ.get("ISTMO_EXHAUSTIVE_FAULTS", "2"))
TELLING_FORMS = (
    DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE,
    DuplicateAnswer.CONFLICT_WITH_ID,
    DuplicateAnswer.REJECTED_BY_DGI,
    DuplicateAnswer.ACCEPTED_TWICE,
)


def plans(depth: int) -> list[Plan]:
    forms = tuple(DuplicateAnswer) if depth < 2 else TELLING_FORMS
    return [
        Plan(troubles=troubles, policy=policy, duplicate=form, webhooks_arrive=webhooks, unrecognised_is_doubt=careful)
        for troubles in itertools.product(TROUBLES, repeat=depth)
        for policy in DoubtPolicy
        for form in forms
        for webhooks in (True, False)
        for careful in ((True, False) if form is DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE else (False,))
    ]


@pytest.mark.parametrize("depth", range(DEPTH + 1))
def test_no_plan_loses_or_doubles_the_document(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # every simulated crash is logged as what it is
    fired: Counter[Trouble] = Counter()
    walked = plans(depth)
    for plan in walked:
        try:
            run(plan, fired)
        except AssertionError as broken:
            raise AssertionError(f"{plan}: {broken}") from broken
    if depth:
        never = [trouble for trouble in TROUBLES if not fired[trouble]]
        assert not never, f"never struck: {never}"
    assert len(walked) >= len(TROUBLES) ** depth
