"""What an operator may decide about a document that cannot resolve itself. Each decision says who and why."""

from dataclasses import replace

from core.documents import Change, FiscalDocument, Submission
from core.errors import Wording
from core.failures import AdoptionRefusedError, DecisionRefusedError, MalformedInputError
from core.identifiers import ApiKeyId, DocumentId, PacDocumentId, TenantId
from core.lifecycle.doubt import confirm_at_dgi, give_up
from core.lifecycle.evidence import add_hint
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.use_cases.examine_hints import ExamineHints

ADOPTABLE = (
    Submission.IN_DOUBT,
    Submission.QUARANTINED,
    Submission.REFUSED,
    Submission.ISSUED_ID_UNKNOWN,
    Submission.QUEUED,
)
NOTE_MIN, NOTE_MAX = 5, 1000


class AdoptPacDocument:
    """The operator learnt an id from the PAC: it is read and compared, and adopted only when its CUFE is ours."""

    def __init__(self, documents: DocumentRepository, examine_hints: ExamineHints, clock: Clock) -> None:
        self._documents = documents
        self._examine_hints = examine_hints
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, pac_document_id: PacDocumentId, operator: ApiKeyId
    ) -> FiscalDocument:
        """Raises DocumentNotFoundError, DecisionRefusedError, AdoptionRefusedError (with the difference),
        PacCompanyNotConfiguredError. The hint stays recorded when the PAC does not answer."""

        def remember(current: FiscalDocument) -> Change:
            if current.submission not in ADOPTABLE or not current.maybe_executed:
                raise DecisionRefusedError(submission=current.submission.value)
            now = self._clock.now()
            known = tuple(other for other in current.refuted_ids if other != pac_document_id)
            # an id that was refuted may be given again: the person may know better, the PAC decides
            hinted, events = add_hint(
                replace(current, refuted_ids=known), pac_document_id, now=now, source=f"operator:{operator}"
            )
            return Change(document=hinted, events=events)

        document = await self._documents.update(tenant_id, document_id, remember)
        document = await self._examine_hints(document)
        if document.pac_document_id == pac_document_id:
            return document
        if pac_document_id in document.refuted_ids:
            difference = Wording(
                f"the PAC shows another document there, not CUFE {document.expected_cufe}",
                f"el PAC muestra otro documento, no el CUFE {document.expected_cufe}",
            )
        else:
            difference = Wording(
                "the PAC did not confirm it yet; it stays noted and is looked up again",
                "el PAC aún no lo confirma; queda anotado y se consultará de nuevo",
            )
        raise AdoptionRefusedError(pac_document_id=pac_document_id, difference=difference)


class ConfirmAtDgi:
    """The operator saw the expected CUFE on the DGI's public page."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, note: str, operator: ApiKeyId
    ) -> FiscalDocument:
        """Raises DocumentNotFoundError, DecisionRefusedError, MalformedInputError (the note)."""
        checked = checked_note(note, "note")

        def confirm(current: FiscalDocument) -> Change:
            return confirm_at_dgi(current, note=checked, operator=f"operator:{operator}", now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, confirm)


class GiveUpDocument:
    """The operator is sure that the document is not at the PAC. Its number stays burnt, it stays watched."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, reason: str, operator: ApiKeyId
    ) -> FiscalDocument:
        """Raises DocumentNotFoundError, DecisionRefusedError, MalformedInputError (the reason)."""
        checked = checked_note(reason, "reason")

        def stop(current: FiscalDocument) -> Change:
            return give_up(current, reason=checked, operator=f"operator:{operator}", now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, stop)


def checked_note(note: str, field: str) -> str:
    """The note without outer blanks: who reads it in a year must understand it."""
    stripped = note.strip()
    if not NOTE_MIN <= len(stripped) <= NOTE_MAX:
        problem = Wording(f"it has {NOTE_MIN} to {NOTE_MAX} characters", f"tiene de {NOTE_MIN} a {NOTE_MAX} caracteres")
        raise MalformedInputError(path=(field,), problem=problem)
    return stripped
