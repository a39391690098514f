"""What was changed by administrators and operators: events that are only ever added."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.administration import AdminEvent, AdminKind, ChainedAdminEvent
from core.identifiers import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminEventFilter:
    """Which events. ``None``: all."""

    tenant_id: TenantId | None = None
    kind: AdminKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminEventPage:
    """One page, newest first. ``next_before`` None: there are no more."""

    events: Sequence[ChainedAdminEvent]
    next_before: int | None


class AdministrationJournal(Protocol):
    """One chain for the installation. For operators: on PostgreSQL it needs the owner's connection.

    Every method raises StoreUnavailableError when the store cannot be reached, or when these credentials may not.
    """

    @abstractmethod
    async def append(self, event: AdminEvent) -> ChainedAdminEvent:
        """Add one event at the end of the chain, one after the other whoever comes at once: no gap, no fork.

        A DONE of a kind that happens once, whose subject has a DONE, is kept as UNCHANGED.
        """

    @abstractmethod
    async def page(self, wanted: AdminEventFilter, *, before: int | None, limit: int) -> AdminEventPage:
        """Events before a sequence (None: from the newest), newest first. ``limit`` 1 to 1,000."""
