"""How many documents of a period there are, and what they add up to, by group. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from core.documents import DocumentMode, FiscalDocument
from core.errors import Wording
from core.failures import MalformedReportError
from core.issue_time import PANAMA, panama_date
from core.money import exact_arithmetic

LONGEST_DAYS = 90
_NOTHING = Decimal("0.00")


class ReportGroup(Enum):
    """What a row stands for."""

    DAY = "DAY"  # of Panama
    MONTH = "MONTH"
    DOCUMENT_TYPE = "DOCUMENT_TYPE"
    LEGAL_STATUS = "LEGAL_STATUS"
    SERIES = "SERIES"  # billing point and document type


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPeriod:
    """Days of Panama, both included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=PANAMA).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        after = self.last + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=PANAMA).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One group. Amounts are balboas; credit notes subtract."""

    group: str
    count: int = 0
    net_total: Decimal = _NOTHING
    itbms_total: Decimal = _NOTHING
    total: Decimal = _NOTHING

    def with_document(self, document: FiscalDocument) -> "ReportRow":
        """One more."""
        sign = -1 if document.series.document_type.is_credit_note else 1
        with exact_arithmetic():
            return ReportRow(
                group=self.group,
                count=self.count + 1,
                net_total=self.net_total + sign * document.totals.net_total,
                itbms_total=self.itbms_total + sign * document.totals.itbms_total,
                total=self.total + sign * document.totals.total,
            )


def report_period(first: date, last: date) -> ReportPeriod:
    """Raises MalformedReportError for one that ends before it begins, or has more than 90 days (ASSUME-014)."""
    if not timedelta(0) <= last - first < timedelta(days=LONGEST_DAYS) or not 2000 <= first.year <= last.year <= 2199:
        problem = Wording(
            f"a period has 1 to {LONGEST_DAYS} days and does not end before it begins",
            f"un período tiene de 1 a {LONGEST_DAYS} días y no termina antes de comenzar",
        )
        raise MalformedReportError(path=("toDate",), problem=problem)
    return ReportPeriod(first=first, last=last)


def is_at_pac(document: FiscalDocument) -> bool:
    """Whether the PAC counts it: it was issued here, and the PAC gave it an id."""
    return document.mode is DocumentMode.DGI and document.pac_document_id is not None


def grouped(rows: dict[str, ReportRow], documents: Iterable[FiscalDocument], by: ReportGroup) -> dict[str, ReportRow]:
    """``rows`` with these documents added. Drafts and imports are nobody's issue and are left out."""
    added = dict(rows)
    for document in documents:
        if document.mode is DocumentMode.DGI:
            name = group_of(document, by)
            added[name] = added.get(name, ReportRow(group=name)).with_document(document)
    return added


def group_of(document: FiscalDocument, by: ReportGroup) -> str:
    """The name of its row."""
    issued, series = panama_date(document.issued_at), document.series
    match by:
        case ReportGroup.DAY:
            return issued.isoformat()
        case ReportGroup.MONTH:
            return issued.isoformat()[:7]
        case ReportGroup.DOCUMENT_TYPE:
            return series.document_type.name
        case ReportGroup.LEGAL_STATUS:
            return document.legal_status.name
        case ReportGroup.SERIES:
            return f"{series.billing_point}/{series.document_type.value}"
