"""The few repairs that are provably safe, each decided again at the moment it is made."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.documents import Change, FiscalDocument
from core.events import Event, EventKind
from core.invariants.findings import RaiseMark, Remedy, RemoveBlob, RestoreDueTime
from core.invariants.states import must_be_looked_at
from core.invariants.voids import is_void_forgotten
from core.lifecycle.void_states import go_on_with_void
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.series_ledger import HighWaterMarks
from core.ports.store_inspection import BlobInspection, StoreInspection

ACTOR = "operator:doctor"
ORPHAN_AGE = timedelta(hours=24)


class MendInstallation:
    """- A due time is only given where none is: the sweep then does what it always does.
    - A mark is only raised, to a number that was sent.
    - A blob is only removed when no row names it and it has not been stored again for a day: every process that
      could still name it has long given up.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        marks: HighWaterMarks,
        inspection: StoreInspection,
        blobs: BlobInspection | None,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._marks = marks
        self._inspection = inspection
        self._blobs = blobs
        self._clock = clock

    async def __call__(self, remedy: Remedy) -> str | None:
        """What was done, in words; None when it was not needed any more, or is not safe yet."""
        match remedy:
            case RestoreDueTime():
                return await self._restore_due_time(remedy)
            case RaiseMark(tenant_id=tenant_id, series=series, number=number):
                await self._marks.raise_to(tenant_id, series, number)
                where = f"{series.document_type.value}-{series.billing_point}"
                return f"raised the high-water mark of {where} of tenant {tenant_id} to {number}"
            case RemoveBlob():
                return await self._remove_blob(remedy)

    async def _restore_due_time(self, remedy: RestoreDueTime) -> str | None:
        due: datetime | None = None

        def give(current: FiscalDocument) -> Change | None:
            nonlocal due
            due = None
            now = self._clock.now()
            if is_void_forgotten(current, now=now):
                change = go_on_with_void(current, now=now)
                due = change.document.next_action_at or now
                alarm = Event(at=now, kind=EventKind.ALARM, actor=ACTOR, facts={"about": "void_due_time_restored"})
                return replace(change, events=(*change.events, alarm))
            if current.next_action_at is not None or not must_be_looked_at(current):
                return None
            due = now if current.claim is None else current.claim.expires_at
            facts = {"about": "due_time_restored", "due": due.isoformat()}
            event = Event(at=now, kind=EventKind.ALARM, actor=ACTOR, facts=facts)
            return Change(document=replace(current, next_action_at=due), events=(event,))

        await self._documents.update(remedy.tenant_id, remedy.document_id, give)
        return None if due is None else f"gave document {remedy.document_id} the due time {due:%Y-%m-%d %H:%M:%S} UTC"

    async def _remove_blob(self, remedy: RemoveBlob) -> str | None:
        if self._blobs is None:
            return None
        if remedy.digest is not None and await self._inspection.referenced(remedy.tenant_id, [remedy.digest]):
            return None
        stored_before = self._clock.now() - ORPHAN_AGE
        if not await self._blobs.remove(remedy.tenant_id, remedy.key, stored_before=stored_before):
            return None
        return f"removed {remedy.key} of tenant {remedy.tenant_id} from the file store"
