"""The part of the examination that walks through a tenant's documents, once."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from core.documents import INTERNAL_POINT, FiscalDocument, SeriesKey
from core.errors import IstmoError
from core.failures import FileCorruptError, FileNotStoredError
from core.identifiers import DocumentId, TenantId
from core.invariants.attachments import check_attachment_rows, check_content
from core.invariants.contents import check_body, check_cufe, check_totals
from core.invariants.credits import check_credits
from core.invariants.faults import Fault
from core.invariants.findings import Finding, about, unreadable
from core.invariants.states import Lateness, check_due_time, check_replacement, check_state
from core.invariants.timelines import check_timeline
from core.invariants.voids import check_void
from core.ports.clock import Clock
from core.ports.file_store import FileStore
from core.ports.store_inspection import StoredAttachment, StoreInspection, UnreadableRow, WholeDocument

DOCUMENT_PAGE = 50

Encode = Callable[[FiscalDocument], bytes]


@dataclass(slots=True)
class DocumentsSeen:
    """What the walk remembers for later checks: bounded by billing points and document types, not by documents."""

    counts: Counter[str] = field(default_factory=Counter)
    highest_sent: dict[SeriesKey, int] = field(default_factory=dict)  # 0: numbers were used, none was sent
    points: set[tuple[str, str]] = field(default_factory=set)  # billing point and office

    def note(self, whole: WholeDocument) -> None:
        """One document more."""
        document = whole.document
        if document.series.billing_point != INTERNAL_POINT:  # no office has that point, and no gap in it matters
            sent = document.number if document.attempts else 0
            self.highest_sent[document.series] = max(self.highest_sent.get(document.series, 0), sent)
            self.points.add((document.series.billing_point, document.office_id))
        self.counts["documents"] += 1
        self.counts["events"] += len(whole.events or ())
        self.counts["files of documents"] += len(whole.attachments or ())


class ExamineDocuments:
    """Checks each document with its bytes, events and files."""

    def __init__(self, inspection: StoreInspection, files: FileStore, clock: Clock, encode: Encode | None) -> None:
        """``encode``: the PAC gateway's, to compare with the stored bytes; None: they are not compared."""
        self._inspection = inspection
        self._files = files
        self._clock = clock
        self._encode = encode

    async def __call__(
        self,
        tenant_id: TenantId,
        seen: DocumentsSeen,
        *,
        late_after: timedelta,
        is_lateness_judged: bool,
        reads_files: bool,
    ) -> AsyncIterator[list[Finding]]:
        """The findings of one document after the other."""
        after: DocumentId | None = None
        while page := await self._inspection.documents(tenant_id, after=after, limit=DOCUMENT_PAGE):
            lateness = Lateness(now=self._clock.now(), grace=late_after, is_judged=is_lateness_judged)
            for whole in page:
                if isinstance(whole, UnreadableRow):
                    after = DocumentId(whole.row_id)
                    yield [unreadable(whole)]
                    continue
                after = whole.document.document_id
                seen.note(whole)
                found = self._check(whole, lateness)
                for stored in whole.attachments or ():
                    found += await self._check_file(whole.document, stored, reads_files=reads_files)
                yield found

    def _check(self, whole: WholeDocument, lateness: Lateness) -> list[Finding]:
        document = whole.document
        found = [
            *check_state(document),
            *check_replacement(document),
            *check_due_time(document, lateness),
            *check_timeline(document, whole.events, whole.event_count),
            *check_void(document, whole.events, now=lateness.now),
            *check_body(document, whole.body, whole.events, self._encoded(document)),
            *check_cufe(document),
            *check_totals(document),
            *check_credits(document, whole.notes),
            *check_attachment_rows(document, whole.attachments),
        ]
        if whole.disagreeing:
            found.append(about(document, Fault.COLUMNS_DISAGREE, f"columns: {', '.join(whole.disagreeing)}"))
        return found

    def _encoded(self, document: FiscalDocument) -> bytes | None:
        if self._encode is None:
            return None
        try:
            return self._encode(document)
        except IstmoError:
            return None  # it needs a field that this installation may not send any more

    async def _check_file(
        self, document: FiscalDocument, stored: StoredAttachment, *, reads_files: bool
    ) -> list[Finding]:
        attachment = stored.attachment
        revision = "" if stored.is_current else "an older "
        name = f"{revision}{attachment.kind.value} {attachment.digest[:12]}"
        if not (reads_files and stored.is_current):
            if await self._files.has(document.tenant_id, attachment.digest):
                return []
            return [about(document, Fault.FILE_MISSING, f"{name} is not in the file store")]
        try:
            content = await self._files.get(document.tenant_id, attachment.digest)
        except FileNotStoredError:
            return [about(document, Fault.FILE_MISSING, f"{name} is not in the file store")]
        except FileCorruptError:
            return [about(document, Fault.FILE_CORRUPT, f"{name} does not match its digest")]
        return list(check_content(document, attachment, content))
