"""What can be done about a document whose outcome is not known (policy ``park``)."""

from dataclasses import replace

from core.documents import Change, Event, EventKind, FiscalDocument, Submission
from core.identifiers import DocumentId, TenantId
from core.lifecycle.sending import expire_claim
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.schedules import Schedules
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.refresh_document import RefreshDocument


class SettleDoubt:
    """Follow the evidence there is; past the deadline a document without any is QUARANTINED, saying why.

    Absence of evidence never frees a number and never justifies a new one.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        match_deliveries: MatchDeliveries,
        refresh: RefreshDocument,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._documents = documents
        self._match_deliveries = match_deliveries
        self._refresh = refresh
        self._clock = clock
        self._schedules = schedules

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """The document as it stands afterwards. Raises DocumentNotFoundError."""

        def expire(current: FiscalDocument) -> Change | None:
            return expire_claim(current, now=self._clock.now(), schedules=self._schedules)

        document = await self._documents.update(tenant_id, document_id, expire)
        document = await self._match_deliveries(document)
        if document.hinted_ids:
            document = (await self._refresh(tenant_id, document_id, actor="evidence")).document

        def give_up_waiting(current: FiscalDocument) -> Change | None:
            return self._quarantine(current)

        return await self._documents.update(tenant_id, document_id, give_up_waiting)

    def _quarantine(self, document: FiscalDocument) -> Change | None:
        now = self._clock.now()
        match document.submission:
            case Submission.IN_DOUBT if document.doubt_since is not None:
                since, what = document.doubt_since, f"an attempt whose answer was lost ({document.doubt_reason})"
            case Submission.QUEUED if document.hinted_ids:
                since, what = document.created_at, "a webhook that named it before it was sent"
            case _:
                return None
        if now < self._schedules.doubt_ends_at(since):
            return None
        hours = self._schedules.doubt_deadline / 3600
        reason = f"No proof within {hours:g} h of {what}. The number stays taken."
        if document.hinted_ids:
            reason += f" Ids at the PAC that could not be confirmed: {', '.join(document.hinted_ids)}."
        parked = replace(
            document,
            submission=Submission.QUARANTINED,
            quarantine_reason=reason,
            next_action_at=now + self._schedules.hint_delay(document.checks) if document.hinted_ids else None,
        )
        event = Event(at=now, kind=EventKind.QUARANTINED, actor="sweep", facts={"reason": reason})
        return Change(document=parked, events=(event,))
