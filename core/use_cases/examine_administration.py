"""Whether the installation's journal is whole, and which changes nobody knows the end of."""

from collections.abc import AsyncIterator
from datetime import timedelta

from core.administration import AdminOutcome, ChainedAdminEvent, digest_of
from core.hash_chain import GENESIS
from core.invariants.faults import Fault
from core.invariants.findings import Finding, unreadable
from core.ports.clock import Clock
from core.ports.store_inspection import StoreInspection, UnreadableRow

PAGE = 500
JOURNAL = "journal of administrative changes"


class ExamineAdministration:
    """Reads the chain from its beginning, page by page, beside whoever appends to it."""

    def __init__(self, inspection: StoreInspection, clock: Clock) -> None:
        self._inspection = inspection
        self._clock = clock
        self.seen = 0

    async def __call__(self, *, late_after: timedelta) -> AsyncIterator[Finding]:
        """Stops at the first event that does not verify. Raises StoreUnavailableError."""
        head = await self._inspection.admin_head()  # before the events: what comes meanwhile is beyond it
        previous, digest_at_head = GENESIS, GENESIS
        unanswered: dict[int, ChainedAdminEvent] = {}
        self.seen = 0
        while page := await self._inspection.admin_events(after=self.seen, limit=PAGE):
            for each in page:
                self.seen += 1
                if isinstance(each, UnreadableRow):
                    yield unreadable(each)
                    return
                is_next = each.sequence == self.seen
                if not is_next or each.digest != digest_of(each.event, previous, each.sequence):
                    yield _broken(f"event {self.seen} does not verify")
                    return
                previous = each.digest
                if each.sequence == head.sequence:
                    digest_at_head = each.digest
                _follow(unanswered, each)
        if self.seen and not head.sequence:  # the first of all came meanwhile, or the end was forgotten
            head = await self._inspection.admin_head()
            if not head.sequence:
                yield _broken(f"{self.seen} events are there, and nothing says where they end")
                return
            digest_at_head = head.digest
        if self.seen < head.sequence:
            yield _broken(f"{self.seen} events are there, {head.sequence} were written")
        elif head.digest != digest_at_head:
            yield _broken(f"event {head.sequence} is not the one that was written")
        for asked in unanswered.values():
            if self._clock.now() - asked.event.at > late_after:
                yield _unanswered(asked)


def _follow(unanswered: dict[int, ChainedAdminEvent], each: ChainedAdminEvent) -> None:
    if each.event.outcome is AdminOutcome.ASKED:
        unanswered[each.sequence] = each
    elif each.event.asked is not None:
        unanswered.pop(each.event.asked, None)


def _broken(detail: str) -> Finding:
    return Finding(fault=Fault.ADMIN_CHAIN_BROKEN, tenant_id=None, subject=JOURNAL, detail=detail)


def _unanswered(asked: ChainedAdminEvent) -> Finding:
    event = asked.event
    return Finding(
        fault=Fault.ADMIN_CHANGE_UNANSWERED,
        tenant_id=event.tenant_id,
        subject=f"administrative event {asked.sequence}",
        detail=f"{event.actor} began {event.kind.value} at {event.at:%Y-%m-%d %H:%M} UTC; what came of it is not known",
    )
