"""What every answer means for a document: all statuses x all body shapes x what may have been executed before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Reply, Silence
from core.documents import FiscalDocument, Submission
from core.identifiers import TenantId
from core.lifecycle.sending import AnswerRules, claim, record_answer
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Misconfigured,
    NotSent,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
)
from core.schedules import Schedules
from tests.builders import NOW, a_document
from tests.unit.test_answer_table import SHAPES, STATUSES, Shape

SCHEDULES = Schedules()
PLAIN = AnswerRules()
LATER = NOW + timedelta(seconds=3)


def sending(*, doubted_before: bool) -> FiscalDocument:
    document = replace(a_document(TenantId("tenant")), maybe_executed=doubted_before)
    change = claim(document, now=NOW, worker="w", schedules=SCHEDULES)
    assert change is not None
    return change.document


def after(document: FiscalDocument, answer: SubmitAnswer, rules: AnswerRules = PLAIN) -> FiscalDocument:
    assert document.claim is not None
    change = record_answer(
        document, token=document.claim.token, answer=answer, now=LATER, schedules=SCHEDULES, rules=rules
    )
    assert change.exchanges[0].body == answer.raw.body, "the raw answer is kept whole"
    assert change.document.claim is None
    return change.document


def check(document: FiscalDocument, answer: SubmitAnswer, *, doubted_before: bool) -> None:
    match answer:
        case Accepted():
            assert document.submission is Submission.ACCEPTED
        case Rejected() if not doubted_before:
            assert document.submission is Submission.REFUSED
        case Rejected() | Duplicate() | Unknown():
            assert document.submission is Submission.IN_DOUBT
            assert document.maybe_executed
            assert document.settles_at is not None
        case NotSent() | Throttled() | Misconfigured():
            assert document.submission is Submission.QUEUED
            assert document.maybe_executed is doubted_before, "back to what it was: doubt is never forgotten"
    if document.submission in (Submission.QUEUED, Submission.IN_DOUBT, Submission.ACCEPTED):
        assert document.next_action_at is not None, "I8"


@pytest.mark.parametrize("doubted_before", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_outcome_of_every_status_and_body(shape: Shape, doubted_before: bool) -> None:
    document = sending(doubted_before=doubted_before)
    for status in STATUSES:
        answer = classify(Reply(status=status, body=shape.body, received_at=NOW, cut=shape.cut), KnownCodes())
        check(after(document, answer), answer, doubted_before=doubted_before)


@pytest.mark.parametrize("doubted_before", [False, True])
@pytest.mark.parametrize("left", [False, True])
def test_the_outcome_of_silence(left: bool, doubted_before: bool) -> None:
    answer = classify(Silence(reason="x", left=left), KnownCodes())
    check(after(sending(doubted_before=doubted_before), answer), answer, doubted_before=doubted_before)


def test_an_unrecognised_rejection_is_doubt_where_the_setting_says_so() -> None:
    body = b'{"errors":[{"code":"AP99999","message":"?"}]}'
    answer = classify(Reply(status=400, body=body, received_at=NOW), KnownCodes())
    assert after(sending(doubted_before=False), answer).submission is Submission.REFUSED
    careful = AnswerRules(unrecognised_is_doubt=True)
    assert after(sending(doubted_before=False), answer, careful).submission is Submission.IN_DOUBT


def test_a_pac_that_checks_numbers_first_may_refuse_a_resend() -> None:
    answer = classify(Reply(status=422, body=b'{"errors":[{"code":"1602"}]}', received_at=NOW), KnownCodes())
    first = AnswerRules(number_checked_first=True)
    assert after(sending(doubted_before=True), answer, first).submission is Submission.REFUSED
    assert after(sending(doubted_before=True), answer).submission is Submission.IN_DOUBT


def test_an_answer_to_an_older_claim_changes_no_state_but_its_id_is_kept() -> None:
    document = sending(doubted_before=False)
    body = b'{"document":{"id":"01JA0B1C2D3E4F5G6H7J8K9M0N","legalStatus":"PAC_AUTHORIZED"}}'
    answer = classify(Reply(status=200, body=body, received_at=NOW), KnownCodes())
    change = record_answer(
        document, token=document.last_token - 1, answer=answer, now=LATER, schedules=SCHEDULES, rules=AnswerRules()
    )
    assert change.document.submission is Submission.SENDING
    assert change.document.claim == document.claim
    assert change.document.hinted_ids == ("01JA0B1C2D3E4F5G6H7J8K9M0N",)


def test_a_rejection_with_evidence_at_hand_is_looked_at_again_at_once() -> None:
    document = replace(sending(doubted_before=False), hinted_ids=("01JA0B1C2D3E4F5G6H7J8K9M0N",))
    answer = classify(Reply(status=400, body=b'{"errors":[{"code":"1602"}]}', received_at=NOW), KnownCodes())
    refused = after(document, answer)
    assert refused.submission is Submission.REFUSED
    assert refused.next_action_at == LATER
