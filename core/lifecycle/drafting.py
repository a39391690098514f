"""What its owner may do with a draft: say it anew, or take it back. An import can be taken back too."""

from dataclasses import replace
from datetime import datetime

from core.corrections import correction_of, state_of
from core.documents import Change, DocumentMode, FiscalDocument, Submission
from core.events import Event, EventKind
from core.failures import NotADraftError

WITHDRAWABLE = (Submission.DRAFT, Submission.IMPORTED)


def refuse_unless_draft(document: FiscalDocument) -> None:
    """Raise NotADraftError for what is none, or is none any more."""
    if document.submission is not Submission.DRAFT or document.withdrawn_at is not None:
        raise _no_draft(document)


def rewrite(document: FiscalDocument, *, said: FiscalDocument, findings: str, actor: str, now: datetime) -> Change:
    """Say what ``said`` says instead: its draft, totals, office, issuer, external id and client.

    Raises NotADraftError.
    """
    refuse_unless_draft(document)
    after = replace(
        document,
        draft=said.draft,
        totals=said.totals,
        office_id=said.office_id,
        issuer=said.issuer,
        issued_at=now.replace(microsecond=0),
        external_id=said.external_id,
        client_id=said.client_id,
    )
    facts = {"findings": findings} if findings else {}
    return Change(document=after, events=(Event(at=now, kind=EventKind.DRAFT_CHANGED, actor=actor, facts=facts),))


def withdraw(document: FiscalDocument, *, reason: str, actor: str, now: datetime) -> Change | None:
    """Take back a draft or an import. It stays readable. None: it was taken back already.

    Raises NotADraftError for a document of the DGI's.
    """
    if document.submission not in WITHDRAWABLE or document.mode is DocumentMode.DGI:
        raise _no_draft(document)
    if document.withdrawn_at is not None:
        return None
    facts = {"reason": reason} if reason else {}
    event = Event(at=now, kind=EventKind.WITHDRAWN, actor=actor, facts=facts)
    return Change(document=replace(document, withdrawn_at=now), events=(event,))


def _no_draft(document: FiscalDocument) -> NotADraftError:
    return NotADraftError(
        document_id=document.document_id, state=state_of(document), instead=correction_of(document).wording
    )
