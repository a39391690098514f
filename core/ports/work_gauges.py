"""How much waits and for how long, over all tenants: numbers alone, no names. For whoever watches an installation.

They come from the database and not from the sweep, so that a sweep that hangs cannot hide itself.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.certificates import CertificateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWork:
    """What waits now. Costs as much as what waits, however many documents are settled."""

    by_submission: Mapping[str, int] = field(default_factory=dict)  # documents with a due time, and quarantined ones
    due: int = 0  # documents whose due time has come
    oldest_due_at: datetime | None = None  # of those
    overdue: int = 0  # waiting since before the limit (core.diagnosis)
    oldest_doubt_since: datetime | None = None  # of the documents IN_DOUBT
    voids_in_doubt: int = 0
    oldest_void_doubt_since: datetime | None = None
    received: int = 0  # webhooks that were stored and not processed
    oldest_received_at: datetime | None = None
    circuits: Mapping[str, int] = field(default_factory=dict)  # tenants by the state of their circuit


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Everything there is. Walks through whole indexes: ask for it rarely."""

    by_submission: Mapping[str, int] = field(default_factory=dict)
    by_legal_status: Mapping[str, int] = field(default_factory=dict)
    unmatched: int = 0  # webhooks that wait for their document
    certificates: Mapping[CertificateKind, Sequence[datetime]] = field(default_factory=dict)  # their ends


class WorkGauges(Protocol):
    """Raises StoreUnavailableError when the store cannot be reached, or its role may not read across tenants."""

    @abstractmethod
    async def waiting(self, now: datetime, *, overdue_before: datetime) -> WaitingWork:
        """What waits now."""

    @abstractmethod
    async def census(self) -> Census:
        """Counts of everything."""
