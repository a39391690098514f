"""A void that was asked for before its document was authorised: it follows the document's own outcome."""

from dataclasses import replace
from datetime import datetime

from core.documents import FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.voids import Void, VoidState

ACTOR = "void"
NEVER_ISSUED = "document_never_issued"
ID_UNKNOWN = "document_id_unknown"


def is_voidable_now(document: FiscalDocument) -> bool:
    """Whether the PAC can be asked: it holds the document under a known id that the DGI authorised."""
    is_authorized = document.standing_status is LegalStatus.DGI_AUTHORIZED
    return document.submission is Submission.ACCEPTED and is_authorized and document.standing_id is not None


def follow_document(document: FiscalDocument, *, now: datetime) -> tuple[FiscalDocument, tuple[Event, ...]]:
    """The document after a change of its own: its waiting void becomes due once it is authorised, and fails with a
    reason once it can never be. Called by every step that may decide a document, within the same transaction."""
    void = document.void
    if void is None or not void.waits:
        return document, ()
    if is_voidable_now(document):
        due = replace(document, void=replace(void, due_at=now), next_action_at=now)
        return due, ()
    if document.submission is Submission.ISSUED_ID_UNKNOWN:
        why = "The document is issued under an id of the PAC that nobody told us, so that the PAC cannot be asked."
        return _failed(document, void, ID_UNKNOWN, why, now)
    if document.is_dead:
        legal = document.legal_status
        ended = document.submission.value if legal is LegalStatus.NONE else legal.value
        return _failed(document, void, NEVER_ISSUED, f"The document ended {ended}: there is nothing to void.", now)
    return document, ()


def _failed(
    document: FiscalDocument, void: Void, code: str, why: str, now: datetime
) -> tuple[FiscalDocument, tuple[Event, ...]]:
    failed = replace(void, state=VoidState.FAILED, settled_at=now, codes=(code,), message=why)
    event = Event(at=now, kind=EventKind.VOID_FAILED, actor=ACTOR, facts={"codes": code, "message": why})
    return replace(document, void=failed), (event,)
