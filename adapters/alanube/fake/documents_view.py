"""The document object of an answer (contract section 3.1)."""

from collections.abc import Sequence
from datetime import datetime

from adapters.alanube.fake.artifacts import public_url, qr_of, signed_address
from adapters.alanube.fake.progression import DGI_AUTHORIZED, DGI_REJECTED, PAC_AUTHORIZED, PAC_REJECTED
from adapters.alanube.fake.records import FakeDocument, Finding
from adapters.alanube.fake.refusals import error_entries
from adapters.alanube.fake.wire import JsonObject
from adapters.alanube.fake.world import World
from core.issue_time import wire_time

_PROCESSING = {
    PAC_AUTHORIZED: "PROCESSED",
    DGI_AUTHORIZED: "FINISHED",
    DGI_REJECTED: "FINISHED",
    PAC_REJECTED: "FAILED",
}


def document_view(world: World, document: FakeDocument, now: datetime, *, with_pdf: bool = False) -> JsonObject:
    """What a caller sees. ``pdf`` only when asked for, authorised and ready."""
    view: JsonObject = {
        "id": document.id,
        "status": _PROCESSING.get(document.legal_status, "DGI_REQUEST"),
        "legalStatus": document.legal_status,
        "documentIssueDate": wire_time(document.issued_at),
    }
    if document.cufe is not None:
        view["cufe"] = document.cufe
        view["qr"] = qr_of(world, document)
        view["publicUrl"] = public_url(world.companies[document.company_id], document.cufe)
        view["xml"] = signed_address(world, document, "xml", now)
        ready = now >= document.accepted_at + world.behaviour.pdf_ready_after
        if with_pdf and ready and document.legal_status in (PAC_AUTHORIZED, DGI_AUTHORIZED):
            view["pdf"] = signed_address(world, document, "pdf", now)
    if document.protocol is not None:
        view["authorizationProtocol"] = document.protocol
    if document.government:
        view["governmentResponse"] = _government(document.government, as_object=world.behaviour.government_as_object)
    if document.voided_at is not None and world.behaviour.void_in_view:
        view["cancelled"] = True
    rejecting = [finding for finding in document.findings if not finding.is_notification]
    if rejecting:
        view["errors"] = error_entries(rejecting)
    return view


def _government(entries: Sequence[Finding], *, as_object: bool) -> JsonObject | list[JsonObject]:
    if as_object:
        return {"code": entries[0].code, "value": [f"{entry.code}: {entry.message}" for entry in entries]}
    return [{"code": entry.code, "message": entry.message} for entry in entries]
