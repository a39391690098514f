"""Who holds one attempt: a lease, and a fencing token that grows with every claim."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who may write the outcome of the attempt in flight."""

    token: int  # grows with every claim; a write with an older one changes nothing
    worker: str
    expires_at: datetime
    doubted_before: bool  # ``maybe_executed`` as it was before this claim
