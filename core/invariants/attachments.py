"""Whether a document's files are there, whole, and what they say they are (I9)."""

from collections import Counter
from collections.abc import Sequence

from core.documents import Attachment, FileKind, FiscalDocument
from core.invariants.faults import Fault
from core.invariants.findings import Findings, about
from core.ports.store_inspection import StoredAttachment

PDF_MAGIC = b"%PDF-"


def check_attachment_rows(document: FiscalDocument, stored: Sequence[StoredAttachment] | None) -> Findings:
    """At most one current file of a kind, and the document's own list names exactly those."""
    if stored is None:
        yield about(document, Fault.FILE_ROW_DIFFERS, "a row of its files cannot be read")
        return
    current = [one.attachment for one in stored if one.is_current]
    for kind, count in Counter(attachment.kind for attachment in current).items():
        if count > 1:
            yield about(document, Fault.FILE_TWICE, f"{count} current files of kind {kind.value}")
    if set(current) != set(document.files):
        listed, kept = _kinds(document.files), _kinds(current)
        yield about(document, Fault.FILE_ROW_DIFFERS, f"the document lists {listed}, its current files are {kept}")


def check_content(document: FiscalDocument, attachment: Attachment, content: bytes) -> Findings:
    """``content``: the bytes under the attachment's digest, which the file store has verified."""
    if len(content) != attachment.size:
        what = f"{attachment.kind.value}: {len(content)} bytes are stored, {attachment.size} were recorded"
        yield about(document, Fault.FILE_CORRUPT, what)
    if attachment.kind is FileKind.PDF and not content.startswith(PDF_MAGIC):
        yield about(document, Fault.FILE_NOT_PDF, "the stored PDF does not begin with %PDF-")


def _kinds(files: Sequence[Attachment]) -> str:
    return ", ".join(sorted(f"{file.kind.value} {file.digest[:12]}" for file in files)) or "none"
