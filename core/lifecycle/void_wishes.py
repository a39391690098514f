"""What a void may be asked for, what a person may decide about it, and what the PAC itself shows of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.documents import Change, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.errors import Path
from core.events import Event, EventKind
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    VoidDecisionRefusedError,
    VoidHasNotesError,
    VoidIdUnknownError,
    VoidNeverIssuedError,
    VoidNeverSentError,
    VoidOfDebitError,
    VoidOfImportError,
    VoidStandsError,
    VoidWindowClosedError,
)
from core.issue_time import wire_time
from core.lifecycle.evidence import bounded
from core.lifecycle.void_states import ToldByPac, fail_void, settle_void, with_void
from core.lifecycle.waiting_voids import is_voidable_now
from core.ports.pac_gateway import PacDocument
from core.schedules import Schedules
from core.voids import Void, VoidState, VoidWindow

PAST_KEYS_MAX = 50
AT_THE_PAC = "pac"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidWish:
    """One request to void. ``reason`` is checked already (``core.voids.checked_reason``)."""

    reason: str
    idempotency_key: str
    actor: str  # caller:<key id>
    of_credit_note: bool  # voidCredit; else voidInvoice


def ask_for_void(
    document: FiscalDocument,
    notes: Sequence[FiscalDocument],
    wish: VoidWish,
    *,
    window: VoidWindow,
    now: datetime,
    schedules: Schedules,
) -> Change | None:
    """Keep the wish; None: this very wish is kept already. ``notes`` name the document as their parent.

    While the document's own outcome is open the void waits for it; else it is due within moments.

    Raises IdempotencyConflictError (the key was used with another reason), DocumentNotFoundError (a document of the
    other kind), and the errors of ``core.failures.voids``, each saying what to do instead.
    """
    before = document.void
    if before is not None and wish.idempotency_key == before.idempotency_key:
        if wish.reason != before.reason:
            raise IdempotencyConflictError(path=("idempotencyKey",))
        return None
    if before is not None and wish.idempotency_key in before.past_keys:
        return None
    at = ("creditId",) if wish.of_credit_note else ("invoiceId",)
    _refuse_kind(document, wish, at)
    if before is not None and before.stands:
        raise VoidStandsError(path=at, state=before.state.value, requested_at=wire_time(before.requested_at))
    _refuse_state(document, at)
    closes_at = window.closes_at(document.issued_at)
    if now > closes_at:
        raise VoidWindowClosedError(path=at, closed_at=wire_time(closes_at))
    alive = note_in_the_way(notes)
    if alive is not None:
        raise VoidHasNotesError(path=at, document_id=alive.document_id)
    is_due = is_voidable_now(document)
    void = Void(
        state=VoidState.REQUESTED,
        reason=wish.reason,
        requested_at=now,
        requested_by=wish.actor,
        idempotency_key=wish.idempotency_key,
        last_token=before.last_token if before else 0,
        maybe_executed=before is not None and before.maybe_executed,
        settles_at=before.settles_at if before else None,
        due_at=now + timedelta(seconds=schedules.record_grace) if is_due else None,
        past_keys=(*before.past_keys, before.idempotency_key)[-PAST_KEYS_MAX:] if before else (),
    )
    facts = {"reason": wish.reason} | ({} if is_due else {"waits_for": document.submission.value})
    event = Event(at=now, kind=EventKind.VOID_REQUESTED, actor=wish.actor, facts=facts)
    return Change(document=with_void(document, void, now=now), events=(event,))


def note_in_the_way(notes: Iterable[FiscalDocument]) -> FiscalDocument | None:
    """A note that keeps what it names from being voided, one that can never be voided itself before others."""
    alive = [note for note in notes if note.mode is DocumentMode.DGI and note.may_count]
    return min(alive, key=lambda note: not note.document_type.is_debit_note, default=None)


def can_ever_be_voided(document: FiscalDocument) -> bool:
    """Whether there is a way to void it at all, as far as is known now: the window has its end for these alone."""
    if document.mode is not DocumentMode.DGI or document.document_type.is_debit_note:
        return False
    return not document.is_dead and document.submission is not Submission.ISSUED_ID_UNKNOWN


def warns_of_window(document: FiscalDocument, *, window: VoidWindow, now: datetime) -> bool:
    """Whether a document that nobody voids can be voided for a little while only."""
    stands = document.void is not None and document.void.stands
    is_near = window.warns_at(document.issued_at) <= now <= window.closes_at(document.issued_at)
    return can_ever_be_voided(document) and document.is_issued and not stands and is_near


def take_shown_void(document: FiscalDocument, shown: PacDocument, *, now: datetime) -> Change | None:
    """The PAC shows the void of a document: proof, whoever asked for it. None: nothing new.

    That it shows none proves nothing (the DGI's own practice, dgi.md 7.2).
    """
    if not shown.is_void or document.is_void or not is_voidable_now(document):
        return None
    asked = document.void
    void = asked or Void(
        state=VoidState.REQUESTED, reason="", requested_at=now, requested_by=AT_THE_PAC, idempotency_key=""
    )
    change = settle_void(document, void, ToldByPac(), now=now, actor="evidence", proof="look-up")
    if asked is not None and asked.is_open:
        return change
    about = "void_shown_after_failure" if asked is not None else "voided_elsewhere"
    alarm = Event(at=now, kind=EventKind.ALARM, actor="evidence", facts={"about": about})
    return replace(change, events=(*change.events, alarm))


def confirm_void(document: FiscalDocument, *, note: str, operator: str, now: datetime) -> Change:
    """A person learnt from the PAC or the DGI that the document is void.

    Raises VoidDecisionRefusedError while a DELETE is under way, when it is void already, and for a document that is
    not DGI_AUTHORIZED.
    """
    asked = document.void
    is_under_way = asked is not None and asked.claim is not None
    if is_under_way or document.is_void or not is_voidable_now(document):
        raise VoidDecisionRefusedError(state=_state_of(document))
    void = asked or Void(
        state=VoidState.REQUESTED, reason="", requested_at=now, requested_by=operator, idempotency_key=""
    )
    told = ToldByPac(codes=("confirmed",), message=bounded(note))
    return settle_void(document, void, told, now=now, actor=operator, proof="a person's word")


def give_up_void(document: FiscalDocument, *, reason: str, operator: str, now: datetime) -> Change:
    """A person decides that the document is not void, or takes back a void that was never sent.

    Raises VoidDecisionRefusedError unless it is in doubt and settled, or nothing of it ever left.
    """
    void = document.void
    if void is None or not void.is_open or void.claim is not None:
        raise VoidDecisionRefusedError(state=_state_of(document))
    if void.settles_at is not None and void.settles_at > now:
        raise VoidDecisionRefusedError(state=void.state.value)
    told = ToldByPac(codes=("given_up",), message=bounded(reason))
    return fail_void(document, void, told, now=now, actor=operator)


def _state_of(document: FiscalDocument) -> str:
    void = document.void
    if void is None:
        return "NONE"
    return "SENDING" if void.claim is not None else void.state.value


def _refuse_kind(document: FiscalDocument, wish: VoidWish, at: Path) -> None:
    if document.document_type.is_debit_note:
        raise VoidOfDebitError(path=at)
    if document.document_type.is_credit_note is not wish.of_credit_note:
        raise DocumentNotFoundError(path=at, document_id=document.document_id)


def _refuse_state(document: FiscalDocument, at: Path) -> None:
    """Raise for what can never be voided."""
    if document.mode is DocumentMode.PROFORM:
        raise VoidNeverSentError(path=at)
    if document.mode is DocumentMode.DGI_IMPORT:
        raise VoidOfImportError(path=at)
    if document.submission is Submission.ISSUED_ID_UNKNOWN:
        raise VoidIdUnknownError(path=at)
    if document.is_dead:
        legal = document.legal_status
        ended = document.submission if legal is LegalStatus.NONE else legal
        raise VoidNeverIssuedError(path=at, status=ended.value)
