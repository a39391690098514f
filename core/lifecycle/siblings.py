"""One CUFE under several ids at the PAC: authorised beats rejected, and two authorised ones are an alarm.

It happens when a number was posted again after doubt: the PAC may give the repetition an id of its own and let the
DGI reject it (1002), or, if it does not refuse repeated numbers, accept both.
"""

from dataclasses import replace
from datetime import datetime

from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.identifiers import PacDocumentId
from core.lifecycle.evidence import DUPLICATE_AT_DGI, is_dgi_repetition, refute
from core.lifecycle.following import accept, is_own_cufe
from core.ports.pac_gateway import PacDocument
from core.schedules import Schedules

ACTOR = "evidence"
TWICE = "pac_accepted_number_twice"
AUTHORISED = "rejected_and_authorised_under_another_id"


def is_refused_repetition(document: FiscalDocument, shown: PacDocument) -> bool:
    """Whether the followed id was rejected for being the second one, so that another one may be authorised.

    Rule 1002 says so however often we posted: a proxy may have repeated the only attempt, and nobody else has our
    security code. After a resend the PAC may say it in any code: such a rejection refutes its id and no more, be it
    told at once or later.
    """
    if document.submission is not Submission.ACCEPTED or document.legal_status.is_terminal:
        return False
    if shown.legal_status == LegalStatus.PAC_REJECTED.value:
        return document.resends > 0 or DUPLICATE_AT_DGI in shown.codes
    return is_dgi_repetition(shown)


def leave_repetition(document: FiscalDocument, *, now: datetime) -> Change:
    """The followed id is a refused repetition: look among the other known ids, or wait in quarantine for one."""
    rejected = document.pac_document_id
    if rejected is None:
        raise ValueError("only a document with an id can leave it")
    others = tuple(other for other in document.hinted_ids if other != rejected)
    reason = (
        f"Id {rejected} was rejected as a repetition (1002, or a resend that the PAC refused): the CUFE may be "
        "authorised under another id of the PAC. Ask the PAC for it and adopt it."
    )
    left = replace(
        document,
        submission=Submission.QUARANTINED,
        quarantine_reason=reason,
        pac_document_id=None,
        hinted_ids=others,
        refuted_ids=(*document.refuted_ids, rejected),
        checks=0,
        next_action_at=now if others else None,
    )
    event = Event(at=now, kind=EventKind.QUARANTINED, actor=ACTOR, facts={"reason": reason, "rejected_id": rejected})
    return Change(document=left, events=(event,))


def judge_sibling(
    document: FiscalDocument, sibling: PacDocumentId, shown: PacDocument, *, now: datetime, schedules: Schedules
) -> Change | None:
    """What another id of an accepted document turns out to be; None: nothing yet."""
    if document.pac_document_id is None or sibling not in document.hinted_ids:
        return None
    rejected = (LegalStatus.PAC_REJECTED.value, LegalStatus.DGI_REJECTED.value)
    if shown.legal_status in rejected:
        return refute(document, sibling, f"rejected: {' '.join(shown.codes)}", now, schedules)
    if shown.cufe is None:
        return None
    if not is_own_cufe(document, shown.cufe):
        return refute(document, sibling, "another document", now, schedules)
    if shown.legal_status != LegalStatus.DGI_AUTHORIZED.value:
        return None
    if not document.legal_status.is_terminal:
        return _switch(document, sibling, shown, now, schedules)
    return _stand_beside(document, sibling, shown, now)


def _stand_beside(document: FiscalDocument, sibling: PacDocumentId, shown: PacDocument, now: datetime) -> Change:
    """A terminal status never changes. What was rejected is valid under the other id from now on, and is read there;
    of what was authorised there are two. People are told."""
    about = TWICE if document.authorised_ids else AUTHORISED
    facts = {"about": about, "pac_document_id": sibling, "cufe": shown.cufe or ""}
    if about == TWICE:
        facts["beside"] = " ".join(document.authorised_ids)
    if document.replaced_by is not None:
        facts["successor"] = document.replaced_by
    told = replace(
        document,
        hinted_ids=tuple(other for other in document.hinted_ids if other != sibling),
        authorised_beside=(*document.authorised_beside, sibling),
        checks=0,
        next_action_at=now if about == AUTHORISED else document.next_action_at,
    )
    return Change(document=told, events=(Event(at=now, kind=EventKind.ALARM, actor=ACTOR, facts=facts),))


def _switch(
    document: FiscalDocument, sibling: PacDocumentId, shown: PacDocument, now: datetime, schedules: Schedules
) -> Change:
    """The other id is authorised and ours is not yet: follow that one, and keep the old one as a hint."""
    followed = document.pac_document_id
    event = Event(
        at=now,
        kind=EventKind.SIBLING_ADOPTED,
        actor=ACTOR,
        facts={"pac_document_id": sibling, "instead_of": followed or ""},
    )
    hints = tuple(other for other in document.hinted_ids if other != sibling)
    freed = replace(document, hinted_ids=hints if followed is None else (*hints, followed))
    accepted, events = accept(freed, replace(shown, pac_document_id=sibling), now=now, actor=ACTOR, schedules=schedules)
    return Change(document=accepted, events=(event, *events))
