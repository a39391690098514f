"""What can be done. A resolver reads its input, calls one use case and gives its answer back as a payload."""

from typing import Any

from ariadne import MutationType

from adapters.graphql.answering import answering
from adapters.graphql.argument_paths import Mutations, locating
from adapters.graphql.bulk_mutations import issue_invoices
from adapters.graphql.bundle_mutations import BUNDLE_MUTATIONS
from adapters.graphql.delivery_mutations import request_pac_webhook, resend_invoice_email
from adapters.graphql.draft_mutations import cancel_invoice, convert_invoice_to_dgi, delete_credit, update_invoice
from adapters.graphql.import_mutations import create_invoice_from_file
from adapters.graphql.inputs import Input, read_client, read_invoice, read_order, read_wait
from adapters.graphql.note_mutations import NOTE_MUTATIONS
from adapters.graphql.operator_mutations import (
    adopt_pac_document,
    confirm_at_dgi,
    give_up_document,
    set_doubt_policy,
)
from adapters.graphql.payment_mutations import record_payment, reverse_payment
from adapters.graphql.permissions import guarded
from adapters.graphql.reissue_mutation import reissue_document
from adapters.graphql.request_context import Info
from adapters.graphql.trade_mutations import (
    archive_client,
    cancel_order,
    restore_client,
    update_client,
    update_order,
)
from adapters.graphql.void_mutations import confirm_voided, give_up_void, void_credit, void_invoice
from core.documents import DocumentKind, DocumentMode
from core.failures import DocumentNotFoundError
from core.identifiers import DocumentId, OrderId
from core.tenants import Role

Payload = dict[str, Any]


async def _create_office(_root: object, info: Info, *, input: Input, idempotency_key: str | None = None) -> Payload:  # noqa: A002
    context = info.context
    office = await context.operations.create_office(
        context.caller.tenant_id,
        code=input["code"],
        address=input["address"],
        coordinates=input["coordinates"],
        location_code=input["location_code"],
        telephone=input["telephone"],
        billing_points=tuple(input.get("billing_points") or ()),
        idempotency_key=idempotency_key,
    )
    return {"office": office}


async def _create_client(_root: object, info: Info, *, input: Input, idempotency_key: str | None = None) -> Payload:  # noqa: A002
    context = info.context
    client = read_client(input, context.caller.tenant_id)
    kept = await context.operations.create_client(
        context.caller.tenant_id,
        client,
        receiver_type=input.get("receiver_type"),
        idempotency_key=idempotency_key,
    )
    return {"client": kept}


async def _create_order(_root: object, info: Info, *, input: Input, idempotency_key: str | None = None) -> Payload:  # noqa: A002
    context = info.context
    order = read_order(input, context.caller.tenant_id)
    return {"order": await context.operations.create_order(order, idempotency_key=idempotency_key)}


async def _generate_invoice(
    _root: object,
    info: Info,
    *,
    order_id: str,
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    context = info.context
    document = await context.operations.generate_invoice(
        context.caller.tenant_id,
        OrderId(order_id),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"invoice": document}


async def _create_invoice(
    _root: object,
    info: Info,
    *,
    input: Input,  # noqa: A002
    mode: DocumentMode,
    idempotency_key: str,
    wait_seconds: int,
) -> Payload:
    context = info.context
    document = await context.operations.create_invoice(
        context.caller.tenant_id,
        read_invoice(input),
        mode=mode,
        idempotency_key=idempotency_key,
        wait_seconds=read_wait(wait_seconds),
        actor=context.actor,
    )
    return {"invoice": document}


async def _attach_pac_pdf(_root: object, info: Info, *, source_id: str, source_type: DocumentKind) -> Payload:
    context = info.context
    tenant_id, document_id = context.caller.tenant_id, DocumentId(source_id)
    document = await context.operations.documents.get(tenant_id, document_id)
    if document.kind is not source_type:
        raise DocumentNotFoundError(path=("sourceType",), document_id=source_id)
    refreshed = await context.operations.attach_pac_pdf(tenant_id, document_id, context.caller.key_id)
    return {"outcome": refreshed.pdf, "reason": refreshed.reason, "invoice": refreshed.document}


_INPUT = locating(("input", "idempotencyKey"), "input")
_ISSUING = ("input", "orderId", "mode", "idempotencyKey", "waitSeconds")
_DRAFTING = ("id", "input", "expectedVersion", "reason", "waitSeconds")
_REISSUING = ("documentId", "changes", "idempotencyKey", "waitSeconds")
_DECIDING = locating(("documentId", "pacDocumentId", "note", "reason"), "documentId")
_WISHING = ("creditInstead", "idempotencyKey", "waitSeconds")
_EMAILING = locating(("documentId", "emails", "message", "idempotencyKey"), "documentId")
_SOURCE = locating(("sourceId", "sourceType"), "sourceId")
_EDITING = locating(("id", "input", "expectedVersion"), "input")
_PAYMENT = locating(("documentId", "paymentId", "reason", "input", "idempotencyKey"), "input")

_MUTATIONS: Mutations = (
    ("createOffice", Role.OPERATOR, _create_office, _INPUT),
    ("createClient", Role.ISSUER, _create_client, _INPUT),
    ("createOrder", Role.ISSUER, _create_order, _INPUT),
    ("updateClient", Role.ISSUER, update_client, _EDITING),
    ("archiveClient", Role.ISSUER, archive_client, _EDITING),
    ("restoreClient", Role.ISSUER, restore_client, _EDITING),
    ("updateOrder", Role.ISSUER, update_order, _EDITING),
    ("cancelOrder", Role.ISSUER, cancel_order, _EDITING),
    ("generateInvoice", Role.ISSUER, _generate_invoice, locating(_ISSUING, "order")),
    ("createInvoice", Role.ISSUER, _create_invoice, locating(_ISSUING, "input")),
    ("recordPayment", Role.ISSUER, record_payment, _PAYMENT),
    ("reversePayment", Role.ISSUER, reverse_payment, _PAYMENT),
    ("updateInvoice", Role.ISSUER, update_invoice, locating(_DRAFTING, "input")),
    ("cancelInvoice", Role.ISSUER, cancel_invoice, locating(_DRAFTING, "id")),
    ("convertInvoiceToDgi", Role.ISSUER, convert_invoice_to_dgi, locating(_DRAFTING, "id")),
    ("deleteCredit", Role.ISSUER, delete_credit, locating(_DRAFTING, "id")),
    ("reissueDocument", Role.ISSUER, reissue_document, locating(_REISSUING, "changes")),
    ("voidInvoice", Role.ISSUER, void_invoice, locating(("invoiceId", "reason", *_WISHING), "invoiceId")),
    ("voidCredit", Role.ISSUER, void_credit, locating(("creditId", "reason", *_WISHING), "creditId")),
    ("confirmVoided", Role.OPERATOR, confirm_voided, _DECIDING),
    ("giveUpVoid", Role.OPERATOR, give_up_void, _DECIDING),
    ("issueInvoices", Role.ISSUER, issue_invoices, locating(("invoices", "mode", "waitSeconds"), "invoices")),
    ("createInvoiceFromFile", Role.ISSUER, create_invoice_from_file, _INPUT),
    ("attachPacPdf", Role.OPERATOR, _attach_pac_pdf, _SOURCE),
    ("adoptPacDocument", Role.OPERATOR, adopt_pac_document, _DECIDING),
    ("confirmAtDgi", Role.OPERATOR, confirm_at_dgi, _DECIDING),
    ("giveUpDocument", Role.OPERATOR, give_up_document, _DECIDING),
    ("resendInvoiceEmail", Role.ISSUER, resend_invoice_email, _EMAILING),
    ("requestPacWebhook", Role.OPERATOR, request_pac_webhook, _DECIDING),
    ("setDoubtPolicy", Role.OPERATOR, set_doubt_policy, locating(("policy",), "policy")),
)


def mutation_type() -> MutationType:
    """The root of doing."""
    mutation = MutationType()
    for name, role, resolver, locate in (*_MUTATIONS, *BUNDLE_MUTATIONS, *NOTE_MUTATIONS):
        mutation.set_field(name, guarded(role, answering(resolver, locate)))
    return mutation
