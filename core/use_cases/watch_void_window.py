"""Until when a document can be voided, as of now."""

from datetime import datetime

from core.documents import FiscalDocument
from core.errors import Wording
from core.issue_time import wire_time
from core.lifecycle.void_wishes import can_ever_be_voided, warns_of_window
from core.ports.clock import Clock
from core.voids import VoidWindow


class WatchVoidWindow:
    """Tell the end of the window, and when it is near."""

    def __init__(self, window: VoidWindow, clock: Clock) -> None:
        self._window = window
        self._clock = clock

    def closes_at(self, document: FiscalDocument) -> datetime | None:
        """The last moment at which a void may be asked for, past ones too; None for what can never be voided."""
        return self._window.closes_at(document.issued_at) if can_ever_be_voided(document) else None

    def warning(self, document: FiscalDocument) -> Wording | None:
        """That the window closes soon; None before, afterwards, and while a void stands."""
        if not warns_of_window(document, window=self._window, now=self._clock.now()):
            return None
        until = wire_time(self._window.closes_at(document.issued_at))
        return Wording(
            f"It can be voided until {until}; after that only a credit note takes it back.",
            f"Se puede anular hasta {until}; después solo se revierte con una nota de crédito.",
        )
