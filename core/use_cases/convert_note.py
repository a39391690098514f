"""A PROFORM note becomes a DGI document, with the consent of the invoice that it names."""

from core.documents import DocumentKind, FiscalDocument
from core.identifiers import DocumentId, TenantId
from core.notes.agreement import NamingNote, credited, debited
from core.ports.clock import Clock
from core.ports.document_repository import Relative
from core.use_cases.convert_draft import ConvertDraft


class ConvertNote:
    """Issue what a drafted note says. What is left of its invoice is looked at now: a draft holds nothing back."""

    def __init__(self, convert: ConvertDraft, clock: Clock) -> None:
        self._convert = convert
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, *, kind: DocumentKind, wait_seconds: float, actor: str
    ) -> FiscalDocument:
        """The note as it stands when the PAC answered or the wait is over; converting twice gives the one note.

        Raises what ConvertDraft raises, what ``refuse_unfit`` raises, and CreditOvertakenError when the credits that
        were made since leave no room for this one.
        """

        def relative_of(note: FiscalDocument) -> Relative | None:
            if note.parent_id is None:
                return None
            naming = NamingNote(document_id=note.document_id, draft=note.draft, at=self._clock.now(), actor=actor)
            agreement = credited if kind is DocumentKind.CREDIT else debited
            return agreement(note.parent_id, naming)

        return await self._convert(
            tenant_id, document_id, kind=kind, wait_seconds=wait_seconds, actor=actor, relative_of=relative_of
        )
