"""Why a month's sales book may still change, reason by reason.

A month is final when it has ended in Panama, every document of it is decided, no void of one is under way, and none
that counts can still be voided. A note against an invoice does not close the invoice's window here: the note may be
voided itself, and then the invoice.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.documents import FiscalDocument, Submission
from core.errors import Wording
from core.issue_time import wire_time
from core.lifecycle.void_wishes import can_ever_be_voided
from core.voids import VoidWindow

_NEEDS_A_PERSON = (Submission.IN_DOUBT, Submission.QUARANTINED)


class BookOpenReason(Enum):
    """Stable codes, in the order in which they are told."""

    MONTH_RUNNING = "MONTH_RUNNING"
    DOCUMENT_UNDER_WAY = "DOCUMENT_UNDER_WAY"
    DOCUMENT_IN_DOUBT = "DOCUMENT_IN_DOUBT"
    VOID_UNDER_WAY = "VOID_UNDER_WAY"
    VOID_WINDOW_OPEN = "VOID_WINDOW_OPEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOpening:
    """One reason. ``count``: of how many documents, 0 for the month itself. ``until``: when it ends by itself, if it
    does."""

    reason: BookOpenReason
    count: int
    until: datetime | None = None

    @property
    def wording(self) -> Wording:
        """For people."""
        until = "" if self.until is None else wire_time(self.until)
        return _WORDS[self.reason].filled({"count": self.count, "until": until})


_WORDS = {
    BookOpenReason.MONTH_RUNNING: Wording(
        "The month has not ended in Panama; it ends at {until}.",
        "El mes no ha terminado en Panamá; termina el {until}.",
    ),
    BookOpenReason.DOCUMENT_UNDER_WAY: Wording(
        "Documents that wait for the PAC or the DGI: {count}. They are followed; read the book again later.",
        "Documentos que esperan al PAC o a la DGI: {count}. Se les da seguimiento; consulte el libro más tarde.",
    ),
    BookOpenReason.DOCUMENT_IN_DOUBT: Wording(
        "Documents in doubt or in quarantine: {count}. The diagnosis of each says what a person can do.",
        "Documentos en duda o en cuarentena: {count}. El diagnóstico de cada uno dice qué puede hacer una persona.",
    ),
    BookOpenReason.VOID_UNDER_WAY: Wording(
        "Voids that are not settled: {count}. The diagnosis of each document says what happens next.",
        "Anulaciones sin resolver: {count}. El diagnóstico de cada documento dice qué sigue.",
    ),
    BookOpenReason.VOID_WINDOW_OPEN: Wording(
        "Documents that can still be voided: {count}. The last window closes at {until}.",
        "Documentos que aún se pueden anular: {count}. El último plazo vence el {until}.",
    ),
}


def open_reasons(document: FiscalDocument, *, now: datetime, window: VoidWindow) -> tuple[BookOpenReason, ...]:
    """What may still change a document that is in the book; nothing of one that is void."""
    if document.is_void:
        return ()
    reasons = []
    if not document.is_issued:
        is_in_doubt = document.submission in _NEEDS_A_PERSON
        reasons.append(BookOpenReason.DOCUMENT_IN_DOUBT if is_in_doubt else BookOpenReason.DOCUMENT_UNDER_WAY)
    if document.void is not None and document.void.is_open:
        reasons.append(BookOpenReason.VOID_UNDER_WAY)
    if not reasons and can_ever_be_voided(document) and now <= window.closes_at(document.issued_at):
        reasons.append(BookOpenReason.VOID_WINDOW_OPEN)
    return tuple(reasons)
