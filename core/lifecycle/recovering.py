"""What a document may still be taken for after the database went back in time: a restored backup, or a failover to a
standby that was behind.

Between that time and the loss anything may have happened that the database does not know: a QUEUED document may have
been sent and accepted. So every document that is not settled counts as maybe executed, and one that would be sent
is IN_DOUBT instead: evidence or the tenant's policy decides, never a blind second POST.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.lifecycle.void_states import with_void
from core.schedules import Schedules
from core.voids import VoidState

ACTOR = "restore"
RESTORED = "restored"
TOKENS_APART = 1_000_000  # more claims of one document than any time between backup and loss can hold

UNSENT_OR_UNKNOWN = (Submission.QUEUED, Submission.SENDING, Submission.IN_DOUBT)
UNSETTLED = (*UNSENT_OR_UNKNOWN, Submission.QUARANTINED)  # whatever their legal status
UNSETTLED_LEGAL_STATUS = tuple(status for status in LegalStatus if not status.is_terminal)  # of ACCEPTED ones


def recover(document: FiscalDocument, *, now: datetime, schedules: Schedules) -> Change | None:
    """The document as it may be taken for from now on. None: settled, never sent to anybody, or known as it is.

    - QUEUED and SENDING become IN_DOUBT, with the reason ``restored``; IN_DOUBT begins to wait anew, because nobody
      waited meanwhile. All three may settle only when an attempt that a lost claim began just now would have.
    - Their fencing token leaps, so that a worker of the lost time cannot hold the token of a new claim. What it still
      answers is kept as evidence.
    - ACCEPTED and QUARANTINED documents go on as they are, as maybe executed.
    - A void that was asked for and is not settled is in doubt, as if its DELETE had left.
    """
    change = _recover_submission(document, now, schedules)
    of_void = _recover_void(change.document if change else document, now, schedules)
    if change is None or of_void is None:
        return change or of_void
    return replace(of_void, events=(*change.events, *of_void.events))


def _recover_submission(document: FiscalDocument, now: datetime, schedules: Schedules) -> Change | None:
    if document.submission in UNSENT_OR_UNKNOWN:
        return _doubt(document, now, schedules)
    is_unsettled = document.submission is Submission.QUARANTINED or (
        document.submission is Submission.ACCEPTED and not document.legal_status.is_terminal
    )
    if not is_unsettled or document.maybe_executed:
        return None
    return Change(
        document=replace(document, maybe_executed=True),
        events=(Event(at=now, kind=EventKind.ALARM, actor=ACTOR, facts={"about": RESTORED}),),
    )


def _recover_void(document: FiscalDocument, now: datetime, schedules: Schedules) -> Change | None:
    """One that waits for its document goes on waiting, and its first DELETE counts as a repetition."""
    void = document.void
    if void is None or not void.is_open:
        return None
    marked = replace(void, maybe_executed=True, claim=None, last_token=void.last_token + TOKENS_APART)
    if void.waits:
        return Change(document=replace(document, void=marked))
    settles_at = schedules.settled_at(now + timedelta(seconds=schedules.lease))
    doubted = replace(
        marked,
        state=VoidState.IN_DOUBT,
        doubt_since=now,
        doubt_reason=RESTORED,
        settles_at=settles_at,
        due_at=settles_at,
    )
    facts = {"reason": RESTORED, "was": void.state.value}
    event = Event(at=now, kind=EventKind.VOID_IN_DOUBT, actor=ACTOR, facts=facts)
    return Change(document=with_void(document, doubted, now=now), events=(event,))


def _doubt(document: FiscalDocument, now: datetime, schedules: Schedules) -> Change:
    was = document.submission
    attempt_ends_at = now + timedelta(seconds=schedules.lease)
    settles_at = schedules.settled_at(attempt_ends_at)
    doubted = replace(
        document,
        submission=Submission.IN_DOUBT,
        maybe_executed=True,
        claim=None,
        last_token=document.last_token + TOKENS_APART,
        doubt_since=now,
        # the reason that a document was in doubt for says what may be done about it
        doubt_reason=document.doubt_reason if was is Submission.IN_DOUBT else RESTORED,
        settles_at=settles_at,
        checks=0,
        next_action_at=now if document.hinted_ids else min(settles_at, schedules.doubt_ends_at(now)),
    )
    facts = {"reason": RESTORED, "was": was.value}
    return Change(document=doubted, events=(Event(at=now, kind=EventKind.IN_DOUBT, actor=ACTOR, facts=facts),))
