"""A refused or rejected document gets a corrected successor, once, and only when it can no longer turn out to be valid.

Absence of evidence never justifies a new number: what may still be at the PAC is not replaced.
"""

from dataclasses import replace
from datetime import datetime

from core.corrections import Correction, correction_of, state_of
from core.documents import Change, FiscalDocument, Submission
from core.events import Event, EventKind
from core.failures import AlreadyReplacedError, NotReissuableError, ReissueTooEarlyError
from core.identifiers import DocumentId


def refuse_unless_replaceable(document: FiscalDocument) -> None:
    """Raise NotReissuableError, AlreadyReplacedError, or ReissueTooEarlyError with the time to come again."""
    correction = correction_of(document)
    if document.replaced_by is not None:
        raise AlreadyReplacedError(document_id=document.document_id, successor_id=document.replaced_by)
    if correction is not Correction.REISSUE:
        raise NotReissuableError(document_id=document.document_id, state=state_of(document), instead=correction.wording)
    if document.is_watched or (document.hinted_ids and document.next_action_at is not None):
        again_at = max(moment for moment in (document.settles_at, document.next_action_at) if moment is not None)
        raise ReissueTooEarlyError(
            document_id=document.document_id, again_at=again_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        )


def replace_with(document: FiscalDocument, *, successor: str, actor: str, now: datetime) -> Change:
    """Name the successor that is recorded in the same transaction. Raises what ``refuse_unless_replaceable`` raises."""
    refuse_unless_replaceable(document)
    after = replace(document, replaced_by=DocumentId(successor))
    facts = {"successor": successor}
    return Change(document=after, events=(Event(at=now, kind=EventKind.REPLACED, actor=actor, facts=facts),))


def lives_beside_its_successor(document: FiscalDocument) -> bool:
    """Whether late evidence made a replaced document valid after all, or able to become so: two documents stand for
    one sale, and a person has to void or credit one of them."""
    is_at_the_pac = document.submission in (Submission.ACCEPTED, Submission.ISSUED_ID_UNKNOWN)
    return document.replaced_by is not None and is_at_the_pac and not document.is_dead
