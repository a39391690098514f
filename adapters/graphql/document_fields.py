"""Fields of documents, orders and the like that are not simply an attribute of the domain's own value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ariadne import ObjectType

from adapters.graphql.request_context import Info
from core.codes import ForeignIdentityKind
from core.diagnosis import Diagnosis
from core.documents import Attachment, FiscalDocument
from core.drafts import Draft, DraftLine, ForeignIdentity
from core.events import ChainedEvent
from core.line_totals import LineTotals
from core.tenants import Tenant
from core.totals import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """An item with its figures, which the domain keeps apart."""

    position: int
    drafted: DraftLine
    figures: LineTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAttachment:
    """A stored file with the address that opens it for a while."""

    file: Attachment
    download_url: str
    expires_at: datetime


def shown_lines(draft: Draft, totals: Totals, info: Info) -> list[ShownLine]:
    """The items with their figures. Raises QueryLimitExceededError when this request showed too many rows."""
    info.context.rows.spend(len(draft.lines))
    pairs = zip(draft.lines, totals.lines, strict=True)
    return [ShownLine(position=place, drafted=line, figures=sums) for place, (line, sums) in enumerate(pairs, start=1)]


def _lines(document: FiscalDocument, info: Info) -> list[ShownLine]:
    return shown_lines(document.draft, document.totals, info)


async def _diagnosis(document: FiscalDocument, info: Info) -> Diagnosis:
    return info.context.operations.diagnose(document, await info.context.circuit())


def _cause(diagnosis: Diagnosis, info: Info) -> str:
    return info.context.language.of(diagnosis.cause)


def _next_action(diagnosis: Diagnosis, info: Info) -> str:
    return info.context.language.of(diagnosis.next_action)


async def _events(document: FiscalDocument, info: Info) -> Sequence[ChainedEvent]:
    context = info.context
    async with context.reading:
        events = await context.operations.journal.events(document.tenant_id, document.document_id)
    context.rows.spend(len(events))
    return events


def _attachments(document: FiscalDocument, info: Info) -> list[ShownAttachment]:
    context = info.context
    context.rows.spend(len(document.files))
    shown = []
    for file in document.files:
        token, expires_at = context.operations.download_links.token(document.tenant_id, document.document_id, file)
        address = f"{context.settings.public_url.rstrip('/')}/files/{token}"
        shown.append(ShownAttachment(file=file, download_url=address, expires_at=expires_at))
    return shown


def _facts(event: ChainedEvent, _info: Info) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in event.event.facts.items()]


def _identity_kind(identity: ForeignIdentity, _info: Info) -> ForeignIdentityKind:
    known = {kind.value: kind for kind in ForeignIdentityKind}
    return known.get(identity.kind, ForeignIdentityKind.OTHER)


def _document() -> ObjectType:
    document = ObjectType("Document")
    document.set_alias("id", "document_id")
    document.set_alias("billingPoint", "series.billing_point")
    document.set_alias("receiver", "draft.receiver")
    document.set_alias("payments", "totals.payments")
    document.set_alias("paymentTime", "draft.payment_time")
    document.set_alias("instalments", "draft.instalments")
    document.set_alias("retention", "draft.retention")
    document.set_alias("information", "draft.information")
    document.set_field("number", lambda shown, _info: f"{shown.number:010d}")
    document.set_field("authorizedIds", lambda shown, _info: shown.authorised_ids)
    document.set_field("lines", _lines)
    document.set_field("diagnosis", _diagnosis)
    document.set_field("events", _events)
    document.set_field("attachments", _attachments)
    return document


def _document_line() -> ObjectType:
    line = ObjectType("DocumentLine")
    for name in ("description", "code", "unit", "quantity", "itbms"):
        line.set_alias(name, f"drafted.{name}")
    line.set_alias("cpbsCode", "drafted.cpbs_code")
    for name, attribute in (
        ("unitPrice", "unit_price"),
        ("unitDiscount", "unit_discount"),
        ("netAmount", "line_net"),
        ("itbmsAmount", "itbms_amount"),
        ("iscAmount", "isc_amount"),
        ("otiAmount", "oti_amount"),
        ("freight", "freight"),
        ("insurance", "insurance"),
        ("totalAmount", "line_total"),
    ):
        line.set_alias(name, f"figures.{attribute}")
    return line


def _event() -> ObjectType:
    event = ObjectType("Event")
    for name in ("at", "kind", "actor"):
        event.set_alias(name, f"event.{name}")
    event.set_field("facts", _facts)
    return event


def _attachment() -> ObjectType:
    attachment = ObjectType("Attachment")
    for name, attribute in (
        ("kind", "kind"),
        ("fileName", "file_name"),
        ("size", "size"),
        ("digest", "digest"),
        ("isProvisional", "is_provisional"),
        ("storedAt", "stored_at"),
    ):
        attachment.set_alias(name, f"file.{attribute}")
    return attachment


def _aliased(type_name: str, **aliases: str) -> ObjectType:
    bound = ObjectType(type_name)
    for name, attribute in aliases.items():
        bound.set_alias(name, attribute)
    return bound


def _tenant() -> ObjectType:
    tenant = _aliased("Tenant", id="tenant_id", contributorType="ruc_type")
    tenant.set_field("isPacConfigured", _is_pac_configured)
    return tenant


def _is_pac_configured(tenant: Tenant, _info: Info) -> bool:
    return bool(tenant.pac_company_id)


def object_types() -> list[ObjectType]:
    """The object types whose fields need more than a name in snake_case."""
    diagnosis = ObjectType("Diagnosis")
    diagnosis.set_field("cause", _cause)
    diagnosis.set_field("nextAction", _next_action)
    circuit = _aliased("Circuit", nextProbeAt="probe_at")
    circuit.set_field("reason", lambda shown, _info: shown.reason or None)
    identity = ObjectType("ForeignIdentity")
    identity.set_field("kind", _identity_kind)
    return [
        _document(),
        _document_line(),
        _event(),
        _attachment(),
        _tenant(),
        identity,
        diagnosis,
        circuit,
        _aliased("Client", id="client_id"),
        _aliased("Order", id="order_id"),
        _aliased("Office", id="office_id"),
        _aliased("Issuer", contributorType="ruc_type"),
        _aliased("Receiver", contributorType="ruc_type"),
    ]
