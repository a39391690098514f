"""The protocol of a void: kept before the DELETE leaves, sent once per claim, and settled by nothing but proof.

After a DELETE whose answer was lost only success or "already voided" (0622) settles it. Any other refusal, "outside
the window" included, refuses the repetition and says nothing of the first one: the void stays in doubt and is asked
for again. That the PAC shows no void proves nothing either; that it shows one is proof.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.claims import Claim
from core.documents import Change, FiscalDocument
from core.events import Event, EventKind, Exchange, ExchangeKind
from core.lifecycle.evidence import bounded
from core.lifecycle.sending import AnswerRules
from core.lifecycle.void_states import ToldByPac, fail_void, settle_void, void_facts, with_void
from core.lifecycle.waiting_voids import ACTOR, is_voidable_now
from core.ports.pac_gateway import (
    AlreadyVoided,
    Misconfigured,
    NotSent,
    Throttled,
    Unknown,
    VoidAnswer,
    Voided,
    VoidNotFound,
    VoidRefused,
)
from core.schedules import Schedules
from core.voids import Void, VoidState

TEXT_MAX = 1000
CODES_MAX = 20


def is_void_due(document: FiscalDocument, *, now: datetime) -> bool:
    """Whether the void is to be gone on with now: its first DELETE at once, every other step at its due time."""
    void = document.void
    if void is None or not void.is_open or void.due_at is None:
        return False
    is_first = void.state is VoidState.REQUESTED and void.attempts == 0 and void.claim is None
    return void.due_at <= now or is_first


def claim_void(
    document: FiscalDocument, *, body: bytes, now: datetime, worker: str, schedules: Schedules
) -> Change | None:
    """Take the void for one DELETE: a lease, a fencing token, and the bytes kept before they leave. None: not now."""
    void = document.void
    if void is None or void.claim is not None or not is_void_due(document, now=now):
        return None
    if not is_voidable_now(document):
        return None
    token = void.last_token + 1
    expires_at = now + timedelta(seconds=schedules.lease)
    claimed = replace(
        void,
        attempts=void.attempts + 1,
        claim=Claim(token=token, worker=worker, expires_at=expires_at, doubted_before=void.maybe_executed),
        last_token=token,
        maybe_executed=True,
        due_at=expires_at,
    )
    kept = Exchange(at=now, kind=ExchangeKind.VOID_REQUEST, attempt=claimed.attempts, status=None, body=body)
    sending = _event(now, EventKind.VOID_SENDING, attempt=claimed.attempts)
    return Change(document=with_void(document, claimed, now=now), events=(sending,), exchanges=(kept,))


def postpone_void(document: FiscalDocument, *, now: datetime, until: datetime) -> Change | None:
    """A due void waits for its tenant's circuit. No event: the circuit's own state tells why."""
    void = document.void
    if void is None or void.claim is not None or not is_void_due(document, now=now) or void.due_at == until:
        return None
    return Change(document=with_void(document, replace(void, due_at=until), now=now))


def expire_void_claim(document: FiscalDocument, *, now: datetime, schedules: Schedules) -> Change | None:
    """A claim past its lease: the worker died or hangs, and the PAC may have executed its DELETE."""
    void = document.void
    if void is None or void.claim is None or void.claim.expires_at > now:
        return None
    return _doubt(document, void, void.claim, "lease_expired", ToldByPac(), now, schedules)


def record_void_answer(
    document: FiscalDocument,
    *,
    token: int,
    answer: VoidAnswer,
    now: datetime,
    schedules: Schedules,
    rules: AnswerRules,
) -> Change:
    """Apply one answer, fenced by the token of the claim that sent. The raw answer is always kept whole."""
    void = document.void
    attempt = 0 if void is None else void.attempts
    raw = answer.raw
    kept = Exchange(
        at=now,
        kind=ExchangeKind.VOID,
        attempt=attempt,
        status=raw.status,
        body=raw.body,
        note=raw.note or type(answer).__name__,
    )
    if void is None or void.claim is None or void.claim.token != token or not void.is_open:
        change = _late(document, answer, now)
    else:
        change = _apply(document, void, void.claim, answer, now, schedules, rules)
    return replace(change, exchanges=(kept,))


def _apply(
    document: FiscalDocument,
    void: Void,
    held: Claim,
    answer: VoidAnswer,
    now: datetime,
    schedules: Schedules,
    rules: AnswerRules,
) -> Change:
    match answer:
        case Voided() | AlreadyVoided():
            return settle_void(document, void, _told_by(answer), now=now, actor=ACTOR, proof=type(answer).__name__)
        case VoidRefused(is_recognised=is_recognised):
            if held.doubted_before:
                return _doubt(document, void, held, "refused_after_doubt", _told_by(answer), now, schedules)
            if not is_recognised and rules.unrecognised_is_doubt:
                return _doubt(document, void, held, "unrecognised_refusal", _told_by(answer), now, schedules)
            return _refused(document, void, _told_by(answer), now)
        case VoidNotFound():
            if held.doubted_before:
                return _doubt(document, void, held, "not_found_after_doubt", _told_by(answer), now, schedules)
            return _not_found(document, void, _told_by(answer), now)
        case NotSent(reason=reason):
            return _postponed(document, void, held, schedules.submission_delay(void.attempts), reason, now)
        case Throttled(retry_after_seconds=asked):
            return _postponed(document, void, held, schedules.throttle_delay(asked), "throttled", now)
        case Misconfigured(code=code):
            delay = timedelta(seconds=schedules.misconfigured_backoff)
            change = _postponed(document, void, held, delay, f"misconfigured {code}", now)
            alarm = _event(now, EventKind.ALARM, about="pac_misconfigured", code=code)
            return replace(change, events=(*change.events, alarm))
        case Unknown(reason=reason):
            return _doubt(document, void, held, reason, ToldByPac(), now, schedules)


def _refused(document: FiscalDocument, void: Void, told: ToldByPac, now: datetime) -> Change:
    """The only DELETE that ever left was refused. In a code that no table knows it may mean "already voided", said of
    a repetition by something between us and the PAC: then the doubt is remembered, and people are told."""
    change = fail_void(document, replace(void, maybe_executed=not told.is_recognised), told, now=now, actor=ACTOR)
    if told.is_recognised:
        return change
    alarm = _event(now, EventKind.ALARM, about="unrecognised_void_refusal", codes=" ".join(told.codes))
    return replace(change, events=(*change.events, alarm))


def _not_found(document: FiscalDocument, void: Void, told: ToldByPac, now: datetime) -> Change:
    """The PAC does not know a document that it authorised: it is read there now, and people are told.

    Said of a repetition by something between us and the PAC it may mean "gone": the doubt is remembered.
    """
    not_found = replace(told, codes=told.codes or ("not_found",), is_recognised=False)
    change = fail_void(document, void, not_found, now=now, actor=ACTOR)
    alarm = _event(now, EventKind.ALARM, about="void_not_found", pac_document_id=document.standing_id or "")
    after = replace(change.document, next_action_at=now, checks=0)
    return replace(change, document=after, events=(*change.events, alarm))


def _postponed(
    document: FiscalDocument, void: Void, held: Claim, delay: timedelta, reason: str, now: datetime
) -> Change:
    """Nothing left, or the PAC did nothing: as before the claim, and due later."""
    waiting = replace(void, claim=None, maybe_executed=held.doubted_before, due_at=now + delay)
    event = _event(now, EventKind.VOID_POSTPONED, reason=bounded(reason), retry_in_seconds=f"{delay.total_seconds():g}")
    return Change(document=with_void(document, waiting, now=now), events=(event,))


def _doubt(
    document: FiscalDocument,
    void: Void,
    held: Claim,
    reason: str,
    told: ToldByPac,
    now: datetime,
    schedules: Schedules,
) -> Change:
    """Asked for again once the PAC can no longer execute this DELETE late, and ever more slowly, without an end."""
    since = void.doubt_since or now
    settles_at = schedules.settled_at(max(now, held.expires_at))
    doubted = replace(
        void,
        state=VoidState.IN_DOUBT,
        claim=None,
        doubt_since=since,
        doubt_reason=bounded(reason),
        settles_at=settles_at,
        due_at=max(settles_at, now + schedules.void_delay(void.attempts)),
        codes=told.codes,
        message=told.message,
        is_recognised=told.is_recognised,
    )
    facts = void_facts(reason=bounded(reason), codes=told.codes, message=told.message)
    events: tuple[Event, ...] = (Event(at=now, kind=EventKind.VOID_IN_DOUBT, actor=ACTOR, facts=facts),)
    if now >= schedules.doubt_ends_at(since):
        events += (_event(now, EventKind.ALARM, about="void_in_doubt_past_deadline"),)
    after = with_void(document, doubted, now=now)
    look_at = now + schedules.status_delay(0, 0)  # the PAC may show the void, which would be proof
    return Change(document=replace(after, next_action_at=min(look_at, after.next_action_at or look_at)), events=events)


def _late(document: FiscalDocument, answer: VoidAnswer, now: datetime) -> Change:
    """An answer after its lease was fenced off changes nothing, unless it proves that the document is void."""
    late = _event(now, EventKind.ANSWERED, late="yes", about="void", answer=type(answer).__name__)
    void = document.void
    if not isinstance(answer, Voided | AlreadyVoided) or void is None or void.state is VoidState.VOIDED:
        return Change(document=document, events=(late,))
    proof = f"late {type(answer).__name__}"
    change = settle_void(document, void, _told_by(answer), now=now, actor=ACTOR, proof=proof)
    events = (late, *change.events)
    if void.state is VoidState.FAILED:  # given up meanwhile, or refused under another wish
        events += (_event(now, EventKind.ALARM, about="void_shown_after_failure"),)
    return replace(change, events=events)


def _told_by(answer: Voided | AlreadyVoided | VoidRefused | VoidNotFound) -> ToldByPac:
    codes = answer.codes if isinstance(answer, AlreadyVoided | VoidRefused) else ()
    return ToldByPac(
        codes=tuple(bounded(code, 100) for code in codes[:CODES_MAX]),
        message=bounded(" | ".join(answer.messages), TEXT_MAX),
        is_recognised=not isinstance(answer, VoidRefused) or answer.is_recognised,
    )


def _event(now: datetime, kind: EventKind, **facts: object) -> Event:
    return Event(at=now, kind=kind, actor=ACTOR, facts={name: str(value) for name, value in facts.items()})
