"""The PAC says that something happened: authenticate, store, answer; only then look."""

import hashlib
import json
import re
from dataclasses import dataclass

from core.failures import WebhookRefusedError, WebhookTooLargeError, WebhookUnreadableError
from core.identifiers import DeliveryId, PacDocumentId
from core.ports.clock import Clock, Identifiers
from core.ports.job_queue import Job, JobKind, JobQueue
from core.ports.tenant_resolver import TenantResolver, TenantSecrets
from core.ports.webhook_inbox import Delivery, DeliveryState, Stored, WebhookInbox
from core.tenants import SecretKind, WebhookAuthentication
from core.webhook_signature import is_authentic

BODY_MAX = 64 * 1024
_IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CUFE = re.compile(r"FE[0-9A-Za-z-]{64}")
_NOBODYS_SECRET = "a secret that is never in force"  # noqa: S105 - compared so that unknown companies cost the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a delivery says, as far as it can be read. Nothing of it is believed."""

    is_object: bool
    pac_document_id: PacDocumentId | None = None
    cufe: str | None = None
    status: str | None = None


class ReceiveWebhook:
    """Take one delivery for a company.

    An unknown company, a company without a secret and a bad secret are refused alike. When this returns, the
    delivery is durably stored. A repetition of the same bytes is no second delivery: it is counted and rings for the
    first one, whose ring may have been lost, or brings the next check forward when that was processed.
    """

    def __init__(
        self,
        tenants: TenantResolver,
        secrets: TenantSecrets,
        inbox: WebhookInbox,
        queue: JobQueue,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._tenants = tenants
        self._secrets = secrets
        self._inbox = inbox
        self._queue = queue
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(self, company_id: str, *, signature: bytes | None, user_id: str | None, body: bytes) -> Stored:
        """Raises WebhookRefusedError, WebhookTooLargeError, WebhookUnreadableError (stored all the same)."""
        if len(body) > BODY_MAX:
            raise WebhookTooLargeError(limit=BODY_MAX)
        now = self._clock.now()
        tenant = await self._tenants.find_by_company(company_id) if len(company_id) <= 64 else None
        if tenant is None:
            is_authentic(WebhookAuthentication.SHARED_SECRET, [_NOBODYS_SECRET], signature, body, now)
            raise WebhookRefusedError
        secrets = await self._secrets.current(tenant.tenant_id, SecretKind.WEBHOOK)
        if not is_authentic(tenant.webhook_authentication, secrets, signature, body, now):
            raise WebhookRefusedError
        notice = read_notice(body)
        names_something = notice.pac_document_id is not None or notice.cufe is not None
        stored = await self._inbox.store(
            Delivery(
                tenant_id=tenant.tenant_id,
                delivery_id=DeliveryId(self._identifiers.new_id()),
                received_at=now,
                body=body,
                body_digest=hashlib.sha256(body).hexdigest(),
                pac_document_id=notice.pac_document_id,
                cufe=notice.cufe,
                claimed_status=notice.status,
                claimed_user_id=user_id[:200] if user_id else None,
                state=DeliveryState.RECEIVED if names_something else DeliveryState.UNREADABLE,
            )
        )
        if not notice.is_object:
            raise WebhookUnreadableError
        if names_something:
            await self._queue.ring(
                Job(kind=JobKind.WEBHOOK, tenant_id=tenant.tenant_id, subject_id=stored.delivery.delivery_id)
            )
        return stored


def read_notice(body: bytes) -> Notice:
    """Read ``{id, legalStatus, cufe?}`` tolerantly; a field of another shape counts as missing. Never raises."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Notice(is_object=False)
    if not isinstance(data, dict):
        return Notice(is_object=False)
    identifier = _text(data.get("id"), _IDENTIFIER)
    status = data.get("legalStatus")
    return Notice(
        is_object=True,
        pac_document_id=PacDocumentId(identifier) if identifier else None,
        cufe=_text(data.get("cufe"), _CUFE),
        status=_printable(status) if isinstance(status, str) else None,
    )


def _text(value: object, shape: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and shape.fullmatch(value) else None


def _printable(text: str) -> str:
    return "".join(character for character in text[:100] if character.isprintable())
