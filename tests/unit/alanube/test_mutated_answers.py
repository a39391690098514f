"""Ten thousand spoilt answers of the fake: the client never crashes, never decides wrongly, and keeps the raw answer.

The oracle reads the bytes by itself and knows only what the contract says; it shares no line with the client.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.alanube.answers import classify
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.replies import Reply
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.following import apply_look_up
from core.lifecycle.sending import AnswerRules, claim, record_answer
from core.ports.pac_gateway import (
    Accepted,
    Duplicate,
    Found,
    LookUpAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    PacDocument,
    RawAnswer,
    Rejected,
    SubmitAnswer,
    Throttled,
    Unknown,
)
from core.schedules import Schedules
from tests.builders import a_document
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

NOW = datetime(2026, 3, 4, 15, 15, tzinfo=UTC)
POSTS, GETS = answers_to_posts(), answers_to_gets()
STEPS, PLANS = 5, 1_500  # of the posts: 7,500; of the gets: 2,500
KNOWN, SCHEDULES = KnownCodes(), Schedules()
FRESH = a_document(TenantId("01TENANT000000000000000000"))
DOUBTED = replace(FRESH, maybe_executed=True, attempts=1, doubt_since=NOW, resends=1)
RULES = (AnswerRules(), AnswerRules(unrecognised_is_doubt=True))
QUICK = settings(max_examples=PLANS, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What anybody can see in an answer. ``document_id`` is one that could stand in a path."""

    is_readable: bool
    document_id: str | None = None
    legal_status: object = None
    inner: int | None = None
    says_duplicate: bool = False
    text: str = ""

    @property
    def is_rejected(self) -> bool:
        return self.legal_status == "PAC_REJECTED"


def reading(body: bytes) -> Reading:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    def no_constant(name: str) -> float:
        raise ValueError(name)

    try:
        value = json.loads(body, object_pairs_hook=once, parse_constant=no_constant)
    except (ValueError, RecursionError):
        return Reading(is_readable=False)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(value, dict):
        return Reading(is_readable=False)
    shown = value["document"] if isinstance(value.get("document"), dict) else value
    name, inner = shown.get("id"), value.get("httpStatusCode")
    inner = int(inner) if isinstance(inner, str) and re.fullmatch("[45][0-9][0-9]", inner) else inner
    errors = [entry for each in (value, shown) for entry in _list(each.get("errors")) if isinstance(entry, dict)]
    return Reading(
        is_readable=True,
        document_id=name if isinstance(name, str) and re.fullmatch(r"[0-9A-Za-z_-]{1,64}", name, re.ASCII) else None,
        legal_status=shown.get("legalStatus"),
        inner=inner if isinstance(inner, int) and not isinstance(inner, bool) and 400 <= inner <= 599 else None,
        says_duplicate=any(entry.get("code") in ("1002", 1002) for entry in errors),
        text=json.dumps(value),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def sending(document: FiscalDocument) -> FiscalDocument:
    change = claim(document, now=NOW, worker="w", schedules=SCHEDULES)
    assert change is not None
    return change.document


def judge_answer(answer: SubmitAnswer, reply: Reply, seen: Reading) -> None:
    """No member of the union without what proves it."""
    assert isinstance(answer, get_args(SubmitAnswer))
    assert (answer.raw.status, answer.raw.body) == (reply.status, reply.body)
    assert not isinstance(answer, NotSent), "an answer came, so something left"
    good = 200 <= reply.status <= 299
    told = seen.inner if good and seen.inner is not None else reply.status
    if isinstance(answer, Accepted):
        assert good
        assert seen.document_id is not None
        assert answer.document.pac_document_id == seen.document_id
        assert not seen.is_rejected
        assert seen.inner is None
    if isinstance(answer, Rejected):
        assert seen.is_readable
        assert not seen.says_duplicate
        if good and seen.document_id is not None:
            assert seen.is_rejected
        else:
            assert told in (400, 422)
    if isinstance(answer, Misconfigured):
        assert told in (401, 403) or (400 <= told <= 499 and re.search("AP101[01]", seen.text))
    if isinstance(answer, Throttled):
        assert told == 429
    if isinstance(answer, Duplicate):
        assert told == 409 or "1002" in seen.text
    if good and seen.document_id is not None and not seen.is_rejected:
        assert isinstance(answer, Accepted | Unknown), "an id of a living document is never thrown away"
    if not seen.is_readable or told >= 500 or told in (404, 413):
        assert not isinstance(answer, Accepted | Rejected)
    if seen.says_duplicate and not (good and seen.document_id is not None and not seen.is_rejected):
        assert isinstance(answer, Duplicate | Unknown)


def judge_change(before: FiscalDocument, change: Change, answer: SubmitAnswer, reply: Reply, seen: Reading) -> None:
    """No state without what proves it, and the raw answer beside it."""
    after = change.document
    assert [(kept.status, kept.body) for kept in change.exchanges] == [(reply.status, reply.body)]
    doubted = before.claim is not None and before.claim.doubted_before
    match after.submission:
        case Submission.ACCEPTED:
            assert after.pac_document_id == seen.document_id
            assert after.pac_document_id is not None
            assert 200 <= reply.status <= 299
            assert after.legal_status.value in (seen.legal_status, "NONE", "UNRECOGNISED")
            assert after.legal_status is not LegalStatus.PAC_REJECTED
        case Submission.REFUSED:
            assert isinstance(answer, Rejected)
            assert not doubted, "a rejection of a resend says nothing of the first attempt"
        case Submission.QUEUED:
            assert isinstance(answer, Misconfigured | Throttled)
            assert after.maybe_executed is doubted
            assert after.next_action_at is not None
            assert after.next_action_at > NOW
        case Submission.IN_DOUBT:
            assert after.maybe_executed
            assert after.settles_at is not None
        case _:
            raise AssertionError(after.submission)
    if 200 <= reply.status <= 299 and seen.document_id is not None and not seen.is_rejected:
        assert seen.document_id in {after.pac_document_id, *after.hinted_ids}, "the id is lost"
    assert after.claim is None
    assert (after.expected_cufe, after.number, after.series) == (before.expected_cufe, before.number, before.series)


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


def judge_look_up(answer: LookUpAnswer, reply: Reply, seen: Reading) -> None:
    """Nothing is found or missing without proof; a document changes only by what is shown under its own id."""
    assert isinstance(answer, get_args(LookUpAnswer))
    assert (answer.raw.status, answer.raw.body) == (reply.status, reply.body)
    good = 200 <= reply.status <= 299
    if isinstance(answer, NotFound):
        assert reply.status == 404 or (good and seen.inner == 404)
    if not isinstance(answer, Found):
        return
    assert good
    assert seen.is_readable
    assert answer.document.pac_document_id == seen.document_id
    for before in (LegalStatus.NONE, LegalStatus.PAC_AUTHORIZED, LegalStatus.DGI_AUTHORIZED, LegalStatus.DGI_REJECTED):
        own = PacDocumentId(seen.document_id or "01JA0B1C2D3E4F5G6H7J8K9M0N")
        for pac_document_id in (own, PacDocumentId("01JYYYYYYYYYYYYYYYYYYYYYYY")):
            held = replace(
                FRESH,
                submission=Submission.ACCEPTED,
                pac_document_id=pac_document_id,
                legal_status=before,
                raw_legal_status=before.value,
                cufe=FRESH.expected_cufe,
            )
            change = apply_look_up(held, answer.document, now=NOW, actor="sweep")
            assert change is not None
            after = change.document
            assert (after.cufe, after.pac_document_id) == (held.cufe, held.pac_document_id)
            if before.is_terminal or seen.document_id not in (None, pac_document_id):
                assert after.legal_status is before
            elif after.legal_status is not before:
                assert after.legal_status.value in (seen.legal_status, "UNRECOGNISED")


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
