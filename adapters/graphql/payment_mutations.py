"""Recording money that came for a document, and taking a record back."""

from typing import Any

from adapters.graphql.inputs import Input
from adapters.graphql.request_context import Info
from core.identifiers import DocumentId, PaymentId
from core.ports.payment_book import Entered
from core.use_cases.record_payment import NewPayment


async def record_payment(
    _root: object,
    info: Info,
    *,
    document_id: str,
    input: Input,  # noqa: A002
    idempotency_key: str,
) -> dict[str, Any]:
    """See the schema."""
    context = info.context
    entered = await context.operations.record_payment(
        context.caller.tenant_id,
        DocumentId(document_id),
        NewPayment(**input),
        idempotency_key=idempotency_key,
        actor=context.actor,
    )
    return _payload(entered)


async def reverse_payment(
    _root: object, info: Info, *, payment_id: str, reason: str, idempotency_key: str
) -> dict[str, Any]:
    """See the schema."""
    context = info.context
    entered = await context.operations.reverse_payment(
        context.caller.tenant_id,
        PaymentId(payment_id),
        reason,
        idempotency_key=idempotency_key,
        actor=context.actor,
    )
    return _payload(entered)


def _payload(entered: Entered) -> dict[str, Any]:
    return {"payment": entered.payment, "document": entered.document}
