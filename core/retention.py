"""How long documents are kept, and what is older. Nothing here deletes anything."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.issue_time import PANAMA, panama_time


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRetention:
    """What one taxpayer has of one fiscal year that need not be kept any more."""

    tenant_id: TenantId
    year: int
    documents: int
    file_bytes: int  # of their current files


def kept_since(now: datetime, years: int) -> datetime:
    """The first moment, in UTC, of the oldest fiscal year that is still kept: a document is kept for ``years`` whole
    years of Panama's calendar after the one in which it was issued."""
    return datetime(panama_time(now).year - years, 1, 1, tzinfo=PANAMA).astimezone(UTC)


class YearCounts:
    """Documents and the bytes of their files, by fiscal year."""

    def __init__(self) -> None:
        self._documents: Counter[int] = Counter()
        self._bytes: Counter[int] = Counter()

    def add(self, documents: Iterable[FiscalDocument]) -> None:
        """Count these, too."""
        for document in documents:
            year = panama_time(document.issued_at).year
            self._documents[year] += 1
            self._bytes[year] += sum(file.size for file in document.files)

    def of(self, tenant_id: TenantId) -> tuple[PastRetention, ...]:
        """What was counted, the oldest year first."""
        return tuple(
            PastRetention(tenant_id=tenant_id, year=year, documents=count, file_bytes=self._bytes[year])
            for year, count in sorted(self._documents.items())
        )
