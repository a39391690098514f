"""What the control calls show of the fake's insides."""

from collections import Counter

from adapters.alanube.fake.control_values import behaviour_view
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.records import Exchange, FakeDocument, WebhookDelivery
from adapters.alanube.fake.refusals import error_entries
from adapters.alanube.fake.wire import JsonObject

LONGEST_BODY_SHOWN = 20_000


def clock_view(engine: FakePacEngine) -> JsonObject:
    """The fake's time, and when something next happens by itself."""
    due = engine.next_due_at()
    return {"now": engine.now().isoformat(), "nextDueAt": None if due is None else due.isoformat()}


def state_view(engine: FakePacEngine) -> JsonObject:
    """Counts, the clock, the settings."""
    return {
        **clock_view(engine),
        "companies": [
            {
                "id": company.id,
                "name": company.name,
                "ruc": company.ruc,
                "type": company.kind,
                "affiliated": company.affiliated,
                "offices": [{"id": office.id, "code": office.code} for office in company.offices.values()],
                "webhook": None if company.webhook is None else company.webhook.url,
                "webhooksOn": company.webhook is not None and company.webhook.enabled,
            }
            for company in engine.companies
        ],
        "documents": len(engine.documents),
        "byLegalStatus": dict(Counter(document.legal_status for document in engine.documents)),
        "emails": len(engine.emails),
        "webhookAttempts": len(engine.deliveries),
        "faultsFired": {kind.value: count for kind, count in engine.faults_fired.items()},
        "behaviour": behaviour_view(engine.behaviour),
    }


def document_report(document: FakeDocument) -> JsonObject:
    """One document with everything that the PAC knows, the request body included."""
    return {
        "id": document.id,
        "companyId": document.company_id,
        "resource": document.family.value,
        "legalStatus": document.legal_status,
        "cufe": document.cufe,
        "documentType": document.document_type,
        "billingPoint": document.billing_point,
        "numeration": document.numeration,
        "officeCode": document.office_code,
        "total": str(document.total),
        "acceptedAt": document.accepted_at.isoformat(),
        "issuedAt": document.issued_at.isoformat(),
        "reads": document.reads,
        "authorizationProtocol": document.protocol,
        "voidedAt": None if document.voided_at is None else document.voided_at.isoformat(),
        "voidReason": document.void_reason,
        "voidEventId": document.void_event_id,
        "errors": error_entries(document.findings),
        "history": [{"at": at.isoformat(), "legalStatus": status} for at, status in document.history],
        "request": document.payload,
    }


def exchange_view(exchange: Exchange) -> JsonObject:
    """One request with its answer. The token is not shown."""
    request, answer = exchange.request, exchange.answer
    return {
        "at": exchange.at.isoformat(),
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "requestBody": _shown(request.body),
        "status": answer.status,
        "answerBody": None if answer.body is None else _shown(answer.body),
        "transport": answer.transport.value,
        "faults": list(answer.faults),
    }


def delivery_view(delivery: WebhookDelivery) -> JsonObject:
    """One webhook attempt. The secret is not shown."""
    return {
        "at": delivery.at.isoformat(),
        "documentId": delivery.webhook.document_id,
        "url": delivery.webhook.url,
        "attempt": delivery.webhook.attempt,
        "status": delivery.status,
        "body": _shown(delivery.webhook.body),
    }


def _shown(body: bytes) -> str:
    return body[:LONGEST_BODY_SHOWN].decode("utf-8", errors="replace")
