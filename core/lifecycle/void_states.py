"""The ends of a void, and its place in its document's due time. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.documents import Change, FiscalDocument
from core.events import Event, EventKind
from core.lifecycle.evidence import bounded
from core.lifecycle.following import missing_files
from core.lifecycle.waiting_voids import follow_document
from core.voids import Void, VoidState


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldByPac:
    """What an answer says about the void, bounded. ``is_recognised`` False: a refusal that no table knows."""

    codes: tuple[str, ...] = ()
    message: str = ""
    is_recognised: bool = True


def with_void(document: FiscalDocument, void: Void, *, now: datetime) -> FiscalDocument:
    """The document with its void as it is now, due at the earlier of what the void and the document itself wait for.

    Where the due time was the void's, the document is looked at now if it still waits for a file or another id.
    """
    own = document.next_action_at
    if document.void is not None and own is not None and own == document.void.due_at:
        own = now if missing_files(document) or document.hinted_ids else None
    moments = [moment for moment in (own, void.due_at) if moment is not None]
    return replace(document, void=void, next_action_at=min(moments, default=None))


def settle_void(
    document: FiscalDocument, void: Void, told: ToldByPac, *, now: datetime, actor: str, proof: str
) -> Change:
    """The document is void. ``proof`` says how that is known: an answer, a look-up, or a person."""
    voided = replace(
        void,
        state=VoidState.VOIDED,
        claim=None,
        due_at=None,
        settled_at=now,
        codes=told.codes,
        message=told.message,
        is_recognised=True,
    )
    event = Event(
        at=now,
        kind=EventKind.VOIDED,
        actor=actor,
        facts=void_facts(proof=proof, codes=told.codes, message=told.message),
    )
    return Change(document=with_void(document, voided, now=now), events=(event,))


def fail_void(document: FiscalDocument, void: Void, told: ToldByPac, *, now: datetime, actor: str) -> Change:
    """The void is refused or taken back, for a reason that is shown. What may have been executed is remembered."""
    failed = replace(
        void,
        state=VoidState.FAILED,
        claim=None,
        due_at=None,
        settled_at=now,
        codes=told.codes,
        message=told.message,
        is_recognised=told.is_recognised,
    )
    event = Event(
        at=now, kind=EventKind.VOID_FAILED, actor=actor, facts=void_facts(codes=told.codes, message=told.message)
    )
    return Change(document=with_void(document, failed, now=now), events=(event,))


def go_on_with_void(document: FiscalDocument, *, now: datetime) -> Change:
    """An open void that nobody would go on with is due now, or follows a document that was decided meanwhile."""
    followed, events = follow_document(document, now=now)
    void = followed.void
    if void is not None and void.is_open and not void.waits:
        due = void.claim.expires_at if void.claim else now
        followed = with_void(followed, replace(void, due_at=void.due_at or due), now=now)
    return Change(document=followed, events=events)


def void_facts(*, codes: tuple[str, ...], message: str, **more: str) -> dict[str, str]:
    """What an event says of an answer; nothing is said where there is nothing."""
    told = more | {"codes": bounded(" ".join(codes)), "message": message}
    return {name: value for name, value in told.items() if value}
