"""E-mails and webhooks on demand at Alanube: rows 6 and 7 of the contract."""

import json

from adapters.alanube.bodies import findings_in, inner_status, read_object
from adapters.alanube.client import AlanubeClient
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.replies import Outcome, Reply, Silence
from adapters.alanube.retry_after import retry_after_seconds
from adapters.alanube.settings import AlanubeSettings
from core.codes import DocumentType
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import Misconfigured, NotSent, PacAccount, RawAnswer, Throttled, Unknown
from core.ports.pac_notifier import HandedOver, NoticeAnswer, NoticeRefused, PacNotifier, WebhookCall

REFUSING = (400, 404, 405, 409, 410, 422)
SAYING_NOTHING = (202, 204)  # taken, in HTTP's own words; another 2xx has a message


class AlanubePacNotifier(PacNotifier):
    """Asks once; the company is always named."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """``client`` is shared and closed by whoever made it."""
        self._settings = settings
        self._client = client

    async def send_email(
        self,
        account: PacAccount,
        document_type: DocumentType,
        pac_document_id: PacDocumentId,
        *,
        address: str,
        message: str,
    ) -> NoticeAnswer:
        """Row 7, one address a request: whether ``mail`` takes a list nobody has shown."""
        if document_type.is_debit_note:
            raise ValueError("no endpoint is known that mails a debit note (ASSUME-030)")
        body = {
            "documentId": pac_document_id,
            "mail": address,
            "message": message,
            "documentType": "credit-note" if document_type.is_credit_note else "invoice",
        }
        return await self._ask(account, "notify-email", body)

    async def send_webhook(
        self, account: PacAccount, pac_document_id: PacDocumentId, call: WebhookCall
    ) -> NoticeAnswer:
        """Row 6."""
        body = {
            "documentId": pac_document_id,
            "webhookUrl": call.url,
            "userId": call.user_id,
            "webhookSecret": call.secret,
        }
        return await self._ask(account, "notify-webhook", body)

    async def _ask(self, account: PacAccount, resource: str, body: dict[str, str]) -> NoticeAnswer:
        outcome = await self._client.send(
            "POST",
            ("documents", resource),
            token=account.token,
            query={"idCompany": account.company_id},
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        )
        return classify_notice(outcome, self._settings.known_codes)


def classify_notice(outcome: Outcome, known: KnownCodes) -> NoticeAnswer:
    """What an answer proves: a 2xx that takes nothing back was handed over (ASSUME-006, ASSUME-007), a refusal that can
    be read was refused; whatever else may have been done."""
    if isinstance(outcome, Silence):
        raw = RawAnswer(status=None, body=b"", note=outcome.reason)
        return Unknown(raw=raw, reason=outcome.reason) if outcome.left else NotSent(raw=raw, reason=outcome.reason)
    raw = RawAnswer(status=outcome.status, body=outcome.body, note=outcome.cut or "")
    if outcome.status in (401, 403):
        return Misconfigured(raw=raw, code=f"HTTP_{outcome.status}")
    if outcome.status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(outcome))
    if outcome.cut is not None:
        return Unknown(raw=raw, reason=f"status {outcome.status}: {outcome.cut}")
    if outcome.status in SAYING_NOTHING and not outcome.body:
        return HandedOver(raw=raw)
    return _of_body(outcome, raw, known)


def _of_body(reply: Reply, raw: RawAnswer, known: KnownCodes) -> NoticeAnswer:
    body = read_object(reply.body)
    if body is None:
        is_refusal = reply.status in REFUSING and reply.status != 400
        if is_refusal:
            return NoticeRefused(raw=raw, codes=(), messages=(f"HTTP {reply.status}",))
        return Unknown(raw=raw, reason=f"status {reply.status}: no readable JSON object")
    status = reply.status
    if 200 <= status <= 299:
        hidden = inner_status(body)
        if hidden is None and not body.get("errors"):
            return HandedOver(raw=raw)
        if hidden is None:
            return Unknown(raw=raw, reason=f"status {status} with errors")
        status = hidden
    codes, messages = findings_in(body)
    misconfigured = known.misconfigured_in(codes)
    if status in (401, 403) or (400 <= status <= 499 and misconfigured is not None):
        return Misconfigured(raw=raw, code=misconfigured or f"HTTP_{status}")
    if status == 429:
        return Throttled(raw=raw, retry_after_seconds=retry_after_seconds(reply))
    if status in REFUSING:
        return NoticeRefused(raw=raw, codes=codes, messages=messages or (f"HTTP {status}",))
    return Unknown(raw=raw, reason=f"status {status}")
