"""A stored delivery finds its document and has it looked at; one without a document waits."""

from core.codes import DocumentType
from core.documents import Change, FiscalDocument
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.lifecycle.deliveries import ACTOR, repeat_delivery
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.pac_gateway import Found, PacGateway
from core.ports.webhook_inbox import Delivery, DeliveryState, WebhookInbox
from core.schedules import Schedules
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.refresh_document import RefreshDocument


class ProcessWebhook:
    """Match one delivery and refresh its document. Safe to run twice and in any order."""

    def __init__(
        self,
        inbox: WebhookInbox,
        documents: DocumentRepository,
        match_deliveries: MatchDeliveries,
        refresh: RefreshDocument,
        find_account: FindPacAccount,
        pac: PacGateway,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._inbox = inbox
        self._documents = documents
        self._match_deliveries = match_deliveries
        self._refresh = refresh
        self._find_account = find_account
        self._pac = pac
        self._clock = clock
        self._schedules = schedules

    async def __call__(self, tenant_id: TenantId, delivery_id: DeliveryId) -> DeliveryState:
        """Where the delivery stands afterwards. Raises DeliveryNotFoundError."""
        delivery = await self._inbox.get(tenant_id, delivery_id)
        if delivery.state is DeliveryState.PROCESSED:
            if delivery.document_id is not None:
                await self._repeat(tenant_id, delivery.document_id)
            return delivery.state
        if delivery.state is DeliveryState.UNREADABLE:
            return delivery.state
        document = await self._documents.find_by_reference(
            tenant_id, pac_document_id=delivery.pac_document_id, cufe=delivery.cufe
        )
        if document is None:
            document = await self._ask_the_pac(delivery)
        if document is None:
            await self._inbox.settle(tenant_id, delivery_id, DeliveryState.UNMATCHED, None)
            return DeliveryState.UNMATCHED
        await self._match_deliveries.take(document, delivery)
        await self._refresh(tenant_id, document.document_id, actor=ACTOR)
        return DeliveryState.PROCESSED

    async def _ask_the_pac(self, delivery: Delivery) -> FiscalDocument | None:
        """An id without a CUFE may be a document whose answer was lost: the PAC says which CUFE it has.

        Asked once; an answer that does not come leaves the delivery unmatched, and kept.
        """
        if delivery.pac_document_id is None or delivery.cufe is not None:
            return None
        account = await self._find_account(delivery.tenant_id)
        answer = await self._pac.look_up(account, DocumentType.DOMESTIC_INVOICE, delivery.pac_document_id)
        if not isinstance(answer, Found) or answer.document.cufe is None:
            return None
        return await self._documents.find_by_reference(
            delivery.tenant_id, pac_document_id=None, cufe=answer.document.cufe
        )

    async def _repeat(self, tenant_id: TenantId, document_id: DocumentId) -> None:
        def sooner(current: FiscalDocument) -> Change | None:
            return repeat_delivery(current, now=self._clock.now(), schedules=self._schedules)

        await self._documents.update(tenant_id, document_id, sooner)
