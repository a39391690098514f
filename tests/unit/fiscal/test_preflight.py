"""Scenarios that pass, moments, settings, and the promise that preflight never fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType, ItbmsRate, OperationNature, PaymentForm, PaymentTime, ReceiverType, RucType
from core.drafts import Draft, DraftInstalment, DraftLine, DraftReceiver, DraftReference
from core.preflight import (
    Confidence,
    PreflightRefusedError,
    PreflightSettings,
    Severity,
    UnsettableRuleError,
    every_rule,
    preflight,
    refuse_if_broken,
)
from core.receiver_identity import ruc_as_sent
from core.totals import compute_totals
from tests.unit.fiscal.fiscal_drafts import (
    CONSUMER,
    EXEMPT_LINE,
    FOREIGNER,
    LINE,
    NOW,
    SCENARIOS,
    credit_note,
    error_codes,
    paid,
    some_lines,
    to_consumer,
    to_government,
    to_taxpayer,
    verdict_of,
)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_sound_document_of_every_scenario_passes_without_a_word(scenario):
    assert verdict_of(SCENARIOS[scenario]()).findings == ()


def test_government_on_credit_with_retention_keeps_its_full_total():
    totals = compute_totals(to_government())
    assert (totals.total, totals.retention_amount) == (Decimal("143.40"), Decimal("4.20"))
    assert totals.payments[0].form is PaymentForm.CREDIT


def test_exempt_and_taxed_lines_go_together():
    totals = compute_totals(to_consumer(LINE, EXEMPT_LINE))
    assert [rate.rate for rate in totals.rates] == [ItbmsRate.EXEMPT, ItbmsRate.GENERAL_7]


def test_a_generic_note_may_name_a_paper_invoice():
    draft = credit_note(
        document_type=DocumentType.GENERIC_CREDIT_NOTE,
        nature=OperationNature.SALE,
        references=(DraftReference(issued_at=NOW - timedelta(days=1), paper_number="0001234"),),
    )
    assert verdict_of(draft).findings == ()


def test_a_mixed_payment_has_cash_now_and_credit_in_instalments():
    draft = to_consumer(
        payment_time=PaymentTime.MIXED,
        payments=(paid("28.40"), paid("100.00", PaymentForm.CREDIT)),
        instalments=(DraftInstalment(due_on=NOW.date(), amount=Decimal("100.00")),),
    )
    assert verdict_of(draft).findings == ()


@pytest.mark.parametrize(
    ("receiver", "sent"),
    [
        (replace(CONSUMER, ruc="8-888-8888", ruc_type=RucType.NATURAL), "8-888-8888"),
        (replace(CONSUMER, ruc="8AV-1-196", ruc_type=RucType.NATURAL), "8-AV-1-196"),
        (replace(CONSUMER, ruc="8-888", ruc_type=RucType.NATURAL), None),
        (replace(CONSUMER, ruc="155596713-2-2015", ruc_type=RucType.LEGAL), None),
        (replace(CONSUMER, ruc="8-888-8888"), None),
        (CONSUMER, None),
        (replace(FOREIGNER, ruc="8-888-8888", ruc_type=RucType.NATURAL), None),
        (
            DraftReceiver(receiver_type=ReceiverType.TAXPAYER, ruc="999999999-9999-999999", ruc_type=RucType.LEGAL),
            None,
        ),
    ],
)
def test_a_receivers_ruc_is_sent_only_where_it_fits(receiver, sent):
    ruc = ruc_as_sent(receiver)
    assert (ruc and ruc.normalised) == sent


@pytest.mark.parametrize(
    ("ahead", "rules"),
    [
        (timedelta(days=-30), set()),
        (timedelta(days=-30, seconds=-1), {("1519", Severity.WARNING)}),
        (timedelta(hours=24), set()),
        (timedelta(hours=24, seconds=1), {("1535", Severity.WARNING)}),
        (timedelta(days=2), {("1535", Severity.WARNING)}),  # Friday
        (timedelta(days=4), {("1535", Severity.WARNING)}),  # Sunday: still two business days
        (timedelta(days=5), {("1520", Severity.ERROR)}),
    ],
)
def test_an_issue_date_has_its_limits(ahead, rules):
    verdict = preflight(to_consumer(), issued_at=NOW + ahead, now=NOW)
    assert {(finding.rule, finding.severity) for finding in verdict.findings} == rules


@pytest.mark.parametrize("naive", ["issued_at", "now"])
def test_moments_must_have_a_zone(naive):
    moments = {"issued_at": NOW, "now": NOW} | {naive: NOW.replace(tzinfo=None)}
    with pytest.raises(ValueError, match="time zone"):
        preflight(to_consumer(), **moments)


def test_a_medium_rule_can_be_softened_and_switched_off():
    draft = replace(to_taxpayer(), receiver=replace(to_taxpayer().receiver, address=None))
    code = "receiver_address_missing"
    assert verdict_of(draft).is_refused
    soft = verdict_of(draft, PreflightSettings(severities={code: Severity.WARNING}))
    assert (soft.errors, [finding.code for finding in soft.warnings]) == ((), [code])
    assert verdict_of(draft, PreflightSettings(severities={code: Severity.OFF})).findings == ()


@pytest.mark.parametrize("code", ["cpbs_missing", "negative_amount", "no_such_rule"])
def test_a_certain_or_unknown_rule_has_no_setting(code):
    with pytest.raises(UnsettableRuleError):
        PreflightSettings(severities={code: Severity.OFF})


def test_every_rule_that_is_not_certain_has_a_setting():
    uncertain = [rule.code for rule in every_rule() if rule.confidence is not Confidence.HIGH]
    assert PreflightSettings(severities=dict.fromkeys(uncertain, Severity.WARNING)).severities


def test_limits_can_be_set():
    settings = PreflightSettings(high_consumer_total=Decimal(100))
    assert [finding.rule for finding in verdict_of(to_consumer(), settings).warnings] == ["2515"]


def test_errors_come_first_and_refusal_carries_the_verdict():
    draft = to_taxpayer(replace(LINE, unit_price=Decimal("100000.01"), description="x"))
    verdict = verdict_of(draft)
    assert [finding.severity for finding in verdict.findings] == [Severity.ERROR, Severity.WARNING]
    with pytest.raises(PreflightRefusedError) as caught:
        refuse_if_broken(verdict)
    assert caught.value.verdict is verdict
    assert caught.value.path == ("lines", 0, "description")


def test_a_sound_document_is_not_refused():
    refuse_if_broken(verdict_of(to_consumer()))


def test_all_problems_come_at_once():
    line = DraftLine(description="x", quantity=Decimal(-1), unit_price=Decimal("NaN"), cpbs_code="7")
    draft = to_consumer(line, line, export=None, information="x" * 6000)
    assert len(verdict_of(draft).errors) >= 9


def test_ten_thousand_lines_are_refused_without_reading_them_all():
    bad = replace(LINE, description="x")
    findings = verdict_of(to_consumer(*[bad] * 10_000)).findings
    assert len(findings) == 1 + 1000
    assert "too_many_lines" in error_codes(to_consumer(*[bad] * 10_000))


ANY_AMOUNT = st.decimals() | st.sampled_from([Decimal("-0"), Decimal("1E+400"), Decimal("sNaN"), Decimal("1E-400")])


@given(st.text(), ANY_AMOUNT, ANY_AMOUNT, ANY_AMOUNT, st.sampled_from(DocumentType), st.text(max_size=80))
def test_preflight_answers_for_any_input(text, quantity, price, amount, document_type, cufe):
    draft = Draft(
        document_type=document_type,
        receiver=DraftReceiver(
            receiver_type=ReceiverType.TAXPAYER,
            ruc=text,
            ruc_type=RucType.LEGAL,
            dv=text,
            name=text,
            location_code=text,
            country=text,
            emails=(text,),
        ),
        lines=(
            DraftLine(
                description=text, quantity=quantity, unit_price=price, isc_rate=amount, cpbs_code=text, freight=amount
            ),
        ),
        payments=(paid("1.00"), replace(paid("1.00"), amount=amount)),
        discounts=(),
        references=(DraftReference(issued_at=NOW, cufe=cufe),),
        other_charges=amount,
    )
    assert verdict_of(draft).is_refused


@given(some_lines(), st.booleans())
def test_drawn_documents_only_ever_get_warnings(lines, includes_itbms):
    assert error_codes(to_consumer(*lines, prices_include_itbms=includes_itbms)) == set()


@given(some_lines(), st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")))
def test_the_verdict_depends_on_its_arguments_alone(lines, moment):
    now = moment.replace(tzinfo=UTC)
    draft = to_consumer(*lines)
    assert preflight(draft, issued_at=now, now=now) == preflight(draft, issued_at=now, now=now)
