"""Whether a document's events verify (I14), and whether its state is the one that they led to (I6)."""

from collections.abc import Iterator, Sequence

from core.documents import DocumentMode, FiscalDocument, LegalStatus, Submission
from core.events import ChainedEvent, EventKind
from core.invariants.faults import Fault
from core.invariants.findings import Findings, about
from core.lifecycle.sending import ACTOR as SENDER
from core.timeline import first_break

_OUTCOMES = frozenset({EventKind.ACCEPTED, EventKind.REFUSED, EventKind.NOT_SENT, EventKind.IN_DOUBT})
_NEVER_BACK = frozenset({Submission.ACCEPTED, Submission.QUARANTINED, Submission.ISSUED_ID_UNKNOWN})


def check_timeline(document: FiscalDocument, events: Sequence[ChainedEvent] | None, event_count: int) -> Findings:
    """``event_count`` is what the document's row remembers; a chain whose end was cut off verifies by itself."""
    if events is None:
        yield about(document, Fault.CHAIN_BROKEN, "an event cannot be read")
        return
    broken_at = first_break(events)
    if broken_at is not None:
        yield about(document, Fault.CHAIN_BROKEN, f"event {broken_at} of {event_count} does not verify")
        return
    if len(events) != event_count:
        yield about(document, Fault.CHAIN_BROKEN, f"{len(events)} events are there, {event_count} were written")
        return
    if not events:
        yield about(document, Fault.CHAIN_BROKEN, "there is not a single event")
        return
    for problem in _contradictions(document, events):
        yield about(document, Fault.TIMELINE_CONTRADICTS, problem)


def _contradictions(document: FiscalDocument, events: Sequence[ChainedEvent]) -> Iterator[str]:
    if document.mode is not DocumentMode.DGI:
        return
    kinds = [chained.event.kind for chained in events]
    was_given_up = EventKind.GIVEN_UP in kinds
    if EventKind.ACCEPTED in kinds and document.submission not in _NEVER_BACK and not was_given_up:
        yield f"it was accepted and is {document.submission.value} now"
    if document.submission is Submission.ACCEPTED and EventKind.ACCEPTED not in kinds:
        yield "ACCEPTED, and no event says so"
    if document.submission is Submission.REFUSED and EventKind.REFUSED not in kinds and not was_given_up:
        yield "REFUSED, and no event says so"
    if kinds.count(EventKind.SENDING) != document.attempts:
        yield f"{document.attempts} attempts, {kinds.count(EventKind.SENDING)} of them in the events"
    yield from _of_attempts(events)
    yield from _of_status(document, events)


def _of_attempts(events: Sequence[ChainedEvent]) -> Iterator[str]:
    """An attempt has one outcome at most, and none begins before the last one is over: what the fencing is for."""
    is_under_way = False
    for chained in events:
        event = chained.event
        if event.kind is EventKind.SENDING:
            if is_under_way:
                yield f"event {chained.sequence}: an attempt began while another was under way"
            is_under_way = True
        elif event.kind in _OUTCOMES:
            if event.actor == SENDER and not is_under_way:
                yield f"event {chained.sequence}: {event.kind.value} by an attempt that was over"
            is_under_way = False


def _of_status(document: FiscalDocument, events: Sequence[ChainedEvent]) -> Iterator[str]:
    moves = [chained.event.facts.get("to", "") for chained in events if chained.event.kind is EventKind.STATUS]
    if moves and moves[-1] != document.legal_status.value:
        yield f"{document.legal_status.value}, and the last event about it says {moves[-1]}"
    if not moves and document.legal_status not in (LegalStatus.NONE, LegalStatus.UNRECOGNISED):
        yield f"{document.legal_status.value}, and no event says so"
    for place, status in enumerate(moves[:-1]):
        known = LegalStatus.__members__.get(status)
        if known is not None and known.is_terminal:
            yield f"{status} is final and was followed by {moves[place + 1]}"
