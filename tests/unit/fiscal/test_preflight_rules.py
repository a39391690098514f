"""One broken rule at a time: each is found, with its DGI number and its path, and breaks nothing else."""

import re
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal

import pytest

from core.codes import (
    ReceiverType,
)
from core.drafts import (
    Draft,
)
from core.preflight import Severity, every_rule
from tests.unit.fiscal.broken_amounts import BROKEN_AMOUNTS
from tests.unit.fiscal.broken_parties import BROKEN_PARTIES
from tests.unit.fiscal.fiscal_drafts import (
    CONSUMER,
    CPBS_LINE,
    GOVERNMENT,
    LINE,
    to_consumer,
    to_taxpayer,
    verdict_of,
)

TOGETHER = {  # rules that no draft can break alone
    "line_too_large": {"high_consumer_total", "high_total"},
    "discount_on_nothing": {"total_negative"},
}


BROKEN = BROKEN_PARTIES + BROKEN_AMOUNTS


def name_of(case: tuple[Draft, str, str | None, str]) -> str:
    return f"{case[1]} at {case[3]}"


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_one_broken_rule_is_one_finding(case):
    draft, code, dgi, place = case
    findings = verdict_of(draft).findings
    assert {finding.code for finding in findings} - TOGETHER.get(code, set()) == {code}
    found = next(finding for finding in findings if finding.code == code)
    assert (found.rule, ".".join(map(str, found.path))) == (dgi, place)
    assert found.message.english != found.message.spanish
    assert "{" not in found.message.english + found.message.spanish + found.hint.english + found.hint.spanish


def test_every_rule_is_broken_by_some_case():
    elsewhere = {
        "issued_long_ago",
        "issued_ahead",
        "issued_too_far_ahead",
        "discount_above_price",
        "total_too_large",
    }
    assert {rule.code for rule in every_rule()} - elsewhere == {code for _, code, _, _ in BROKEN}


def test_a_discount_above_the_price_makes_the_line_negative():
    (found,) = [
        f for f in verdict_of(to_consumer(replace(LINE, unit_discount=Decimal("40.01")))).errors if f.rule == "2051"
    ]
    assert found.path == ("lines", 0, "unitDiscount")


def test_a_total_of_twelve_digits_is_too_large():
    draft = to_taxpayer(*[replace(LINE, quantity=Decimal(20_000_000))] * 130)
    assert "total_too_large" in {finding.code for finding in verdict_of(draft).errors}


CALLERS_WORDS = {"contributorType": "ruc_type"}  # Panama's own word in the input


def snake(name: str) -> str:
    if name in CALLERS_WORDS:
        return CALLERS_WORDS[name]
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_every_path_leads_to_a_field_of_the_draft(case):
    for finding in verdict_of(case[0]).findings:
        place: object = case[0]
        for step in finding.path:
            if isinstance(step, int):
                place = place[step]
            elif is_dataclass(place):
                assert snake(step) in {field.name for field in fields(place)}
                place = getattr(place, snake(step))


def test_codes_are_unique_and_texts_speak_both_languages():
    rules = list(every_rule())
    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.hint.english != rule.hint.spanish
        assert rule.severity is not Severity.OFF
        placeholders = re.compile(r"\{(\w+)\}")
        assert set(placeholders.findall(rule.message.english)) == set(placeholders.findall(rule.message.spanish))


@pytest.mark.parametrize("receiver_type", [ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT])
def test_a_receiver_without_anything_gets_every_finding_at_once(receiver_type):
    draft = to_consumer(CPBS_LINE, receiver=replace(CONSUMER, receiver_type=receiver_type))
    assert {finding.rule for finding in verdict_of(draft).errors} == {"1601", "1605", "1606", "1607"}
    assert replace(GOVERNMENT, receiver_type=receiver_type).ruc
