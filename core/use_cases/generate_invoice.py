"""An order becomes an invoice."""

from core.codes import DocumentType
from core.documents import DocumentMode, FiscalDocument
from core.drafts import Draft
from core.failures import EmptyOrderError, OrderCancelledError, OrderChangedError
from core.fingerprint import fingerprint
from core.identifiers import OrderId, TenantId
from core.intents import checked_key
from core.issuing import Intent
from core.ports.document_repository import DocumentRepository
from core.ports.trade_book import TradeBook
from core.receivers import resolve_receiver, resolve_retention
from core.trade import Order
from core.use_cases.issue_document import IssueDocument

READINGS = 3  # of an order that others change meanwhile


class GenerateInvoice:
    """Issue the one live invoice of an order. The same key gives the same document back, whatever changed since."""

    def __init__(self, trade_book: TradeBook, documents: DocumentRepository, issue: IssueDocument) -> None:
        self._trade_book = trade_book
        self._documents = documents
        self._issue = issue

    async def __call__(
        self,
        tenant_id: TenantId,
        order_id: OrderId,
        *,
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """Raises OrderNotFoundError, EmptyOrderError, OrderCancelledError, OrderAlreadyInvoicedError, OrderChangedError
        (it changed again and again while it was billed) and what IssueDocument raises."""
        meaning = fingerprint("generateInvoice", {"order": order_id, "mode": mode})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return existing
        for _ in range(READINGS - 1):
            order = await self._trade_book.get_order(tenant_id, order_id)
            intent = await self._intent(order, actor, idempotency_key, meaning, mode)
            try:
                return await self._issue(intent, wait_seconds=wait_seconds)
            except OrderChangedError:
                continue  # an editor was quicker: bill what the order says now
        order = await self._trade_book.get_order(tenant_id, order_id)
        intent = await self._intent(order, actor, idempotency_key, meaning, mode)
        return await self._issue(intent, wait_seconds=wait_seconds)

    async def _intent(self, order: Order, actor: str, idempotency_key: str, meaning: str, mode: DocumentMode) -> Intent:
        if order.cancelled_at is not None:
            raise OrderCancelledError(path=("orderId",), order_id=order.order_id)
        if not order.lines:
            raise EmptyOrderError(path=("orderId",))
        client = None
        if order.client_id is not None:
            client = await self._trade_book.get_client(order.tenant_id, order.client_id)
        draft = Draft(
            document_type=DocumentType.DOMESTIC_INVOICE,
            receiver=resolve_receiver(client, None),
            lines=order.lines,
            payments=order.payments,
            payment_time=order.payment_time,
            instalments=order.instalments,
            prices_include_itbms=order.prices_include_itbms,
            retention=resolve_retention(order.retention, client),
            information=order.information,
        )
        return Intent(
            tenant_id=order.tenant_id,
            actor=actor,
            idempotency_key=idempotency_key,
            fingerprint=meaning,
            mode=mode,
            draft=draft,
            office_id=order.office_id,
            billing_point=order.billing_point,
            external_id=order.external_id,
            order_id=order.order_id,
            order_version=order.version,
            client_id=order.client_id,
        )
