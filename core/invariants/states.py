"""Whether one document's fields go together, and whether somebody will look at it again (I6, I8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.documents import INTERNAL_POINT, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.invariants.faults import Fault
from core.invariants.findings import Findings, RestoreDueTime, about
from core.lifecycle.following import is_own_cufe, missing_files
from core.lifecycle.replacing import lives_beside_its_successor

HELD_BY_THE_PAC = frozenset({Submission.ACCEPTED, Submission.ISSUED_ID_UNKNOWN, Submission.IMPORTED})
_OPEN_TO_EVIDENCE = frozenset({Submission.REFUSED, Submission.QUARANTINED, Submission.ISSUED_ID_UNKNOWN})
_NEVER_SENT = frozenset({Submission.DRAFT, Submission.IMPORTED})
_ALWAYS_DUE = frozenset({Submission.QUEUED, Submission.SENDING, Submission.IN_DOUBT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How late due work may be. ``is_judged`` False: workers are stopped on purpose, or a circuit is open."""

    now: datetime
    grace: timedelta
    is_judged: bool = True


def check_state(document: FiscalDocument) -> Findings:
    """Fields that exclude each other, by the rules of the submission protocol."""
    for problem in (*_of_mode(document), *_of_submission(document), *_of_legal_status(document)):
        yield about(document, Fault.STATE_CONTRADICTS, problem)


def check_replacement(document: FiscalDocument) -> Findings:
    """No document is valid beside the one that took its place (I3)."""
    if lives_beside_its_successor(document):
        yield about(document, Fault.REPLACED_AND_VALID, f"document {document.replaced_by} took its place")


def check_due_time(document: FiscalDocument, lateness: Lateness) -> Findings:
    """Every document that waits for something has a due time, and none is long past it."""
    due = document.next_action_at
    if due is None:
        if must_be_looked_at(document):
            what = f"{document.submission.value}, {document.legal_status.value}, and no due time"
            remedy = RestoreDueTime(tenant_id=document.tenant_id, document_id=document.document_id)
            yield about(document, Fault.DUE_TIME_MISSING, what, remedy=remedy)
        return
    if not lateness.is_judged or lateness.now - due <= lateness.grace:
        return
    late = _spoken(lateness.now - due)
    if document.submission is Submission.SENDING:
        worker = document.claim.worker if document.claim else "an unknown worker"
        yield about(document, Fault.LEASE_EXPIRED, f"SENDING by {worker}, {late} past the end of its lease")
    elif document.submission is not Submission.QUARANTINED:
        yield about(document, Fault.OVERDUE, f"{document.submission.value}, due {late} ago")


def must_be_looked_at(document: FiscalDocument) -> bool:
    """Whether the document waits for the PAC, the DGI, a file or the look-up of a hint."""
    if document.submission in _ALWAYS_DUE:
        return document.mode is DocumentMode.DGI
    if document.submission is Submission.ACCEPTED:
        return not document.legal_status.is_terminal or bool(missing_files(document))
    return document.submission in _OPEN_TO_EVIDENCE and bool(document.hinted_ids) and document.pac_document_id is None


def _of_mode(document: FiscalDocument) -> Iterator[str]:
    """What is not sent by us has no number of the DGI's and is never due."""
    is_ours = document.mode is DocumentMode.DGI
    if is_ours == (document.submission in _NEVER_SENT):
        yield f"{document.mode.value} and {document.submission.value}"
    if is_ours == (document.series.billing_point == INTERNAL_POINT):
        yield f"{document.mode.value} and numbered at billing point {document.series.billing_point}"
    if is_ours and document.withdrawn_at is not None:
        yield "a DGI document that was taken back like a draft"
    if not is_ours and (document.attempts or document.next_action_at is not None):
        yield f"{document.mode.value}, and something of it was sent or is due"


def _of_submission(document: FiscalDocument) -> Iterator[str]:
    submission = document.submission
    if (submission is Submission.SENDING) != (document.claim is not None):
        yield f"{submission.value} {'without' if document.claim is None else 'with'} a claim"
    if document.claim is not None and document.claim.token > document.last_token:
        yield "the claim's fencing token is newer than the last one given"
    if submission in (Submission.SENDING, Submission.IN_DOUBT) and not document.maybe_executed:
        yield f"{submission.value} and marked as never executed"
    if submission is Submission.IN_DOUBT and document.doubt_since is None:
        yield "IN_DOUBT since no time"
    if submission is Submission.REFUSED and document.refusal is None:
        yield "REFUSED without the PAC's reason"
    if submission is Submission.QUARANTINED and not document.quarantine_reason:
        yield "QUARANTINED without a reason"
    if submission is Submission.ACCEPTED and (document.pac_document_id is None or document.accepted_at is None):
        yield "ACCEPTED without the PAC's id or the time"
    if submission in (Submission.QUEUED, Submission.SENDING, Submission.REFUSED) and document.pac_document_id:
        yield f"{submission.value} although the PAC has it as {document.pac_document_id}"


def _of_legal_status(document: FiscalDocument) -> Iterator[str]:
    status = document.legal_status
    may_have_one = document.submission in HELD_BY_THE_PAC or document.submission is Submission.QUARANTINED
    if status is not LegalStatus.NONE and not may_have_one:
        yield f"{document.submission.value} and {status.value}"
    is_said_by_the_pac = document.mode is DocumentMode.DGI
    if is_said_by_the_pac and status is not LegalStatus.NONE and document.raw_legal_status is None:
        yield f"{status.value} although the PAC never said any status"
    if status.is_authorized and document.cufe is None:
        yield f"{status.value} without a CUFE"
    is_adopted = document.submission is Submission.ACCEPTED and document.cufe is not None
    if is_adopted and document.cufe is not None and not is_own_cufe(document, document.cufe):
        yield f"the PAC's CUFE {document.cufe[:80]} is another document's"


def _spoken(late: timedelta) -> str:
    seconds = int(late.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h"
