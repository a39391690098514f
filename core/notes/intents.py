"""The wish to issue a note that names an invoice, from the invoice's own office and billing point unless told so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.documents import DocumentMode, FiscalDocument
from core.drafts import Draft
from core.identifiers import DocumentId, OfficeId
from core.issuing import Intent
from core.notes.agreement import NamingNote
from core.ports.document_repository import Relative

Agreement = Callable[[DocumentId, NamingNote], Relative]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """From where a note is issued, and the caller's own id for it."""

    office_id: OfficeId | None = None
    billing_point: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wants a note, under which key; ``fingerprint`` covers everything that it means."""

    mode: DocumentMode
    idempotency_key: str
    fingerprint: str
    actor: str
    at: datetime


def naming_intent(invoice: FiscalDocument, draft: Draft, agreement: Agreement, *, origin: Origin, wish: Wish) -> Intent:
    """The intent; a PROFORM note needs nobody's consent until it is converted."""

    def relative(document_id: DocumentId) -> Relative:
        note = NamingNote(document_id=document_id, draft=draft, at=wish.at, actor=wish.actor)
        return agreement(invoice.document_id, note)

    is_elsewhere = origin.office_id is not None or origin.billing_point is not None
    return Intent(
        tenant_id=invoice.tenant_id,
        actor=wish.actor,
        idempotency_key=wish.idempotency_key,
        fingerprint=wish.fingerprint,
        mode=wish.mode,
        draft=draft,
        office_id=origin.office_id if is_elsewhere else invoice.office_id,
        billing_point=origin.billing_point if is_elsewhere else invoice.series.billing_point,
        external_id=origin.external_id,
        client_id=invoice.client_id,
        parent_id=invoice.document_id,
        relative=relative if wish.mode is DocumentMode.DGI else None,
    )
