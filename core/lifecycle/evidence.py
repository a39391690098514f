"""Hints that the PAC has a document, and what a look-up of a hinted id proves.

A hint is never the truth: the document is read at the PAC and its CUFE compared before it is adopted.
"""

from dataclasses import replace
from datetime import datetime

from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.identifiers import PacDocumentId
from core.lifecycle.following import accept, is_own_cufe
from core.ports.pac_gateway import PacDocument
from core.schedules import Schedules

HINTS_MAX = 20
DUPLICATE_AT_DGI = "1002"


def bounded(text: str, limit: int = 500) -> str:
    """Text from outside, cut to a length that a row and a page can bear."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def is_dgi_repetition(shown: PacDocument) -> bool:
    """Whether the DGI rejected what is shown because it has the CUFE already, under another id (rule 1002)."""
    return shown.legal_status == LegalStatus.DGI_REJECTED.value and DUPLICATE_AT_DGI in shown.codes


def add_hint(
    document: FiscalDocument, pac_document_id: PacDocumentId, *, now: datetime, source: str
) -> tuple[FiscalDocument, tuple[Event, ...]]:
    """Remember an id that the PAC may hold this document under. Recorded whatever the state.

    A hint that is held already is only looked up sooner; one that was refuted stays refuted.
    """
    known = (document.pac_document_id, *document.authorised_beside, *document.refuted_ids)
    if pac_document_id in known:
        return document, ()
    is_finished = document.pac_document_id is not None and document.next_action_at is None
    is_looked_up = document.pac_document_id is None and document.submission is not Submission.SENDING
    sooner = replace(document, next_action_at=now, checks=0) if is_finished or is_looked_up else document
    if pac_document_id in document.hinted_ids:
        return sooner, ()
    if len(document.hinted_ids) >= HINTS_MAX:
        return document, (_event(now, EventKind.ALARM, source, about="too_many_hints"),)
    events = [_event(now, EventKind.EVIDENCE, source, pac_document_id=pac_document_id)]
    if document.pac_document_id is not None:
        events.append(_event(now, EventKind.ALARM, source, about="second_id_at_pac", pac_document_id=pac_document_id))
    return replace(sooner, hinted_ids=(*document.hinted_ids, pac_document_id)), tuple(events)


def judge_hint(
    document: FiscalDocument, hint: PacDocumentId, shown: PacDocument, *, now: datetime, schedules: Schedules
) -> Change | None:
    """What the look-up of a hinted id means: adopt, refute that one id, quarantine, or (None) nothing yet."""
    if hint not in document.hinted_ids or document.submission is Submission.SENDING:
        return None
    if document.pac_document_id is not None:
        return None  # a second id of an accepted document is core.lifecycle.siblings' matter
    if shown.pac_document_id is not None and shown.pac_document_id != hint:
        return refute(document, hint, "the PAC answered with another id", now, schedules)
    if shown.legal_status == LegalStatus.PAC_REJECTED.value:
        return refute(document, hint, f"rejected by the PAC: {' '.join(shown.codes)}", now, schedules)
    if shown.cufe is None:
        return None
    if not is_own_cufe(document, shown.cufe):
        if document.doubt_reason == "duplicate" and document.submission is Submission.IN_DOUBT:
            return _quarantine(document, hint, shown.cufe, now)
        return refute(document, hint, f"another document: CUFE {bounded(shown.cufe, 80)}", now, schedules)
    if is_dgi_repetition(shown):
        return refute(document, hint, "the DGI has the CUFE under another id (1002)", now, schedules)
    if shown.legal_status == LegalStatus.DGI_REJECTED.value:
        if document.submission is Submission.ISSUED_ID_UNKNOWN:
            return refute(document, hint, "rejected, but the DGI shows the CUFE: it has another id", now, schedules)
        if len(document.hinted_ids) > 1:
            return None  # authorised beats rejected: the others are judged first
    return _adopt(document, hint, shown, now, schedules)


def _adopt(
    document: FiscalDocument, hint: PacDocumentId, shown: PacDocument, now: datetime, schedules: Schedules
) -> Change:
    events = [_event(now, EventKind.ADOPTED, "evidence", pac_document_id=hint)]
    if document.submission in (Submission.REFUSED, Submission.QUARANTINED):
        facts = {"about": f"adopted_from_{document.submission.value}"}
        if document.replaced_by is not None:  # two documents stand for one sale now: a person voids or credits one
            facts["successor"] = document.replaced_by
        events.append(_event(now, EventKind.ALARM, "evidence", **facts))
    cleared = replace(
        document,
        claim=None,
        maybe_executed=True,
        refusal=None,
        quarantine_reason=None,
        hinted_ids=tuple(other for other in document.hinted_ids if other != hint),
    )
    shown = replace(shown, pac_document_id=hint)
    accepted, more = accept(cleared, shown, now=now, actor="evidence", schedules=schedules)
    return Change(document=accepted, events=(*events, *more))


def postpone_hint(document: FiscalDocument, reason: str, *, now: datetime, schedules: Schedules) -> Change:
    """A look-up of a hinted id proved nothing, a 404 included: ask again later, more and more slowly."""
    later = now + schedules.hint_delay(document.checks)
    events = (_event(now, EventKind.CHECK_FAILED, "evidence", reason=bounded(reason)),) if document.checks == 0 else ()
    return Change(document=replace(document, checks=document.checks + 1, next_action_at=later), events=events)


def refute(document: FiscalDocument, hint: PacDocumentId, reason: str, now: datetime, schedules: Schedules) -> Change:
    """That one id is not this document's: never the document itself is refuted."""
    left = tuple(other for other in document.hinted_ids if other != hint)
    refuted = replace(document, hinted_ids=left, refuted_ids=(*document.refuted_ids, hint))
    if document.pac_document_id is None:
        is_due = bool(left) and document.submission is not Submission.SENDING
        refuted = replace(refuted, next_action_at=now if is_due else _due_without_hints(document, now, schedules))
    return Change(
        document=refuted, events=(_event(now, EventKind.ID_REFUTED, "evidence", pac_document_id=hint, reason=reason),)
    )


def _due_without_hints(document: FiscalDocument, now: datetime, schedules: Schedules) -> datetime | None:
    match document.submission:
        case Submission.IN_DOUBT:
            deadline = schedules.doubt_ends_at(document.doubt_since or now)
            return min(max(now, document.settles_at or now), deadline)
        case Submission.QUEUED:
            return now
        case Submission.SENDING:
            return document.next_action_at
        case Submission.REFUSED if document.is_watched:
            return document.settles_at
        case _:
            return None


def _quarantine(document: FiscalDocument, hint: PacDocumentId, cufe: str, now: datetime) -> Change:
    reason = (
        f"The PAC holds another document under this number: CUFE {bounded(cufe, 80)}, expected {document.expected_cufe}"
    )
    quarantined = replace(
        document,
        submission=Submission.QUARANTINED,
        quarantine_reason=reason,
        hinted_ids=tuple(other for other in document.hinted_ids if other != hint),
        refuted_ids=(*document.refuted_ids, hint),
        next_action_at=None,
    )
    return Change(document=quarantined, events=(_event(now, EventKind.QUARANTINED, "evidence", reason=reason),))


def _event(now: datetime, kind: EventKind, actor: str, **facts: object) -> Event:
    return Event(at=now, kind=kind, actor=actor, facts={name: str(value) for name, value in facts.items()})
