"""The doorbell: it wakes a worker, it never carries the truth."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.identifiers import TenantId


class JobKind(Enum):
    """Which use case a worker runs."""

    SUBMIT = "submit"  # subject: a document
    REFRESH = "refresh"  # subject: a document
    WEBHOOK = "webhook"  # subject: a delivery
    VOID = "void"  # subject: a document


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Ids only; whoever handles it reads the database."""

    kind: JobKind
    tenant_id: TenantId
    subject_id: str


JobHandler = Callable[[Job], Awaitable[None]]


class JobQueue(Protocol):
    """At-least-once at best, at-most-once at worst; the sweep finds what a lost ring left."""

    @abstractmethod
    async def ring(self, job: Job) -> None:
        """Wake a worker for this job. Never raises because the queue is away or full: it logs, the sweep mends."""
