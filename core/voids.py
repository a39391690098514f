"""The void of a document: what was asked, and what became of it. The legal status stays DGI_AUTHORIZED."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.claims import Claim
from core.errors import Wording
from core.failures import MalformedInputError

REASON_MIN, REASON_MAX = 15, 1000
"""Characters of a reason, in code points (the void event's own schema)."""

_INVISIBLE = ("Z", "C")  # blanks of every kind; control, format and private characters
_LINE_ENDS = "\t\n\r"
_BAD_LENGTH = Wording(
    f"a reason has {REASON_MIN} to {REASON_MAX} characters without the blanks around it",
    f"un motivo tiene de {REASON_MIN} a {REASON_MAX} caracteres sin los espacios que lo rodean",
)
_BAD_CHARACTER = Wording("a reason has no control characters", "un motivo no lleva caracteres de control")


class VoidState(Enum):
    """How far a void is."""

    REQUESTED = "REQUESTED"  # kept, and sent as soon as the document allows it
    IN_DOUBT = "IN_DOUBT"  # it was sent and the answer was lost: only success or "already voided" settles it
    VOIDED = "VOIDED"
    FAILED = "FAILED"  # refused for a reason that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """One wish to void a document. A new wish after FAILED takes its place and keeps token and doubt."""

    state: VoidState
    reason: str  # 15 to 1000 characters, goes to the DGI; empty when somebody voided it at the PAC
    requested_at: datetime
    requested_by: str  # caller:<key id>; "pac" when the PAC showed a void that nobody asked for here
    idempotency_key: str
    attempts: int = 0  # DELETEs that may have reached the PAC
    settled_at: datetime | None = None
    codes: tuple[str, ...] = ()  # the PAC's, of the answer that settled it; while in doubt of the last one
    message: str = ""
    is_recognised: bool = True  # False: no table knows the code of the refusal
    claim: Claim | None = None  # who sends the DELETE now
    last_token: int = 0
    maybe_executed: bool = False  # sticky: a DELETE left of which nobody knows that it did nothing
    due_at: datetime | None = None  # when Istmo goes on with it; None: it waits for its document, or is settled
    doubt_since: datetime | None = None
    doubt_reason: str = ""
    settles_at: datetime | None = None  # before this the PAC may still execute a DELETE whose answer was lost
    past_keys: tuple[str, ...] = ()  # of the failed wishes before this one, so that a late repeat starts nothing

    @property
    def stands(self) -> bool:
        """Whether the document is void or may become so: nothing may be credited against it meanwhile."""
        return self.state is not VoidState.FAILED

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in (VoidState.REQUESTED, VoidState.IN_DOUBT)

    @property
    def waits(self) -> bool:
        """Whether nothing was sent yet and the document's own outcome is awaited first."""
        return self.state is VoidState.REQUESTED and self.due_at is None and self.claim is None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidWindow:
    """How long a document can be voided, in hours from its issue time. Where the clock is close the PAC decides."""

    hours: float = 182.0
    warn_hours: float = 168.0  # from here on a warning says that it closes soon

    def closes_at(self, issued_at: datetime) -> datetime:
        """The last moment at which a void may be asked for."""
        return issued_at + timedelta(hours=self.hours)

    def warns_at(self, issued_at: datetime) -> datetime:
        """From when on the end is near."""
        return issued_at + timedelta(hours=self.warn_hours)


def checked_reason(text: str) -> str:
    """The reason without blanks and invisible characters around it. Raises MalformedInputError (``reason``)."""
    reason = _stripped(text)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in reason if character not in _LINE_ENDS):
        raise MalformedInputError(path=("reason",), problem=_BAD_CHARACTER)
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise MalformedInputError(path=("reason",), problem=_BAD_LENGTH)
    return reason


def _stripped(text: str) -> str:
    shown = [place for place, character in enumerate(text) if unicodedata.category(character)[0] not in _INVISIBLE]
    return text[shown[0] : shown[-1] + 1] if shown else ""
