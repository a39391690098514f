"""Ten thousand spoilt answers of the fake: the client never crashes, never decides wrongly, and keeps the raw answer.

The oracle (``answer_oracle``) reads the bytes by itself and shares no line with the client.
"""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.replies import Reply
from core.documents import FiscalDocument, Submission
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.sending import AnswerRules, claim, record_answer
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    LookUpAnswer,
    Misconfigured,
    NotSent,
    PacDocument,
    RawAnswer,
    Rejected,
    SubmitAnswer,
    Throttled,
)
from core.schedules import Schedules
from tests.builders import a_document
from tests.unit.alanube.answer_oracle import NOW, judge_answer, judge_change, judge_look_up, reading
from tests.unit.alanube.mutations import (
    FINISHES,
    MUTATIONS,
    STATUSES,
    Mutation,
    answers_to_gets,
    answers_to_posts,
    mutated,
    written,
)

POSTS, GETS = answers_to_posts(), answers_to_gets()
STEPS, PLANS = 5, 1_500  # of the posts: 7,500; of the gets: 2,500
KNOWN, SCHEDULES = KnownCodes(), Schedules()
FRESH = a_document(TenantId("01TENANT000000000000000000"))
DOUBTED = replace(FRESH, maybe_executed=True, attempts=1, doubt_since=NOW, resends=1)
RULES = (AnswerRules(), AnswerRules(unrecognised_is_doubt=True))
QUICK = settings(max_examples=PLANS, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def sending(document: FiscalDocument) -> FiscalDocument:
    change = claim(document, now=NOW, worker="w", schedules=SCHEDULES)
    assert change is not None
    return change.document


def spoilt(value: Any, mutations: list[Mutation]) -> list[Any]:
    """The value after each of the mutations."""
    values = []
    for mutation in mutations:
        value = mutated(value, mutation)
        values.append(value)
    return values


PLAN = st.lists(MUTATIONS, min_size=STEPS, max_size=STEPS)
STATUS = st.none() | st.none() | st.sampled_from(STATUSES)


def test_a_spoilt_answer_to_a_post_never_decides_wrongly() -> None:
    judged: dict[str, int] = {}

    @QUICK
    @given(st.sampled_from(POSTS), PLAN, STATUS, st.sampled_from(FINISHES))
    def judge(answer: Any, plan: list[Mutation], status: int | None, finish: Any) -> None:
        for value in spoilt(answer.value, plan):
            body = finish(written(value))
            reply = Reply(status=status or answer.status, body=body, received_at=NOW)
            seen, told = reading(body), classify(reply, KNOWN)
            judge_answer(told, reply, seen)
            for document in (FRESH, DOUBTED):
                held = sending(document)
                for rules in RULES:
                    change = record_answer(
                        held, token=held.last_token, answer=told, now=NOW, schedules=SCHEDULES, rules=rules
                    )
                    judge_change(held, change, told, reply, seen)
            judged[type(told).__name__] = judged.get(type(told).__name__, 0) + 1

    judge()
    assert sum(judged.values()) >= PLANS * STEPS
    assert set(judged) == {each.__name__ for each in get_args(SubmitAnswer)} - {"NotSent"}, judged


def test_a_spoilt_answer_to_a_look_up_never_decides_wrongly() -> None:
    judged: dict[str, int] = {}

    @settings(QUICK, max_examples=500)
    @given(st.sampled_from(GETS), PLAN, STATUS, st.sampled_from(FINISHES))
    def judge(answer: Any, plan: list[Mutation], status: int | None, finish: Any) -> None:
        for value in spoilt(answer.value, plan):
            body = finish(written(value))
            reply = Reply(status=status or answer.status, body=body, received_at=NOW)
            told = classify_look_up(reply, KNOWN)
            judge_look_up(told, reply, reading(body))
            judged[type(told).__name__] = judged.get(type(told).__name__, 0) + 1

    judge()
    assert sum(judged.values()) >= 500 * STEPS
    assert set(judged) == {each.__name__ for each in get_args(LookUpAnswer)}


def test_the_unspoilt_answers_hold_for_the_oracle_too() -> None:
    for answer in POSTS:
        reply = Reply(status=answer.status, body=written(answer.value), received_at=NOW)
        told = classify(reply, KNOWN)
        judge_answer(told, reply, reading(reply.body))
        assert isinstance(told, Accepted) is (
            answer.name in ("accepted", "bare") or "accepted_twice" in answer.name
        ) or ("rejected_by_dgi" in answer.name)
    for answer in GETS:
        reply = Reply(status=answer.status, body=written(answer.value), received_at=NOW)
        judge_look_up(classify_look_up(reply, KNOWN), reply, reading(reply.body))


ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
ALIVE = f'{{"document":{{"id":"{ID}","legalStatus":"PAC_AUTHORIZED"}}}}'.encode()
REFUSED = b'{"code":400,"errors":[{"code":"1602","message":"RUC"}]}'
REPEATED = b'{"code":400,"errors":[{"code":"1002","message":"Duplicado"}]}'
REJECTION: dict[str, Any] = {"codes": ("1602",), "messages": ("RUC",), "is_recognised": True}


@pytest.mark.parametrize(
    ("status", "body", "wrong"),
    [
        (200, b"{}", lambda raw: Accepted(raw=raw, document=PacDocument(pac_document_id=None))),
        (200, b"{}", lambda raw: Accepted(raw=raw, document=PacDocument(pac_document_id=PacDocumentId(ID)))),
        (500, ALIVE, lambda raw: Accepted(raw=raw, document=PacDocument(pac_document_id=PacDocumentId(ID)))),
        (200, ALIVE, lambda raw: Rejected(raw=raw, **REJECTION)),
        (200, ALIVE, lambda raw: Misconfigured(raw=raw, code="AP1010")),
        (200, ALIVE, lambda raw: Duplicate(raw=raw)),
        (502, REFUSED, lambda raw: Rejected(raw=raw, **REJECTION)),
        (400, REPEATED, lambda raw: Rejected(raw=raw, **REJECTION)),
        (400, REFUSED, lambda raw: Misconfigured(raw=raw, code="AP1010")),
        (400, REFUSED, lambda raw: Throttled(raw=raw)),
        (400, REFUSED, lambda raw: Duplicate(raw=raw)),
        (400, REFUSED, lambda raw: NotSent(raw=raw, reason="")),
        (400, b"<html>", lambda raw: Rejected(raw=raw, **REJECTION)),
        (400, REFUSED, lambda raw: Rejected(raw=replace(raw, body=b""), **REJECTION)),
    ],
)
def test_the_oracle_refuses_a_wrong_decision(status: int, body: bytes, wrong: Any) -> None:
    reply = Reply(status=status, body=body, received_at=NOW)
    with pytest.raises(AssertionError):
        judge_answer(wrong(RawAnswer(status=status, body=body)), reply, reading(body))


def test_the_oracle_refuses_a_wrong_state() -> None:
    reply = Reply(status=400, body=REFUSED, received_at=NOW)
    told, held = classify(reply, KNOWN), sending(DOUBTED)
    change = record_answer(held, token=held.last_token, answer=told, now=NOW, schedules=SCHEDULES, rules=AnswerRules())
    judge_change(held, change, told, reply, reading(REFUSED))
    for wrong in (
        replace(change, document=replace(change.document, submission=Submission.REFUSED)),
        replace(change, document=replace(change.document, submission=Submission.QUEUED)),
        replace(change, document=replace(change.document, submission=Submission.ACCEPTED)),
        replace(change, document=replace(change.document, maybe_executed=False)),
        replace(change, exchanges=()),
    ):
        with pytest.raises(AssertionError):
            judge_change(held, wrong, told, reply, reading(REFUSED))
