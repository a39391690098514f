"""Rows 1 to 7 of the contract: documents, voids, webhooks and e-mails on demand."""

from datetime import datetime

from adapters.alanube.fake.behaviour import RepeatedVoid
from adapters.alanube.fake.documents_view import document_view
from adapters.alanube.fake.faults import FaultKind, Occasion
from adapters.alanube.fake.issuing import issue
from adapters.alanube.fake.progression import DGI_AUTHORIZED, PAC_AUTHORIZED, REGISTERED
from adapters.alanube.fake.records import Company, DocumentFamily, FakeDocument, Finding, SentEmail
from adapters.alanube.fake.refusals import not_found, refusal
from adapters.alanube.fake.request_body import checked_body
from adapters.alanube.fake.shape import ULID_PATTERN, choice, record, text
from adapters.alanube.fake.wire import WireAnswer, WireRequest, json_answer
from adapters.alanube.fake.world import World

NOT_AUTHORISED = "AP10140"
VOID_WINDOW_CLOSED = "AP10141"
ALREADY_VOIDED = "0622"

_ALREADY_VOIDED: dict[RepeatedVoid, Finding | None] = {
    RepeatedVoid.REFUSED_KNOWN_CODE: Finding(code=ALREADY_VOIDED, message="La FE ya tiene un evento de anulación"),
    RepeatedVoid.REFUSED_UNKNOWN_CODE: Finding(code="AP10199", message="El documento no admite la operación"),
    RepeatedVoid.SUCCESS_AGAIN: None,
}
_VOID = record({"reason": text(15, 1000, required=True)})
_NOTIFY_WEBHOOK = record(
    {
        "documentId": text(required=True, pattern=ULID_PATTERN),
        "webhookUrl": text(8, 2000, required=True, pattern="https?://.+"),
        "userId": text(0, 200),
        "webhookSecret": text(1, 1000, required=True),
    }
)
_NOTIFY_EMAIL = record(
    {
        "documentId": text(required=True, pattern=ULID_PATTERN),
        "mail": text(3, 320, required=True, pattern="[^@ ]+@[^@ ]+"),
        "message": text(0, 5000),
        "documentType": choice("invoice", "credit-note", required=True),
    }
)
_EMAIL_FAMILIES = {"invoice": DocumentFamily.INVOICES, "credit-note": DocumentFamily.CREDIT_NOTES}


def post_document(
    world: World, company: Company, family: DocumentFamily, request: WireRequest, now: datetime
) -> WireAnswer:
    """Rows 1 to 3."""
    return issue(world, company, family, request.body, now)


def get_document(
    world: World, company: Company, family: DocumentFamily, document_id: str, request: WireRequest, now: datetime
) -> WireAnswer:
    """Row 4. Each GET counts as a read for the progression."""
    kinds = {rule.kind for rule in world.faults.strike(Occasion.READ, request)}
    document = _own(world, company, family, document_id)
    if document is None or FaultKind.NOT_FOUND_404 in kinds:
        return not_found("document")
    document.reads += 1
    world.move_on(document, now)
    with_pdf = request.query.get("documents") == "pdf" and FaultKind.PDF_MISSING not in kinds
    view = document_view(world, document, now, with_pdf=with_pdf)
    if FaultKind.UNKNOWN_STATUS in kinds:
        view |= {"legalStatus": "DGI_UNDER_REVIEW", "status": "UNDER_REVIEW"}
    if FaultKind.REGRESSED_STATUS in kinds:
        view |= {"legalStatus": REGISTERED, "status": "REGISTERED"}
    return json_answer(200, {"document": view} if world.behaviour.wrapped_document else view)


def void_document(
    world: World, company: Company, family: DocumentFamily, document_id: str, request: WireRequest, now: datetime
) -> WireAnswer:
    """Row 5: inside the window, with a reason; the legal status stays, an event is made (ASSUME-005)."""
    kinds = {rule.kind for rule in world.faults.strike(Occasion.READ, request)}
    document = _own(world, company, family, document_id)
    if document is None or FaultKind.NOT_FOUND_404 in kinds:
        return not_found("document")
    body, findings = checked_body(world, request, _VOID)
    if findings:
        return refusal(world.behaviour.error_style, findings)
    finding = _void_finding(world, document, now)
    if finding is not None:
        return refusal(world.behaviour.error_style, [finding])
    if document.voided_at is None:
        document.voided_at, document.void_reason = now, body["reason"]
        document.void_event_id = world.mint_id(now)
    answer = {"message": "Document cancelled", "document": document_view(world, document, now)}
    return json_answer(200, answer)


def _void_finding(world: World, document: FakeDocument, now: datetime) -> Finding | None:
    behaviour = world.behaviour
    closed = Finding(code=VOID_WINDOW_CLOSED, message="El plazo de anulación ha vencido")
    is_late = now > document.issued_at + behaviour.void_window
    if is_late and behaviour.void_window_first:
        return closed
    if document.voided_at is not None:
        return _ALREADY_VOIDED[behaviour.repeated_void]
    if document.legal_status != DGI_AUTHORIZED:
        return Finding(code=NOT_AUTHORISED, message="Solo se anula un documento DGI_AUTHORIZED")
    return closed if is_late else None


def notify_webhook(world: World, company: Company, request: WireRequest, now: datetime) -> WireAnswer:
    """Row 6: send the webhook of one document once more, to the address in the body (ASSUME-006)."""
    body, findings = checked_body(world, request, _NOTIFY_WEBHOOK)
    if findings:
        return refusal(world.behaviour.error_style, findings)
    document = world.document_of(company.id, body["documentId"])
    if document is None:
        return not_found("document")
    world.queue_webhook(document, body["webhookUrl"], body["webhookSecret"], body.get("userId"), now)
    return json_answer(200, {"message": "Webhook event emitted"})


def notify_email(world: World, company: Company, request: WireRequest, now: datetime) -> WireAnswer:
    """Row 7: the e-mail is kept for inspection (ASSUME-007). A debit note has none (ASSUME-030)."""
    body, findings = checked_body(world, request, _NOTIFY_EMAIL)
    if findings:
        return refusal(world.behaviour.error_style, findings)
    document = _own(world, company, _EMAIL_FAMILIES[body["documentType"]], body["documentId"])
    if document is None:
        return not_found("document")
    if document.legal_status not in (PAC_AUTHORIZED, DGI_AUTHORIZED):
        finding = Finding(code=NOT_AUTHORISED, message="El documento no está autorizado")
        return refusal(world.behaviour.error_style, [finding])
    world.emails.append(
        SentEmail(
            company_id=company.id,
            document_id=document.id,
            document_type=body["documentType"],
            mail=body["mail"],
            message=body.get("message", ""),
            at=now,
        )
    )
    return json_answer(200, {"message": "Email event emitted"})


def _own(world: World, company: Company, family: DocumentFamily, document_id: str) -> FakeDocument | None:
    document = world.document_of(company.id, document_id)
    return document if document is not None and document.family is family else None
