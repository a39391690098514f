"""A document as rows and back: one pure function each way."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from adapters.persistence.content_codec import from_json, to_json, to_json_whatever_it_says
from adapters.persistence.document_keys import bills_its_order, natural_key
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row
from core.claims import Claim
from core.codes import DocumentType
from core.diagnosis import void_waits_since
from core.documents import (
    Attachment,
    DocumentMode,
    FileKind,
    FiscalDocument,
    Issuer,
    LegalStatus,
    Refusal,
    SeriesKey,
    Submission,
)
from core.drafts import Draft
from core.events import ChainedEvent, Event, EventKind, Exchange, ExchangeKind
from core.identifiers import PacDocumentId
from core.totals import Totals
from core.voids import Void, VoidState


def fixed_columns(document: FiscalDocument, fingerprint: str) -> Row:
    """What is written once, when the document is recorded."""
    return {
        "tenant_id": document.tenant_id,
        "document_id": document.document_id,
        "mode": document.mode.value,
        "billing_point": document.series.billing_point,
        "document_type": document.series.document_type.value,
        "number": document.number,
        "office_id": document.office_id,
        "environment": document.issuer.environment.value,
        "issued_at": to_micros(document.issued_at),
        "security_code": document.security_code,
        "expected_cufe": document.expected_cufe or document.document_id,  # unique for those that have none, too
        "natural_key": natural_key(document.expected_cufe),
        "idempotency_key": document.idempotency_key,
        "fingerprint": fingerprint,
        "external_id": document.external_id,
        "order_id": document.order_id,
        "client_id": document.client_id,
        "receiver_ruc": document.draft.receiver.ruc,
        "created_at": to_micros(document.created_at),
        "parent_id": document.parent_id,
        "replaces": document.replaces,
    }


def changing_columns(document: FiscalDocument) -> Row:
    """What a step may change."""
    claim = document.claim
    return {
        "submission": document.submission.value,
        "legal_status": document.legal_status.value,
        "raw_legal_status": document.raw_legal_status,
        "maybe_executed": int(document.maybe_executed),
        "attempts": document.attempts,
        "claim_token": claim.token if claim else None,
        "claim_worker": claim.worker if claim else None,
        "claim_expires_at": to_micros(claim.expires_at) if claim else None,
        "claim_doubted_before": int(claim.doubted_before) if claim else None,
        "last_token": document.last_token,
        "next_action_at": to_micros(document.next_action_at),
        "checks": document.checks,
        "doubt_since": to_micros(document.doubt_since),
        "doubt_reason": document.doubt_reason,
        "settles_at": to_micros(document.settles_at),
        "resends": document.resends,
        "accepted_at": to_micros(document.accepted_at),
        "pac_document_id": document.pac_document_id,
        "hinted_ids": to_json_whatever_it_says(document.hinted_ids),
        "refuted_ids": to_json_whatever_it_says(document.refuted_ids),
        "authorised_beside": to_json_whatever_it_says(document.authorised_beside)
        if document.authorised_beside
        else None,
        "cufe": document.cufe,
        "qr": document.qr,
        "public_url": document.public_url,
        "authorization_protocol": document.authorization_protocol,
        "refusal": to_json_whatever_it_says(document.refusal) if document.refusal else None,
        "quarantine_reason": document.quarantine_reason,
        "files": to_json(document.files),
        "replaced_by": document.replaced_by,
        "void": to_json_whatever_it_says(document.void) if document.void else None,
        "withdrawn_at": to_micros(document.withdrawn_at),
        "void_waits_since": to_micros(void_waits_since(document)),
        "void_doubt_since": to_micros(_void_doubt_since(document)),
        "updated_at": to_micros(document.updated_at),
        "version": document.version,
        "bills_order": int(bills_its_order(document)),
    }


def content_columns(document: FiscalDocument) -> Row:
    """What the document says, which never changes."""
    return {
        "tenant_id": document.tenant_id,
        "document_id": document.document_id,
        "issuer": to_json(document.issuer),
        "draft": to_json(document.draft),
        "totals": to_json(replace(document.totals, trace=())),
    }


def document_of(row: Row) -> FiscalDocument:
    """The document of a row of ``documents`` joined with ``document_contents``."""
    return FiscalDocument(
        tenant_id=row["tenant_id"],
        document_id=row["document_id"],
        mode=DocumentMode(row["mode"]),
        series=SeriesKey(billing_point=row["billing_point"], document_type=DocumentType(row["document_type"])),
        number=row["number"],
        office_id=row["office_id"],
        issuer=from_json(Issuer, row["issuer"]),
        draft=from_json(Draft, row["draft"]),
        totals=from_json(Totals, row["totals"]),
        issued_at=from_micros(row["issued_at"]),
        security_code=row["security_code"],
        expected_cufe="" if row["expected_cufe"] == row["document_id"] else row["expected_cufe"],
        idempotency_key=row["idempotency_key"],
        created_at=from_micros(row["created_at"]),
        updated_at=from_micros(row["updated_at"]),
        external_id=row["external_id"],
        order_id=row["order_id"],
        client_id=row["client_id"],
        submission=Submission(row["submission"]),
        legal_status=LegalStatus(row["legal_status"]),
        raw_legal_status=row["raw_legal_status"],
        maybe_executed=bool(row["maybe_executed"]),
        attempts=row["attempts"],
        claim=_claim_of(row),
        last_token=row["last_token"],
        next_action_at=from_micros(row["next_action_at"]),
        checks=row["checks"],
        doubt_since=from_micros(row["doubt_since"]),
        doubt_reason=row["doubt_reason"],
        settles_at=from_micros(row["settles_at"]),
        resends=row["resends"],
        accepted_at=from_micros(row["accepted_at"]),
        pac_document_id=row["pac_document_id"],
        hinted_ids=ids_of(row["hinted_ids"]),
        refuted_ids=ids_of(row["refuted_ids"]),
        authorised_beside=ids_of(row["authorised_beside"]),
        cufe=row["cufe"],
        qr=row["qr"],
        public_url=row["public_url"],
        authorization_protocol=row["authorization_protocol"],
        refusal=None if row["refusal"] is None else from_json(Refusal, row["refusal"]),
        quarantine_reason=row["quarantine_reason"],
        files=from_json(tuple[Attachment, ...], row["files"]),
        parent_id=row["parent_id"],
        replaces=row["replaces"],
        replaced_by=row["replaced_by"],
        void=None if row["void"] is None else from_json(Void, row["void"]),
        withdrawn_at=from_micros(row["withdrawn_at"]),
        version=row["version"],
    )


def event_columns(chained: ChainedEvent) -> Row:
    """One link of the chain."""
    return {
        "sequence": chained.sequence,
        "at": to_micros(chained.event.at),
        "kind": chained.event.kind.value,
        "actor": chained.event.actor,
        "facts": to_json_whatever_it_says(chained.event.facts),
        "digest": chained.digest,
    }


def event_of(row: Row) -> ChainedEvent:
    """The event of a row of ``document_events``."""
    return ChainedEvent(
        sequence=row["sequence"],
        event=Event(
            at=from_micros(row["at"]),
            kind=EventKind(row["kind"]),
            actor=row["actor"],
            facts=MappingProxyType(from_json(dict[str, str], row["facts"])),
        ),
        digest=row["digest"],
    )


def exchange_columns(exchange: Exchange, sequence: int) -> Row:
    """One raw answer, whole."""
    return {
        "sequence": sequence,
        "at": to_micros(exchange.at),
        "kind": exchange.kind.value,
        "attempt": exchange.attempt,
        "status": exchange.status,
        "body": exchange.body,
        "note": exchange.note,
    }


def exchange_of(row: Row) -> Exchange:
    """The raw answer of a row of ``document_exchanges``."""
    return Exchange(
        at=from_micros(row["at"]),
        kind=ExchangeKind(row["kind"]),
        attempt=row["attempt"],
        status=row["status"],
        body=row["body"],
        note=row["note"],
    )


def attachment_columns(attachment: Attachment) -> Row:
    """A stored file, current from now on."""
    return {
        "kind": attachment.kind.value,
        "digest": attachment.digest,
        "size": attachment.size,
        "file_name": attachment.file_name,
        "is_provisional": int(attachment.is_provisional),
        "stored_at": to_micros(attachment.stored_at),
        "is_current": 1,
    }


def attachment_of(row: Row) -> Attachment:
    """The file of a row of ``document_attachments``."""
    return Attachment(
        kind=FileKind(row["kind"]),
        digest=row["digest"],
        size=row["size"],
        file_name=row["file_name"],
        is_provisional=bool(row["is_provisional"]),
        stored_at=from_micros(row["stored_at"]),
    )


def _void_doubt_since(document: FiscalDocument) -> datetime | None:
    void = document.void
    return void.doubt_since if void is not None and void.state is VoidState.IN_DOUBT else None


def _claim_of(row: Row) -> Claim | None:
    if row["claim_token"] is None:
        return None
    return Claim(
        token=row["claim_token"],
        worker=row["claim_worker"],
        expires_at=from_micros(row["claim_expires_at"]),
        doubted_before=bool(row["claim_doubted_before"]),
    )


def ids_of(text: str | None) -> tuple[PacDocumentId, ...]:
    """The ids of the PAC in a column; none where a row is older than its column."""
    return () if text is None else tuple(map(PacDocumentId, from_json(tuple[str, ...], text)))
