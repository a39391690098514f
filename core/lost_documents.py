"""A document that left for the PAC and that the database, brought back from an older state, does not know."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.departures import Departure
from core.documents import LegalStatus, Submission
from core.failures import DecisionRefusedError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.number_ledger import NumberedDocument

REASON = "issued before the restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class LostDocument:
    """``submission`` says what is known, in the words of a document:

    IN_DOUBT (it may be at the PAC), ISSUED_ID_UNKNOWN (a person knows that it was issued), REFUSED (a person is sure
    that it was not).
    """

    departure: Departure
    noticed_at: datetime
    submission: Submission = Submission.IN_DOUBT
    pac_document_id: PacDocumentId | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None

    @property
    def tenant_id(self) -> TenantId:
        """Whose it was."""
        return self.departure.tenant_id

    @property
    def document_id(self) -> DocumentId:
        """The id that its caller was given."""
        return self.departure.document_id

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what became of it."""
        return self.submission is Submission.IN_DOUBT

    @property
    def stands_in_the_way(self) -> bool:
        """Whether nothing may be issued in its place."""
        return self.submission is not Submission.REFUSED

    @property
    def numbered(self) -> NumberedDocument:
        """How it explains its number."""
        reason = REASON if self.note is None else f"{REASON}: {self.note}"
        return NumberedDocument(
            number=self.departure.number,
            document_id=self.document_id,
            submission=self.submission,
            standing_status=LegalStatus.NONE,
            reason=reason[:500],
        )


def say_issued(
    lost: LostDocument, *, pac_document_id: PacDocumentId | None, note: str, operator: str, now: datetime
) -> LostDocument:
    """A person saw it at the PAC or the DGI. Its key is used for good. Raises DecisionRefusedError."""
    return _settled(lost, Submission.ISSUED_ID_UNKNOWN, pac_document_id, note, operator, now)


def say_never_issued(lost: LostDocument, *, note: str, operator: str, now: datetime) -> LostDocument:
    """A person is sure that it is not at the PAC. Its number stays burnt, its key and its order are free again.

    Raises DecisionRefusedError.
    """
    return _settled(lost, Submission.REFUSED, None, note, operator, now)


def _settled(
    lost: LostDocument,
    submission: Submission,
    pac_document_id: PacDocumentId | None,
    note: str,
    operator: str,
    now: datetime,
) -> LostDocument:
    if not lost.is_open:
        raise DecisionRefusedError(submission=lost.submission.value)
    return replace(
        lost, submission=submission, pac_document_id=pac_document_id, settled_at=now, settled_by=operator, note=note
    )
