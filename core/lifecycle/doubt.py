"""A document whose outcome is not known: when it is sent once more, when waiting ends, what a person may decide.

Absence of evidence never frees a number and never justifies a new one.
"""

from dataclasses import replace
from datetime import datetime

from core.documents import Change, FiscalDocument, Refusal, Submission
from core.events import Event, EventKind
from core.failures import DecisionRefusedError
from core.lifecycle.evidence import bounded
from core.lifecycle.waiting_voids import follow_document
from core.schedules import Schedules
from core.tenants import DoubtPolicy

SWEEP = "sweep"
NEVER_RESENT = ("duplicate", "dgi_repetition", "rejected_after_doubt")  # the same bytes would get the same answer
DECIDABLE = (Submission.IN_DOUBT, Submission.QUARANTINED)


def settle(
    document: FiscalDocument, *, policy: DoubtPolicy, is_circuit_open: bool, now: datetime, schedules: Schedules
) -> Change | None:
    """What time alone decides: the identical bytes once more, quarantine at the deadline, or a later look."""
    match document.submission:
        case Submission.REFUSED if document.is_watched:
            return _end_watch(document, now)
        case Submission.IN_DOUBT if document.doubt_since is not None:
            since, what = document.doubt_since, f"an attempt whose answer was lost ({document.doubt_reason})"
        case Submission.QUEUED if document.hinted_ids:
            since, what = document.created_at, "a webhook that named it before it was sent"
        case _:
            return None
    deadline = schedules.doubt_ends_at(since)
    may_resend = _may_resend(document, policy, now, schedules)
    if is_circuit_open and (may_resend or now >= deadline):  # the PAC cannot be asked: this time does not count
        return Change(document=replace(document, next_action_at=now + schedules.longest_probe_delay))
    if may_resend:
        return _resend(document, now)
    if now >= deadline:
        return _quarantine(document, what, now, schedules)
    if document.hinted_ids:
        return None
    later = deadline if document.settles_at is None or document.settles_at <= now else document.settles_at
    later = min(later, deadline)
    return None if document.next_action_at == later else Change(document=replace(document, next_action_at=later))


def _end_watch(document: FiscalDocument, now: datetime) -> Change | None:
    """Nothing was heard of a document that was refused with an unknown code: its order may be billed anew."""
    if document.hinted_ids or document.settles_at is None or now < document.settles_at:
        return None
    forgotten, of_void = follow_document(replace(document, settles_at=None, next_action_at=None), now=now)
    return Change(document=forgotten, events=of_void)


def _may_resend(document: FiscalDocument, policy: DoubtPolicy, now: datetime, schedules: Schedules) -> bool:
    return (
        policy is DoubtPolicy.RESEND
        and document.submission is Submission.IN_DOUBT
        and not document.hinted_ids
        and document.doubt_reason not in NEVER_RESENT
        and document.resends < schedules.resends_max
        and document.settles_at is not None
        and document.settles_at <= now
    )


def _resend(document: FiscalDocument, now: datetime) -> Change:
    """Back to QUEUED with ``maybe_executed`` set: whatever the answer says, an earlier attempt may have passed."""
    queued = replace(
        document,
        submission=Submission.QUEUED,
        maybe_executed=True,
        resends=document.resends + 1,
        next_action_at=now,
    )
    facts = {"resend": str(queued.resends), "after": document.doubt_reason or ""}
    return Change(document=queued, events=(Event(at=now, kind=EventKind.RESENDING, actor=SWEEP, facts=facts),))


def withhold(document: FiscalDocument, *, policy: DoubtPolicy, now: datetime, schedules: Schedules) -> Change | None:
    """A repetition that was decided under another policy goes back into doubt before it leaves. None: it may leave."""
    if policy is not DoubtPolicy.PARK or document.submission is not Submission.QUEUED or not document.maybe_executed:
        return None
    parked = replace(
        document,
        submission=Submission.IN_DOUBT,
        next_action_at=now if document.hinted_ids else schedules.doubt_ends_at(document.doubt_since or now),
        doubt_since=document.doubt_since or now,
    )
    facts = {"reason": "the policy is park now", "was": document.submission.value}
    return Change(document=parked, events=(Event(at=now, kind=EventKind.IN_DOUBT, actor=SWEEP, facts=facts),))


def _quarantine(document: FiscalDocument, what: str, now: datetime, schedules: Schedules) -> Change:
    reason = f"No proof within {schedules.doubt_deadline / 3600:g} h of {what}. The number stays taken."
    if document.hinted_ids:
        reason += f" Ids at the PAC that could not be confirmed: {', '.join(document.hinted_ids)}."
    parked = replace(
        document,
        submission=Submission.QUARANTINED,
        quarantine_reason=reason,
        next_action_at=now + schedules.hint_delay(document.checks) if document.hinted_ids else None,
    )
    event = Event(at=now, kind=EventKind.QUARANTINED, actor=SWEEP, facts={"reason": reason})
    return Change(document=parked, events=(event,))


def confirm_at_dgi(document: FiscalDocument, *, note: str, operator: str, now: datetime) -> Change:
    """A person saw the expected CUFE on the DGI's public page: legally issued under an id nobody told us.

    Raises DecisionRefusedError unless the document is in doubt or quarantined with no hinted id left to look at.
    """
    if document.submission not in DECIDABLE:
        raise DecisionRefusedError(submission=document.submission.value)
    issued = replace(
        document,
        submission=Submission.ISSUED_ID_UNKNOWN,
        cufe=document.cufe or document.expected_cufe,
        quarantine_reason=None,
        next_action_at=now if document.hinted_ids else None,
    )
    facts = {"note": bounded(note), "cufe": issued.cufe or ""}
    followed, of_void = follow_document(issued, now=now)
    confirmed = Event(at=now, kind=EventKind.CONFIRMED_AT_DGI, actor=operator, facts=facts)
    return Change(document=followed, events=(confirmed, *of_void))


def give_up(document: FiscalDocument, *, reason: str, operator: str, now: datetime) -> Change:
    """A person decides that the document is not at the PAC. Its number stays burnt and it stays watched:
    evidence that comes later still moves it to ACCEPTED, with an alarm.

    Raises DecisionRefusedError unless it is in doubt or quarantined, settled, and no hinted id is left to look at.
    """
    is_settled = document.settles_at is None or document.settles_at <= now
    if document.submission not in DECIDABLE or document.hinted_ids or not is_settled:
        raise DecisionRefusedError(submission=document.submission.value)
    given_up = replace(
        document,
        submission=Submission.REFUSED,
        refusal=Refusal(codes=("given_up",), messages=(bounded(reason),)),
        quarantine_reason=None,
        next_action_at=None,
    )
    event = Event(at=now, kind=EventKind.GIVEN_UP, actor=operator, facts={"reason": bounded(reason)})
    followed, of_void = follow_document(given_up, now=now)
    return Change(document=followed, events=(event, *of_void))
