"""The void of a document: what was asked, and what became of it. The legal status stays DGI_AUTHORIZED."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class VoidState(Enum):
    """How far a void is."""

    REQUESTED = "REQUESTED"  # kept, and sent as soon as the document allows it
    IN_DOUBT = "IN_DOUBT"  # it was sent and the answer was lost: only success or "already voided" settles it
    VOIDED = "VOIDED"
    FAILED = "FAILED"  # refused for a reason that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """One wish to void a document."""

    state: VoidState
    reason: str  # 15 to 1000 characters, goes to the DGI
    requested_at: datetime
    requested_by: str  # caller:<key id>
    idempotency_key: str
    attempts: int = 0  # DELETEs that may have reached the PAC
    settled_at: datetime | None = None
    codes: tuple[str, ...] = ()  # the PAC's, of the answer that settled it
    message: str = ""

    @property
    def stands(self) -> bool:
        """Whether the document is void or may become so: nothing may be credited against it meanwhile."""
        return self.state is not VoidState.FAILED
