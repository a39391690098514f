"""The installation's journal in memory."""

from adapters.persistence.in_memory_state import InMemoryStore
from core.administration import AdminEvent, AdminOutcome, ChainedAdminEvent, ChainHead, chain_event, may_repeat, settled
from core.ports.administration_journal import AdminEventFilter, AdminEventPage, AdministrationJournal


class InMemoryAdministrationJournal(AdministrationJournal):
    """See the port."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def append(self, event: AdminEvent) -> ChainedAdminEvent:
        """See the port."""
        kept = self._store.admin_events
        if may_repeat(event):
            event = settled(event, was_done_before=any(_is_same(each.event, event) for each in kept))
        after = ChainHead(sequence=kept[-1].sequence, digest=kept[-1].digest) if kept else ChainHead()
        chained = chain_event(event, after)
        kept.append(chained)
        return chained

    async def page(self, wanted: AdminEventFilter, *, before: int | None, limit: int) -> AdminEventPage:
        """See the port."""
        found = [
            each
            for each in reversed(self._store.admin_events)
            if (before is None or each.sequence < before)
            and wanted.tenant_id in {None, each.event.tenant_id}
            and wanted.kind in {None, each.event.kind}
        ]
        page = tuple(found[:limit])
        return AdminEventPage(events=page, next_before=page[-1].sequence if len(found) > limit else None)


def _is_same(kept: AdminEvent, event: AdminEvent) -> bool:
    same = (kept.kind, kept.tenant_id, kept.subject) == (event.kind, event.tenant_id, event.subject)
    return same and kept.outcome is AdminOutcome.DONE
