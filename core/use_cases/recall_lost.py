"""What a wish to issue meets of the documents that a restore made unknown."""

import hashlib
from dataclasses import replace

from core.cufe import parse_cufe
from core.departures import key_digest_of
from core.documents import DocumentMode, FiscalDocument, Recording
from core.failures import IssuedBeforeRestoreError
from core.issuing import Intent
from core.lifecycle.recovering import recover
from core.lost_documents import LostDocument
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.lost_documents import LostDocuments
from core.ports.number_book import NumberBook
from core.schedules import Schedules


class RecallLost:
    """The same key brings its document back, as the same bytes under the same number, or nothing at all.

    What comes back is in doubt, for it left once: evidence or the taxpayer's policy decides, never a blind POST.
    """

    def __init__(
        self,
        lost: LostDocuments,
        documents: DocumentRepository,
        numbers: NumberBook,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._lost = lost
        self._numbers = numbers
        self._documents = documents
        self._clock = clock
        self._schedules = schedules

    async def __call__(self, intent: Intent) -> LostDocument | None:
        """The document that this very wish issued, to be made again. None: nothing is in the way.

        Raises IssuedBeforeRestoreError: it was settled by a person, or the wish is another one, for the same draft or
        the same order, or its number was given to another document, because the marks were lost as well.
        """
        is_for_dgi = intent.mode is DocumentMode.DGI
        digest = key_digest_of(intent.tenant_id, intent.idempotency_key)
        found = await self._lost.in_the_way(
            intent.tenant_id,
            key_digest=digest,
            document_id=intent.becomes.document_id if intent.becomes else None,
            order_id=intent.order_id if is_for_dgi else None,
        )
        if not found:
            return None
        there = await self._documents.several(intent.tenant_id, [one.document_id for one in found])
        came_back = {document.document_id for document in there if document.mode is DocumentMode.DGI}
        missing = [one for one in found if one.document_id not in came_back]
        own = next((one for one in missing if one.departure.key_digest == digest), None)
        if own is not None and own.is_open and is_for_dgi and not await self._is_number_taken(own):
            return own
        if missing:
            raise issued_before(own or missing[0])
        return None

    async def _is_number_taken(self, lost: LostDocument) -> bool:
        number, series = lost.departure.number, lost.departure.series
        return bool(await self._numbers.numbered(lost.tenant_id, series, first=number, last=number, limit=1))

    def as_it_was(self, template: FiscalDocument, lost: LostDocument) -> FiscalDocument:
        """The template with what was drawn for the lost document. Raises IssuedBeforeRestoreError: another series."""
        departure = lost.departure
        if template.series != departure.series:
            raise issued_before(lost)
        return replace(
            template,
            document_id=departure.document_id,
            issued_at=departure.issued_at,
            security_code=parse_cufe(departure.cufe).parts.security_code,
        )

    def recalled(self, recording: Recording, lost: LostDocument) -> Recording:
        """The recording of the document in doubt. Raises IssuedBeforeRestoreError: other bytes than those that left."""
        departure = lost.departure
        made = (recording.document.expected_cufe, hashlib.sha256(recording.body).hexdigest())
        if made != (departure.cufe, departure.body_digest):
            raise issued_before(lost)
        now = self._clock.now()
        change = recover(recording.document, now=now, schedules=self._schedules)
        if change is None:
            raise issued_before(lost)  # what cannot be doubted does not come back
        # looked at at once, for a webhook may have told of it meanwhile
        document = replace(change.document, next_action_at=now)
        return replace(recording, document=document, events=(*recording.events, *change.events))


def issued_before(lost: LostDocument) -> IssuedBeforeRestoreError:
    """The error that names it."""
    departure = lost.departure
    return IssuedBeforeRestoreError(
        path=("idempotencyKey",),
        document_id=departure.document_id,
        number=f"{departure.number:010d}",
        cufe=departure.cufe,
    )
