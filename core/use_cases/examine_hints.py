"""The ids that something named for a document are read at the PAC and judged, one by one."""

from core.documents import Change, FiscalDocument, Submission
from core.events import EventKind
from core.failures import PacDocumentIdTakenError
from core.identifiers import PacDocumentId
from core.lifecycle.evidence import judge_hint, postpone_hint, refute
from core.lifecycle.siblings import TWICE, judge_sibling
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.pac_gateway import Found, LookUpAnswer, NoAnswer, NotFound, PacGateway
from core.ports.tenant_resolver import TenantDirectory
from core.schedules import Schedules
from core.tenants import DoubtPolicy
from core.use_cases.pac_account import FindPacAccount


class ExamineHints:
    """Adopt, refute or keep each hinted id of a document.

    A hint is adopted only when the PAC shows the document's own CUFE under it. When the PAC turns out to hold one
    number under two authorised ids, the tenant's policy falls to ``park``: nothing is ever sent twice again.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        directory: TenantDirectory,
        find_account: FindPacAccount,
        pac: PacGateway,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._documents = documents
        self._directory = directory
        self._find_account = find_account
        self._pac = pac
        self._clock = clock
        self._schedules = schedules

    async def __call__(self, document: FiscalDocument) -> FiscalDocument:
        """The document after all its hints. Raises PacCompanyNotConfiguredError."""
        account = await self._find_account(document.tenant_id)
        for hint in document.hinted_ids:
            answer = await self._pac.look_up(account, document.document_type, hint)
            document = await self._judge(document, hint, answer)
        return document

    async def _judge(self, document: FiscalDocument, hint: PacDocumentId, answer: LookUpAnswer) -> FiscalDocument:
        is_doubled = False

        def judge(current: FiscalDocument) -> Change | None:
            nonlocal is_doubled
            change, reason = self._change(current, hint, answer)
            is_doubled = change is not None and any(
                event.kind is EventKind.ALARM and event.facts.get("about") == TWICE for event in change.events
            )
            is_kept = change is None and hint in current.hinted_ids and current.pac_document_id is None
            if is_kept and current.submission is not Submission.SENDING:  # there the end of the lease is due
                return postpone_hint(current, reason, now=self._clock.now(), schedules=self._schedules)
            return change

        def refute_taken(current: FiscalDocument) -> Change:
            reason = "another document of this tenant has the id"
            return refute(current, hint, reason, self._clock.now(), self._schedules)

        try:
            judged = await self._documents.update(document.tenant_id, document.document_id, judge)
        except PacDocumentIdTakenError:
            judged = await self._documents.update(document.tenant_id, document.document_id, refute_taken)
        if is_doubled:
            await self._directory.set_doubt_policy(document.tenant_id, DoubtPolicy.PARK)
        return judged

    def _change(self, document: FiscalDocument, hint: PacDocumentId, answer: LookUpAnswer) -> tuple[Change | None, str]:
        now = self._clock.now()
        match answer:
            case Found(document=shown):
                judge = judge_hint if document.pac_document_id is None else judge_sibling
                change = judge(document, hint, shown, now=now, schedules=self._schedules)
                return change, "what the PAC shows settles nothing yet"
            case NotFound():
                return None, "the PAC does not know the id"
            case NoAnswer(reason=reason):
                return None, reason
