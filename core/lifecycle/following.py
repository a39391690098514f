"""An accepted document is followed until the DGI decided and its files lie in the file store.

The legal status moves upward only; a terminal one never changes; it comes from answers of the PAC alone.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.cufe import MalformedCufeError, same_document
from core.documents import Attachment, Change, FileKind, FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.lifecycle.waiting_voids import follow_document
from core.ports.pac_gateway import PacDocument
from core.schedules import Schedules

RANKS = {
    LegalStatus.NONE: 0,
    LegalStatus.UNRECOGNISED: 1,
    LegalStatus.REGISTERED: 1,
    LegalStatus.PAC_AUTHORIZED: 2,
    LegalStatus.PAC_REJECTED: 3,
    LegalStatus.DGI_AUTHORIZED: 3,
    LegalStatus.DGI_REJECTED: 3,
}
FILES_OF_THE_PAC = (FileKind.PDF, FileKind.XML)
TEXT_MAX = 500

Step = tuple[FiscalDocument, tuple[Event, ...]]


def read_status(raw: str | None) -> LegalStatus | None:
    """The status that a raw value names; UNRECOGNISED for one never seen before; None when there is none."""
    if raw is None:
        return None
    known = LegalStatus.__members__.get(raw)
    return LegalStatus.UNRECOGNISED if known in (None, LegalStatus.NONE) else known


def is_own_cufe(document: FiscalDocument, cufe: str) -> bool:
    """Whether a CUFE from outside names this document."""
    return names_same(cufe, document.expected_cufe)


def names_same(cufe: str, expected: str) -> bool:
    """Whether a CUFE from outside, which may be none, names the expected document: RUC, branch, type, number, point
    and security code agree."""
    try:
        return same_document(cufe, expected)
    except MalformedCufeError:
        return False


def accept(document: FiscalDocument, shown: PacDocument, *, now: datetime, actor: str, schedules: Schedules) -> Step:
    """The PAC holds the document under an id: ACCEPTED, with what it shows applied at once."""
    pac_document_id = shown.pac_document_id
    accepted = replace(
        document,
        submission=Submission.ACCEPTED,
        pac_document_id=pac_document_id,
        hinted_ids=tuple(other for other in document.hinted_ids if other != pac_document_id),
        accepted_at=document.accepted_at or now,
        checks=0,
        next_action_at=now + schedules.status_delay(0, 0),
    )
    taken = _event(now, EventKind.ACCEPTED, actor, pac_document_id=pac_document_id or "")
    after, events = _apply_shown(accepted, shown, now=now, actor=actor)
    if after.is_settled and not after.legal_status.is_authorized:
        after = replace(after, next_action_at=None)
    return after, (taken, *events)


def shows_another(document: FiscalDocument, shown: PacDocument) -> bool:
    """Whether the PAC shows another document than the one that was asked for: another id, or a CUFE that names
    another one than the CUFE that it showed before. Nothing of it is ours, neither its status nor its files."""
    if shown.pac_document_id not in (None, document.standing_id):
        return True
    if shown.cufe is None or document.cufe is None or shown.cufe == document.cufe:
        return False
    try:
        return not same_document(shown.cufe, document.cufe)
    except MalformedCufeError:
        return True


def apply_look_up(document: FiscalDocument, shown: PacDocument, *, now: datetime, actor: str) -> Change | None:
    """Apply what the PAC shows for the id that the document stands under."""
    if document.submission is not Submission.ACCEPTED or document.pac_document_id is None:
        return None
    if shows_another(document, shown):
        facts = {"pac_document_id": shown.pac_document_id or "", "cufe": (shown.cufe or "")[:TEXT_MAX]}
        alarm = _event(now, EventKind.ALARM, actor, about="other_document_shown", **facts)
        return Change(document=document, events=(alarm,))
    after, events = _apply_shown(document, shown, now=now, actor=actor)
    return Change(document=after, events=events)


def schedule_follow_up(
    document: FiscalDocument, *, now: datetime, fraction: float, schedules: Schedules
) -> FiscalDocument:
    """The document with its next due time: status checks, then files, then other ids of it for a while, then nothing.

    Another id that is authorised too means that the PAC takes a number twice, which must not go unnoticed.
    """
    if document.submission is not Submission.ACCEPTED:
        return document
    delay: timedelta | None
    if not document.legal_status.is_terminal:
        delay = schedules.status_delay(document.checks, fraction)
    elif missing_files(document):
        delay = schedules.file_delay(document.checks, fraction)
    elif document.hinted_ids and document.checks < schedules.sibling_checks:
        delay = schedules.status_delay(document.checks, fraction)
    else:
        delay = None
    due = None if delay is None else now + delay
    of_void = document.void.due_at if document.void else None  # its due time is never pushed back by a check
    moments = [moment for moment in (due, of_void) if moment is not None]
    return replace(document, checks=document.checks + 1, next_action_at=min(moments, default=None))


def missing_files(document: FiscalDocument) -> tuple[FileKind, ...]:
    """The files that are still wanted: each kind once authorised, and once more when the DGI has authorised."""
    if not document.standing_status.is_authorized:
        return ()
    is_final = document.standing_status is LegalStatus.DGI_AUTHORIZED
    settled = {file.kind for file in document.files if not (file.is_provisional and is_final)}
    return tuple(kind for kind in FILES_OF_THE_PAC if kind not in settled)


def attach(document: FiscalDocument, fetched: tuple[Attachment, ...], *, actor: str) -> Change:
    """Keep the fetched files that are still wanted. Decided under the row's lock, so that two racing refreshes
    leave one current file per kind; a provisional file never follows the DGI's authorisation."""
    is_final = document.standing_status is LegalStatus.DGI_AUTHORIZED
    wanted = missing_files(document)
    kept = tuple(file for file in fetched if file.kind in wanted and not (file.is_provisional and is_final))
    replaced = {file.kind for file in kept}
    files = (*(file for file in document.files if file.kind not in replaced), *kept)
    events = tuple(
        _event(file.stored_at, EventKind.FILE_STORED, actor, file=file.kind.value, digest=file.digest, size=file.size)
        for file in kept
    )
    return Change(document=replace(document, files=files), events=events, attachments=kept)


def _apply_shown(document: FiscalDocument, shown: PacDocument, *, now: datetime, actor: str) -> Step:
    after, events = _apply_cufe(document, shown, now, actor)
    after, more = _apply_status(after, shown, now, actor)
    kept = replace(
        after,
        qr=after.qr or shown.qr,
        public_url=after.public_url or shown.public_url,
        authorization_protocol=after.authorization_protocol or shown.authorization_protocol,
    )
    followed, of_void = follow_document(kept, now=now)
    return followed, (*events, *more, *of_void)


def _apply_cufe(document: FiscalDocument, shown: PacDocument, now: datetime, actor: str) -> Step:
    """A CUFE once set never changes. The first one is the PAC's, whatever we expected; a difference is an alarm."""
    if shown.cufe is None or shown.cufe == document.cufe:
        return document, ()
    if document.cufe is not None:
        alarm = _event(now, EventKind.ALARM, actor, about="cufe_changed", shown=shown.cufe[:TEXT_MAX])
        return document, (alarm,)
    events: tuple[Event, ...] = ()
    if shown.cufe != document.expected_cufe:
        about = "cufe_date_differs" if is_own_cufe(document, shown.cufe) else "cufe_differs"
        events = (_event(now, EventKind.ALARM, actor, about=about, shown=shown.cufe[:TEXT_MAX]),)
    return replace(document, cufe=shown.cufe), events


def _apply_status(document: FiscalDocument, shown: PacDocument, now: datetime, actor: str) -> Step:
    if document.standing_status is not document.legal_status:
        return document, ()  # shown is the id that was authorised; the status is the rejected one's, and stays
    status = read_status(shown.legal_status)
    raw = (shown.legal_status or "")[:100]
    if status is None or raw == document.raw_legal_status:
        return document, ()
    seen = replace(document, raw_legal_status=raw)
    if status is LegalStatus.UNRECOGNISED:
        alarm = _event(now, EventKind.ALARM, actor, about="unrecognised_legal_status", shown=raw)
        if document.legal_status is LegalStatus.NONE:
            seen = replace(seen, legal_status=status)
        return seen, (alarm,)
    if RANKS[status] <= RANKS[document.legal_status] and document.legal_status is not LegalStatus.UNRECOGNISED:
        return _ignore_status(document, status, now, actor)
    facts: dict[str, object] = {"from": document.legal_status.value, "to": status.value}
    if shown.codes or shown.messages:
        facts["codes"] = " ".join(shown.codes)[:TEXT_MAX]
        facts["message"] = " | ".join(shown.messages)[:TEXT_MAX]
    moved = replace(seen, legal_status=status, checks=0)
    return moved, (_event(now, EventKind.STATUS, actor, **facts),)


def _ignore_status(document: FiscalDocument, status: LegalStatus, now: datetime, actor: str) -> Step:
    """A lower status after a higher one, or a second terminal one: the first is kept, people are told."""
    if status is document.legal_status:
        return document, ()
    kind = EventKind.ALARM if status.is_terminal else EventKind.STATUS_IGNORED
    facts = {"about": "contradictory_status", "kept": document.legal_status.value, "shown": status.value}
    return document, (_event(now, kind, actor, **facts),)


def _event(now: datetime, kind: EventKind, actor: str, **facts: object) -> Event:
    return Event(at=now, kind=kind, actor=actor, facts={name: str(value) for name, value in facts.items()})
