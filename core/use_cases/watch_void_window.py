"""Until when a document can be voided, as of now."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from core.documents import FiscalDocument
from core.errors import Wording
from core.issue_time import wire_time
from core.lifecycle.void_wishes import can_ever_be_voided, note_in_the_way, warns_of_window
from core.ports.clock import Clock
from core.voids import VoidWindow

NotesOf = Callable[[FiscalDocument], Awaitable[Sequence[FiscalDocument]]]


class WatchVoidWindow:
    """Tell the end of the window, and when it is near."""

    def __init__(self, window: VoidWindow, clock: Clock) -> None:
        self._window = window
        self._clock = clock

    def closes_at(self, document: FiscalDocument) -> datetime | None:
        """The last moment at which a void may be asked for, past ones too; None for what can never be voided."""
        return self._window.closes_at(document.issued_at) if can_ever_be_voided(document) else None

    async def warning(self, document: FiscalDocument, notes_of: NotesOf) -> Wording | None:
        """That the window closes soon, and which note stands in the way; None before, afterwards, and while a void
        stands. ``notes_of`` is asked for the notes that name the document, and only when there is something to say."""
        if not warns_of_window(document, window=self._window, now=self._clock.now()):
            return None
        until = wire_time(self._window.closes_at(document.issued_at))
        note = note_in_the_way(await notes_of(document))
        if note is not None:
            return _kept_by(note, until)
        return Wording(
            f"It can be voided until {until}; after that only a credit note takes it back.",
            f"Se puede anular hasta {until}; después solo se revierte con una nota de crédito.",
        )


def _kept_by(note: FiscalDocument, until: str) -> Wording:
    if note.document_type.is_debit_note:
        return Wording(
            f"Debit note {note.document_id} keeps it from being voided and cannot be voided itself: credit both.",
            f"La nota de débito {note.document_id} impide anularlo y ella no se puede anular: acredite ambos.",
        )
    return Wording(
        f"Credit note {note.document_id} keeps it from being voided: void that first, and it by {until}.",
        f"La nota de crédito {note.document_id} impide anularlo: anule primero esa nota y, hasta el {until}, este.",
    )
