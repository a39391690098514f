"""What is under way in a series, and whether one more document of it may be sent while an earlier one is in doubt.

The DGI wants series without gaps explained: while nobody knows what became of a number, an installation may want the
later ones to follow one by one instead of all at once.
"""

from dataclasses import dataclass
from datetime import datetime

from core.documents import FiscalDocument
from core.identifiers import DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptUnderWay:
    """A document of the series that is SENDING. The earlier its lease ends, the earlier it was claimed."""

    document_id: DocumentId
    lease_ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTraffic:
    """A series at one moment."""

    lowest_in_doubt: int | None
    under_way: tuple[AttemptUnderWay, ...]


def must_yield(document: FiscalDocument, traffic: SeriesTraffic) -> bool:
    """Whether an earlier number is in doubt and another document was claimed before this one.

    Asked before the claim, any other attempt comes first; asked after it, those claimed earlier do. Two that ask
    after their claims never both go on: each sees the other.
    """
    if traffic.lowest_in_doubt is None or traffic.lowest_in_doubt >= document.number:
        return False
    others = [attempt for attempt in traffic.under_way if attempt.document_id != document.document_id]
    if document.claim is None:
        return bool(others)
    mine = (document.claim.expires_at, document.document_id)
    return any((attempt.lease_ends_at, attempt.document_id) < mine for attempt in others)
