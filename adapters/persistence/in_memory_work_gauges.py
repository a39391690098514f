"""The gauges of an in-memory store."""

from collections import Counter
from datetime import datetime

from adapters.persistence.in_memory_state import InMemoryStore
from core.certificates import CertificateKind
from core.diagnosis import waits_since_before
from core.documents import Submission
from core.ports.webhook_inbox import DeliveryState
from core.ports.work_gauges import Census, WaitingWork, WorkGauges
from core.voids import VoidState


class InMemoryWorkGauges(WorkGauges):
    """Counts what is in memory."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def waiting(self, now: datetime, *, overdue_before: datetime) -> WaitingWork:
        """See the port."""
        documents = [stored.document for stored in self._store.documents.values()]
        waits = [one for one in documents if one.next_action_at is not None or one.submission is Submission.QUARANTINED]
        due = [one.next_action_at for one in waits if one.next_action_at is not None and one.next_action_at <= now]
        doubts = [one.doubt_since for one in waits if one.submission is Submission.IN_DOUBT and one.doubt_since]
        voids = [one.void for one in documents if one.void is not None and one.void.state is VoidState.IN_DOUBT]
        void_doubts = [void.doubt_since for void in voids if void.doubt_since is not None]
        received = [one.received_at for one in self._store.deliveries.values() if one.state is DeliveryState.RECEIVED]
        return WaitingWork(
            by_submission=Counter(one.submission.value for one in waits),
            due=len(due),
            oldest_due_at=min(due, default=None),
            overdue=sum(waits_since_before(one, overdue_before) for one in documents),
            oldest_doubt_since=min(doubts, default=None),
            voids_in_doubt=len(void_doubts),
            oldest_void_doubt_since=min(void_doubts, default=None),
            received=len(received),
            oldest_received_at=min(received, default=None),
            circuits=Counter(circuit.state.value for circuit in self._store.circuits.values()),
        )

    async def census(self) -> Census:
        """See the port."""
        documents = [stored.document for stored in self._store.documents.values()]
        states = Counter(delivery.state for delivery in self._store.deliveries.values())
        certificates = [each for onboarding in self._store.onboardings.values() for each in onboarding.certificates]
        return Census(
            by_submission=Counter(one.submission.value for one in documents),
            by_legal_status=Counter(one.legal_status.value for one in documents),
            unmatched=states[DeliveryState.UNMATCHED],
            certificates={
                kind: [each.not_after for each in certificates if each.kind is kind] for kind in CertificateKind
            },
        )
