"""What the PAC is asked to tell others: an e-mail to a customer, a webhook to us."""

from typing import Any

from adapters.graphql.request_context import Info
from core.identifiers import DocumentId

Payload = dict[str, Any]


async def resend_invoice_email(
    _root: object,
    info: Info,
    *,
    document_id: str,
    message: str,
    emails: list[str] | None = None,
    idempotency_key: str | None = None,
) -> Payload:
    """Raises what ResendInvoiceEmail raises."""
    context = info.context
    resent = await context.operations.resend_invoice_email(
        context.caller.tenant_id,
        DocumentId(document_id),
        emails=emails,
        message=message,
        idempotency_key=idempotency_key,
        actor=context.actor,
    )
    return {"delivery": {"results": resent.results}, "invoice": resent.document}


async def request_pac_webhook(_root: object, info: Info, *, document_id: str) -> Payload:
    """Raises what RequestPacWebhook raises."""
    context = info.context
    asked = await context.operations.request_pac_webhook(
        context.caller.tenant_id, DocumentId(document_id), actor=context.actor
    )
    return {"outcome": asked.result.outcome, "reason": asked.result.reason, "invoice": asked.document}
