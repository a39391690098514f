"""What a webhook does to its document: it is evidence and a reason to look now, never a status."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.documents import Change, FiscalDocument, Submission
from core.events import Event, EventKind
from core.lifecycle.evidence import add_hint, bounded
from core.ports.webhook_inbox import Delivery
from core.schedules import Schedules

ACTOR = "webhook"


def take_delivery(document: FiscalDocument, delivery: Delivery, *, now: datetime) -> Change:
    """Record the delivery, remember the id it names, and bring the next check forward to now."""
    facts = {"delivery_id": delivery.delivery_id, "claimed_status": bounded(delivery.claimed_status or "", 100)}
    if delivery.claimed_user_id:
        facts["claimed_user_id"] = bounded(delivery.claimed_user_id, 100)
    events: tuple[Event, ...] = (Event(at=now, kind=EventKind.WEBHOOK, actor=ACTOR, facts=facts),)
    after = document
    if delivery.pac_document_id is not None:
        after, more = add_hint(document, delivery.pac_document_id, now=now, source=ACTOR)
        events += more
    if after.submission is Submission.ACCEPTED and after.next_action_at is not None:
        after = replace(after, next_action_at=now, checks=0)
    return Change(document=after, events=events)


def repeat_delivery(document: FiscalDocument, *, now: datetime, schedules: Schedules) -> Change | None:
    """The same bytes came again: look soon, and once for all the repetitions until then."""
    due = document.next_action_at
    soon = now + timedelta(seconds=schedules.repeat_check_min)
    if document.submission is not Submission.ACCEPTED or due is None or due <= soon:
        return None
    return Change(document=replace(document, next_action_at=soon))
