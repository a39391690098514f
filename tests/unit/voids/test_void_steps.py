"""Whatever happens to a void, its document's two axes stay as they are, and the fields go together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.errors import IstmoError
from core.identifiers import PacDocumentId, TenantId
from core.invariants.voids import check_void
from core.lifecycle import void_wishes, voiding
from core.lifecycle.recovering import recover
from core.lifecycle.sending import AnswerRules
from core.lifecycle.void_wishes import VoidWish
from core.ports.pac_gateway import (
    AlreadyVoided,
    Misconfigured,
    NotSent,
    PacDocument,
    RawAnswer,
    Throttled,
    Unknown,
    Voided,
    VoidNotFound,
    VoidRefused,
)
from core.schedules import Schedules
from core.timeline import chain
from core.voids import VoidState, VoidWindow
from tests.builders import a_document

START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
RAW = RawAnswer(status=200, body=b"{}")
SCHEDULES = Schedules()
ANSWERS = (
    Voided(raw=RAW),
    AlreadyVoided(raw=RAW, codes=("0622",)),
    VoidRefused(raw=RAW, codes=("AP10141",), messages=("plazo",), is_recognised=True),
    VoidRefused(raw=RAW, codes=("X",), messages=(), is_recognised=False),
    VoidNotFound(raw=RAW),
    NotSent(raw=RAW, reason="refused"),
    Throttled(raw=RAW),
    Misconfigured(raw=RAW, code="HTTP_401"),
    Unknown(raw=RAW, reason="time-out"),
)
AUTHORISED = replace(
    a_document(TenantId("01TEST")),
    submission=Submission.ACCEPTED,
    legal_status=LegalStatus.DGI_AUTHORIZED,
    pac_document_id=PacDocumentId("PAC-1"),
    issued_at=START,
    next_action_at=None,
)


def _ask(document: FiscalDocument, now: datetime, place: int) -> Change | None:
    wish = VoidWish(reason="m" * 20, idempotency_key=f"key-{place}", actor="caller:t", of_credit_note=False)
    return void_wishes.ask_for_void(document, (), wish, window=VoidWindow(), now=now, schedules=SCHEDULES)


def _claim(document: FiscalDocument, now: datetime, _: int) -> Change | None:
    return voiding.claim_void(document, body=b"{}", now=now, worker="w", schedules=SCHEDULES)


def _expire(document: FiscalDocument, now: datetime, _: int) -> Change | None:
    return voiding.expire_void_claim(document, now=now, schedules=SCHEDULES)


def _answer(document: FiscalDocument, now: datetime, place: int) -> Change | None:
    token = (document.void.last_token if document.void else 0) - (place // len(ANSWERS)) % 2
    answer = ANSWERS[place % len(ANSWERS)]
    rules = AnswerRules(unrecognised_is_doubt=place % 3 == 0)
    return voiding.record_void_answer(document, token=token, answer=answer, now=now, schedules=SCHEDULES, rules=rules)


def _show(document: FiscalDocument, now: datetime, place: int) -> Change | None:
    shown = PacDocument(pac_document_id=document.pac_document_id, is_void=place % 4 == 0)
    return void_wishes.take_shown_void(document, shown, now=now)


def _confirm(document: FiscalDocument, now: datetime, _: int) -> Change | None:
    return void_wishes.confirm_void(document, note="seen at the PAC", operator="operator:o", now=now)


def _give_up(document: FiscalDocument, now: datetime, _: int) -> Change | None:
    return void_wishes.give_up_void(document, reason="seen at the PAC", operator="operator:o", now=now)


def _postpone(document: FiscalDocument, now: datetime, _: int) -> Change | None:
    return voiding.postpone_void(document, now=now, until=now + timedelta(minutes=1))


STEPS: tuple[Any, ...] = (_ask, _claim, _claim, _answer, _answer, _expire, _show, _confirm, _give_up, _postpone)
MOVES = st.tuples(st.integers(0, len(STEPS) - 1), st.sampled_from([0, 5, 120, 2000, 90_000]), st.integers(0, 17))


@settings(max_examples=400, deadline=None)
@given(st.lists(MOVES, max_size=30))
def test_no_way_through_a_void_breaks_what_must_hold(moves: list[tuple[int, int, int]]) -> None:
    document, now = AUTHORISED, START
    events: list[Any] = []
    for place, (step, seconds, choice) in enumerate(moves):
        now += timedelta(seconds=seconds)
        try:
            change = STEPS[step](document, now, choice * 100 + place if step == 0 else choice)
        except IstmoError:
            continue
        if change is None:
            continue
        was_void = document.is_void
        document = change.document
        events += change.events
        assert (document.submission, document.legal_status) == (Submission.ACCEPTED, LegalStatus.DGI_AUTHORIZED)
        assert document.is_void or not was_void, "VOIDED never goes back"
        broken = list(check_void(document, tuple(chain(events, after=None)), now=now))
        assert not [one for one in broken if one.fault.value != "void_in_doubt"], broken
        void = document.void
        if void is not None and void.is_open and document.next_action_at is not None:
            assert void.due_at is None or document.next_action_at <= void.due_at, "nobody comes too late"
        if void is not None and void.state is VoidState.IN_DOUBT:
            assert void.maybe_executed


def test_a_restored_void_that_was_never_sent_waits_like_one_that_was() -> None:
    """Its DELETE may have left in the time that was lost: until that has settled there is no hurry."""
    asked = _ask(AUTHORISED, START, 1)
    assert asked is not None
    assert voiding.is_void_due(asked.document, now=START)
    restored = recover(asked.document, now=START, schedules=SCHEDULES)
    assert restored is not None
    void = restored.document.void
    assert void is not None
    assert void.settles_at is not None
    assert not voiding.is_void_due(restored.document, now=START + timedelta(minutes=1))
    assert voiding.is_void_due(restored.document, now=void.settles_at)
