"""From QUEUED through the PAC's answer: steps 2 and 4 of the submission protocol.

``maybe_executed`` is sticky: the claim sets it and remembers the value before; an answer that proves that this
attempt did nothing puts the old value back; a lease that ran out never does.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.claims import Claim
from core.documents import Change, FiscalDocument, Refusal, Submission
from core.events import Event, EventKind, Exchange, ExchangeKind
from core.identifiers import PacDocumentId
from core.lifecycle.evidence import add_hint, bounded, is_dgi_repetition
from core.lifecycle.following import accept
from core.lifecycle.waiting_voids import follow_document
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

ACTOR = "submission"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRules:
    """How an answer is read.

    ``unrecognised_is_doubt``: an error code that no table knows proves nothing. ``number_checked_first``: the PAC
    looks at the number before the body, so that a recognised rejection of a resend proves that it has no such number.
    """

    unrecognised_is_doubt: bool = False
    number_checked_first: bool = False


def claim(document: FiscalDocument, *, now: datetime, worker: str, schedules: Schedules) -> Change | None:
    """QUEUED -> SENDING with a lease, a fencing token and an attempt number. None: not to be sent now."""
    if document.submission is not Submission.QUEUED or document.hinted_ids:
        return None
    if document.attempts and document.next_action_at is not None and document.next_action_at > now:
        return None
    token = document.last_token + 1
    expires_at = now + timedelta(seconds=schedules.lease)
    claimed = replace(
        document,
        submission=Submission.SENDING,
        attempts=document.attempts + 1,
        claim=Claim(token=token, worker=worker, expires_at=expires_at, doubted_before=document.maybe_executed),
        last_token=token,
        maybe_executed=True,
        next_action_at=expires_at,
    )
    return Change(document=claimed, events=(_event(now, EventKind.SENDING, attempt=claimed.attempts),))


def postpone_submission(document: FiscalDocument, *, until: datetime) -> Change | None:
    """A queued document waits for its tenant's circuit. No event: the circuit's own state tells why."""
    if document.submission is not Submission.QUEUED or document.next_action_at == until:
        return None
    return Change(document=replace(document, next_action_at=until))


def expire_claim(document: FiscalDocument, *, now: datetime, schedules: Schedules) -> Change | None:
    """SENDING past its lease -> IN_DOUBT: the worker died or hangs, the document may be at the PAC."""
    if document.submission is not Submission.SENDING or document.claim is None or document.claim.expires_at > now:
        return None
    doubted, events = _doubt(document, "lease_expired", now, schedules)
    return Change(document=doubted, events=events)


def record_answer(
    document: FiscalDocument,
    *,
    token: int,
    answer: SubmitAnswer,
    now: datetime,
    schedules: Schedules,
    rules: AnswerRules,
) -> Change:
    """Apply one answer, fenced by the token of the claim that sent. The raw answer is always kept whole."""
    exchange = Exchange(
        at=now,
        kind=ExchangeKind.SUBMIT,
        attempt=document.attempts,
        status=answer.raw.status,
        body=answer.raw.body,
        note=answer.raw.note or type(answer).__name__,
    )
    held = document.claim
    if held is None or held.token != token or document.submission is not Submission.SENDING:
        after, events = _late(document, answer, now)
    else:
        after, events = _apply(document, held, answer, now, schedules, rules)
    return Change(document=after, events=events, exchanges=(exchange,))


Step = tuple[FiscalDocument, tuple[Event, ...]]


def _apply(
    document: FiscalDocument,
    held: Claim,
    answer: SubmitAnswer,
    now: datetime,
    schedules: Schedules,
    rules: AnswerRules,
) -> Step:
    match answer:
        case Accepted(document=shown) if is_dgi_repetition(shown):
            # an earlier post, or a proxy's, has the CUFE under another id: this one alone is refuted
            return _doubt(_without_id(document, shown.pac_document_id), "dgi_repetition", now, schedules)
        case Accepted(document=shown):
            return accept(replace(document, claim=None), shown, now=now, actor=ACTOR, schedules=schedules)
        case Rejected():
            return _rejected(document, held, answer, now, schedules, rules)
        case Duplicate(pac_document_id=known):
            return _doubt(document, "duplicate", now, schedules, hint=known)
        case NotSent(reason=reason):
            return _requeue(document, held, schedules.submission_delay(document.attempts), reason, now)
        case Throttled(retry_after_seconds=asked):
            return _requeue(document, held, schedules.throttle_delay(asked), "throttled", now)
        case Misconfigured(code=code):
            delay = timedelta(seconds=schedules.misconfigured_backoff)
            after, events = _requeue(document, held, delay, f"misconfigured {code}", now)
            return after, (*events, _event(now, EventKind.ALARM, about="pac_misconfigured", code=code))
        case Unknown(reason=reason, hinted_id=hint):
            return _doubt(document, reason, now, schedules, hint=hint)


def _rejected(
    document: FiscalDocument,
    held: Claim,
    answer: Rejected,
    now: datetime,
    schedules: Schedules,
    rules: AnswerRules,
) -> Step:
    """A rejection is final only when it is the only attempt that ever left; else it refutes one id at most."""
    if held.doubted_before and not (rules.number_checked_first and answer.is_recognised):
        return _doubt(_without_id(document, _rejected_id(answer)), "rejected_after_doubt", now, schedules)
    if not answer.is_recognised and rules.unrecognised_is_doubt:
        return _doubt(document, "unrecognised_rejection", now, schedules)
    refusal = Refusal(
        codes=tuple(bounded(code) for code in answer.codes[:20]),
        messages=tuple(bounded(message) for message in answer.messages[:20]),
        is_recognised=answer.is_recognised,
    )
    # what no table knows is watched until the PAC has settled: till then the order is not billed anew
    settles_at = None if answer.is_recognised else schedules.settled_at(max(now, held.expires_at))
    refused = replace(
        _without_id(document, _rejected_id(answer)),
        submission=Submission.REFUSED,
        claim=None,
        refusal=refusal,
        settles_at=settles_at,
        next_action_at=now if document.hinted_ids else settles_at,
    )
    events: tuple[Event, ...] = (
        _event(now, EventKind.REFUSED, codes=" ".join(refusal.codes), message=" | ".join(refusal.messages)),
    )
    if not answer.is_recognised:
        events += (_event(now, EventKind.ALARM, about="unrecognised_rejection", codes=" ".join(refusal.codes)),)
    followed, of_void = follow_document(refused, now=now)
    return followed, events + of_void


def _rejected_id(answer: Rejected) -> PacDocumentId | None:
    return answer.document.pac_document_id if answer.document else None


def _without_id(document: FiscalDocument, refuted: PacDocumentId | None) -> FiscalDocument:
    return document if refuted is None else replace(document, refuted_ids=(*document.refuted_ids, refuted))


def _requeue(document: FiscalDocument, held: Claim, delay: timedelta, reason: str, now: datetime) -> Step:
    """Nothing left, or the PAC did nothing: back to QUEUED with the old ``maybe_executed``."""
    queued = replace(
        document,
        submission=Submission.QUEUED,
        claim=None,
        maybe_executed=held.doubted_before,
        next_action_at=now + delay,
    )
    return queued, (_event(now, EventKind.NOT_SENT, reason=reason, retry_in_seconds=f"{delay.total_seconds():g}"),)


def _doubt(
    document: FiscalDocument, reason: str, now: datetime, schedules: Schedules, *, hint: PacDocumentId | None = None
) -> Step:
    since = document.doubt_since or now
    settles_at = schedules.settled_at(max(now, document.claim.expires_at) if document.claim else now)
    doubted = replace(
        document,
        submission=Submission.IN_DOUBT,
        claim=None,
        doubt_since=since,
        doubt_reason=reason,
        settles_at=settles_at,
        checks=0,
        next_action_at=now if document.hinted_ids else min(settles_at, schedules.doubt_ends_at(since)),
    )
    events: tuple[Event, ...] = (_event(now, EventKind.IN_DOUBT, reason=reason),)
    if hint is not None:
        doubted, more = add_hint(doubted, hint, now=now, source=f"answer:{reason}")
        events += more
    return doubted, events


def _late(document: FiscalDocument, answer: SubmitAnswer, now: datetime) -> Step:
    """An answer that came after its lease was fenced off changes no state; an id in it is evidence."""
    events = (_event(now, EventKind.ANSWERED, late="yes", answer=type(answer).__name__),)
    hint = _id_in(answer)
    if hint is None:
        return document, events
    hinted, more = add_hint(document, hint, now=now, source="late_answer")
    return hinted, events + more


def _id_in(answer: SubmitAnswer) -> PacDocumentId | None:
    match answer:
        case Accepted(document=shown):
            return shown.pac_document_id
        case Duplicate(pac_document_id=known):
            return known
        case Unknown(hinted_id=hint):
            return hint
        case _:
            return None


def _event(now: datetime, kind: EventKind, **facts: object) -> Event:
    return Event(at=now, kind=kind, actor=ACTOR, facts={name: str(value) for name, value in facts.items()})
