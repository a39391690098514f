"""Voiding a document, and what an operator decides about a void that cannot settle itself."""

from typing import Any

from adapters.graphql.inputs import read_wait
from adapters.graphql.request_context import Info
from core.identifiers import DocumentId
from core.use_cases.request_void import VoidRequest

Payload = dict[str, Any]


async def void_invoice(
    _root: object,
    info: Info,
    *,
    invoice_id: str,
    reason: str,
    credit_instead: bool,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    """Raises what VoidOrCredit raises."""
    context = info.context
    request = VoidRequest(
        tenant_id=context.caller.tenant_id,
        document_id=DocumentId(invoice_id),
        reason=reason,
        idempotency_key=idempotency_key,
        actor=context.actor,
    )
    done = await context.operations.void_or_credit(
        request, credit_instead=credit_instead, wait_seconds=read_wait(wait_seconds)
    )
    return {"invoice": done.document, "credit": done.credit}


async def void_credit(
    _root: object, info: Info, *, credit_id: str, reason: str, idempotency_key: str, wait_seconds: int
) -> Payload:
    """Raises what RequestVoid raises."""
    context = info.context
    request = VoidRequest(
        tenant_id=context.caller.tenant_id,
        document_id=DocumentId(credit_id),
        reason=reason,
        idempotency_key=idempotency_key,
        actor=context.actor,
        of_credit_note=True,
    )
    return {"credit": await context.operations.request_void(request, wait_seconds=read_wait(wait_seconds))}


async def confirm_voided(_root: object, info: Info, *, document_id: str, note: str) -> Payload:
    """Raises what ConfirmVoided raises."""
    caller = info.context.caller
    operations = info.context.operations
    return {"document": await operations.confirm_voided(caller.tenant_id, DocumentId(document_id), note, caller.key_id)}


async def give_up_void(_root: object, info: Info, *, document_id: str, reason: str) -> Payload:
    """Raises what GiveUpVoid raises."""
    caller = info.context.caller
    operations = info.context.operations
    return {"document": await operations.give_up_void(caller.tenant_id, DocumentId(document_id), reason, caller.key_id)}
