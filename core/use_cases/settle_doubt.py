"""What can be done by itself about a document whose outcome is not known."""

from core.documents import Change, FiscalDocument, Submission
from core.identifiers import DocumentId, TenantId
from core.lifecycle.doubt import settle
from core.lifecycle.sending import expire_claim
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.tenant_resolver import TenantResolver
from core.schedules import Schedules
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.watch_circuit import WatchCircuit


class SettleDoubt:
    """Follow the evidence there is; then, by the tenant's policy, wait or send the identical bytes once more.

    Past the deadline a document without evidence is QUARANTINED, saying why.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        tenants: TenantResolver,
        circuit: WatchCircuit,
        match_deliveries: MatchDeliveries,
        refresh: RefreshDocument,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._documents = documents
        self._tenants = tenants
        self._circuit = circuit
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

        if document.submission not in (Submission.IN_DOUBT, Submission.QUEUED) and not document.is_watched:
            return document
        policy = (await self._tenants.get(tenant_id)).doubt_policy
        is_circuit_open = await self._circuit.is_open(tenant_id)

        def let_time_decide(current: FiscalDocument) -> Change | None:
            return settle(
                current,
                policy=policy,
                is_circuit_open=is_circuit_open,
                now=self._clock.now(),
                schedules=self._schedules,
            )

        return await self._documents.update(tenant_id, document_id, let_time_decide)
