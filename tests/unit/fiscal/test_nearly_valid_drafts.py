"""One broken rule: preflight refuses the draft and the fake its payload, each by itself, with the same number."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.preflight import Severity, every_rule
from tests.strategies.nearly_valid import (
    BREAKS,
    STAYS_OFF_THE_WIRE,
    WARNED_ABOUT,
    nearly_valid_drafts,
    warned_drafts,
)
from tests.unit.fiscal.at_the_pac import judged, post
from tests.unit.fiscal.fiscal_drafts import LINE, to_consumer

few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@pytest.mark.parametrize("rule", BREAKS)
@few
@given(data=st.data())
async def test_preflight_and_the_fake_refuse_by_the_same_rule(rule: str, data: st.DataObject) -> None:
    draft = data.draw(nearly_valid_drafts(rule))
    ahead = BREAKS[rule][0].ahead
    assert rule in {finding.rule for finding in judged(draft, ahead=ahead).errors}
    assert rule in (await post(draft, ahead=ahead)).refused_with


async def test_one_line_too_many_is_refused_by_both() -> None:
    draft = to_consumer(*[LINE] * 1001)
    assert {finding.rule for finding in judged(draft).errors} == {"2000"}
    assert (await post(draft)).refused_with == {"2000"}


@pytest.mark.parametrize("rule", WARNED_ABOUT)
@few
@given(data=st.data())
async def test_preflight_warns_and_the_fake_authorises_with_the_same_notification(
    rule: str, data: st.DataObject
) -> None:
    draft = data.draw(warned_drafts(rule))
    ahead = WARNED_ABOUT[rule].ahead
    verdict = judged(draft, ahead=ahead)
    assert not verdict.is_refused
    assert rule in {finding.rule for finding in verdict.warnings}
    posted = await post(draft, ahead=ahead)
    assert posted.refused_with == set()
    assert {"0260", rule} <= posted.told_with()


def test_every_numbered_rule_is_compared_or_has_its_reason() -> None:
    numbered = {rule.dgi for rule in every_rule() if rule.dgi is not None}
    compared = set(BREAKS) | set(WARNED_ABOUT) | set(STAYS_OFF_THE_WIRE)
    told_otherwise = {
        "1600",  # always told as 1620 or 1623
        "2501",  # how a PAC may round: a warning of ours that breaks no rule
    }
    assert numbered - compared == told_otherwise


def test_what_stays_off_the_wire_is_refused_by_preflight_alone_or_by_the_vendors_schema() -> None:
    refusing = {rule.dgi for rule in every_rule() if rule.severity is Severity.ERROR}
    assert set(STAYS_OFF_THE_WIRE) <= refusing
    assert not set(STAYS_OFF_THE_WIRE) & set(BREAKS)
