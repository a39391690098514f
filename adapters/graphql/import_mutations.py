"""Importing somebody else's document."""

from typing import Any

from ariadne import EnumType, ObjectType

from adapters.graphql.inputs import Input
from adapters.graphql.request_context import Info
from core.cufe import parse_cufe
from core.documents import FiscalDocument, Submission
from core.drafts import AmountSource
from core.received import ReceivedAmounts
from core.use_cases.import_document import ImportWish


async def create_invoice_from_file(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    idempotency_key: str,
) -> dict[str, Any]:
    """See the schema."""
    context = info.context
    tenant_id = context.caller.tenant_id
    amounts = input.get("amounts")
    wish = ImportWish(
        upload=context.operations.upload_tokens.read(tenant_id, input["upload_token"]),
        source=input["source_type"],
        amounts=ReceivedAmounts(**amounts, source=AmountSource.CALLER) if amounts else None,
        issuer_name=input.get("issuer_name") or "",
        external_id=input.get("external_id"),
    )
    document = await context.operations.import_document(
        tenant_id, wish, idempotency_key=idempotency_key, actor=context.actor
    )
    return {"invoice": document}


def import_types() -> list[ObjectType | EnumType]:
    """What a received document says of itself."""
    document = ObjectType("Document")
    document.set_field("received", _received)
    return [document, EnumType("AmountSource", AmountSource)]


def _received(document: FiscalDocument, _info: Info) -> dict[str, Any] | None:
    if document.submission is not Submission.IMPORTED or document.cufe is None:
        return None
    parts = parse_cufe(document.cufe).parts
    return {
        "number": f"{parts.number:010d}",
        "billing_point": parts.billing_point,
        "issued_on": parts.issued_on,
        "branch": parts.branch,
        "amounts_source": document.draft.amounts_source,
    }
