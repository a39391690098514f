"""The index of an archive: one row for every document of the period, whether or not it has files."""

import hashlib
from dataclasses import dataclass

from core.csv_text import csv_text
from core.documents import FileKind, FiscalDocument
from core.issue_time import wire_time
from core.number_ledger import reason_of

INDEX = "index.csv"
COLUMNS = (
    *("document_id", "mode", "document_type", "billing_point", "number", "issued_at", "cufe", "submission"),
    *("legal_status", "is_void", "authorization_protocol", "receiver_ruc", "receiver_name", "net", "itbms", "total"),
    *("pdf_file", "pdf_sha256", "xml_file", "xml_sha256", "refers_to", "replaces", "reason"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedFile:
    """A file of the archive: its name there, and the digest of its bytes."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256, hex."""
        return hashlib.sha256(self.content).hexdigest()


def archived_name(document: FiscalDocument, kind: FileKind) -> str | None:
    """Where the document's file of this kind stands in an archive, or None when there is none."""
    held = next((file for file in document.files if file.kind is kind), None)
    return None if held is None else f"{kind.value.lower()}/{held.file_name}"


def index_of(documents: list[FiscalDocument]) -> ArchivedFile:
    """The index as CSV, in the order of issue."""
    ordered = sorted(documents, key=lambda document: (document.issued_at, document.document_id))
    return ArchivedFile(name=INDEX, content=csv_text(COLUMNS, map(_row, ordered)).encode())


def protocols_of(documents: list[FiscalDocument]) -> ArchivedFile:
    """The DGI's authorisation of each document that has one: CUFE, protocol and QR address, as CSV."""
    rows = sorted(
        (document.cufe or document.expected_cufe, document.authorization_protocol, document.qr)
        for document in documents
        if document.authorization_protocol is not None
    )
    text = csv_text(("cufe", "authorization_protocol", "qr"), rows)
    return ArchivedFile(name="authorizations.csv", content=text.encode())


def _row(document: FiscalDocument) -> tuple[object, ...]:
    held = {file.kind: file for file in document.files}
    receiver = document.draft.receiver
    return (
        document.document_id,
        document.mode.value,
        document.document_type.value,
        document.series.billing_point,
        f"{document.number:010d}",
        wire_time(document.issued_at),
        document.cufe or document.expected_cufe,
        document.submission.value,
        document.legal_status.value,
        "yes" if document.is_void else "no",
        document.authorization_protocol,
        receiver.ruc,
        receiver.name,
        document.totals.net_total,
        document.totals.itbms_total,
        document.totals.total,
        archived_name(document, FileKind.PDF),
        held[FileKind.PDF].digest if FileKind.PDF in held else None,
        archived_name(document, FileKind.XML),
        held[FileKind.XML].digest if FileKind.XML in held else None,
        document.parent_id or " ".join(reference.cufe or "" for reference in document.draft.references).strip(),
        document.replaces,
        reason_of(document.refusal, document.quarantine_reason, document.doubt_reason),
    )
