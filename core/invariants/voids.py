"""Whether a void says what happened, and whether somebody goes on with it (A21 to A23)."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from core.documents import FiscalDocument
from core.events import ChainedEvent, EventKind
from core.invariants.faults import Fault
from core.invariants.findings import Findings, RestoreDueTime, about
from core.lifecycle.waiting_voids import follow_document, is_voidable_now
from core.voids import Void, VoidState

DOUBT_LIMIT = timedelta(hours=24)
_ENDS = {EventKind.VOIDED: VoidState.VOIDED, EventKind.VOID_FAILED: VoidState.FAILED}


def check_void(document: FiscalDocument, events: Sequence[ChainedEvent] | None, *, now: datetime) -> Findings:
    """The void of one document, its due time, and the events that led to it."""
    void = document.void
    if void is None:
        return
    for problem in (*_of_state(document, void), *_of_events(void, events or ())):
        yield about(document, Fault.VOID_CONTRADICTS, problem)
    if is_void_forgotten(document, now=now):
        remedy = RestoreDueTime(tenant_id=document.tenant_id, document_id=document.document_id)
        yield about(document, Fault.VOID_FORGOTTEN, f"{void.state.value}, and no due time", remedy=remedy)
    if void.state is VoidState.IN_DOUBT and void.doubt_since is not None and now - void.doubt_since > DOUBT_LIMIT:
        yield about(document, Fault.VOID_IN_DOUBT, f"in doubt since {void.doubt_since:%Y-%m-%d %H:%M} UTC")


def is_void_forgotten(document: FiscalDocument, *, now: datetime) -> bool:
    """Whether a void is open and nobody would go on with it: it has no due time, or its document's own is later."""
    void = document.void
    if void is None or not void.is_open:
        return False
    if void.waits:  # for the document's outcome, which must still be open
        return follow_document(document, now=now)[0] != document
    return void.due_at is None or document.next_action_at is None


def _of_state(document: FiscalDocument, void: Void) -> Iterator[str]:
    was_sent = void.attempts > 0 or void.claim is not None or void.state is VoidState.VOIDED
    if was_sent and not is_voidable_now(document):
        yield f"void {void.state.value} of a document that is {document.legal_status.value}"
    if void.is_open and not void.waits and not is_voidable_now(document):
        yield f"void {void.state.value} is due, and the PAC cannot be asked"
    if void.is_open == (void.settled_at is not None):
        yield f"void {void.state.value} {'with' if void.settled_at else 'without'} a time of settling"
    if not void.is_open and (void.claim is not None or void.due_at is not None):
        yield f"void {void.state.value}, and still claimed or due"
    if void.state is VoidState.IN_DOUBT and (not void.maybe_executed or void.doubt_since is None):
        yield "void IN_DOUBT, and nothing of it is in doubt"
    if void.claim is not None and void.claim.token > void.last_token:
        yield "the void's fencing token is newer than the last one given"
    if void.state is VoidState.FAILED and not (void.codes or void.message):
        yield "void FAILED without a reason"


def _of_events(void: Void, events: Sequence[ChainedEvent]) -> Iterator[str]:
    """Since the last request. A void that the PAC showed, or a person confirmed, may have none."""
    kinds = [chained.event.kind for chained in events]
    asked = max((place for place, kind in enumerate(kinds) if kind is EventKind.VOID_REQUESTED), default=None)
    since = kinds if asked is None else kinds[asked:]
    if asked is None and void.idempotency_key:
        yield "a void, and no event says who asked for it"
    if since.count(EventKind.VOID_SENDING) != void.attempts:
        yield f"{void.attempts} requests to void, {since.count(EventKind.VOID_SENDING)} of them in the events"
    ends = [_ENDS[kind] for kind in since if kind in _ENDS]
    if void.is_open and ends:
        yield f"void {void.state.value}, though the events settled it"
    if not void.is_open and (not ends or ends[-1] is not void.state):
        yield f"void {void.state.value}, and the last event about it says {ends[-1].value if ends else 'nothing'}"
