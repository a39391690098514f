"""What is done with drafts: said anew, taken back, issued."""

from typing import Any

from adapters.graphql.inputs import Input, read_invoice, read_wait
from adapters.graphql.request_context import Info
from core.documents import DocumentKind
from core.identifiers import DocumentId

Payload = dict[str, Any]


async def update_invoice(
    _root: object,
    info: Info,
    *,
    id: str,  # noqa: A002
    input: Input,  # noqa: A002
    expected_version: int | None = None,
) -> Payload:
    """Raises what UpdateInvoice raises."""
    context = info.context
    document = await context.operations.update_invoice(
        context.caller.tenant_id,
        DocumentId(id),
        read_invoice(input),
        document_type=input.get("document_type"),
        expected_version=expected_version,
        actor=context.actor,
    )
    return {"invoice": document}


async def cancel_invoice(_root: object, info: Info, *, id: str, reason: str) -> Payload:  # noqa: A002
    """Raises what WithdrawDocument raises."""
    context = info.context
    document = await context.operations.withdraw(
        context.caller.tenant_id, DocumentId(id), kind=DocumentKind.INVOICE, reason=reason, actor=context.actor
    )
    return {"invoice": document}


async def delete_credit(_root: object, info: Info, *, id: str, reason: str) -> Payload:  # noqa: A002
    """Raises what WithdrawDocument raises."""
    context = info.context
    document = await context.operations.withdraw(
        context.caller.tenant_id, DocumentId(id), kind=DocumentKind.CREDIT, reason=reason, actor=context.actor
    )
    return {"credit": document}


async def convert_invoice_to_dgi(_root: object, info: Info, *, id: str, wait_seconds: int) -> Payload:  # noqa: A002
    """Raises what ConvertDraft raises."""
    context = info.context
    document = await context.operations.convert_draft(
        context.caller.tenant_id,
        DocumentId(id),
        kind=DocumentKind.INVOICE,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"invoice": document}
