"""The zero-difference statement of a day: what is kept here beside what the PAC shows, each difference explained.

What counts is a document that is authorised, by the PAC or the DGI, void or not: that the PAC shows no void proves
nothing. The effects of the differences add up, to the cent, to what each series differs by.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.cufe import MalformedCufeError, parse_cufe
from core.documents import FiscalDocument, SeriesKey
from core.identifiers import DocumentId, PacDocumentId
from core.issue_time import panama_date
from core.money import exact_arithmetic
from core.ports.webhook_inbox import Delivery, DeliveryState
from core.statement_codes import DifferenceCode
from core.statement_reading import Finding, Reading, counts_here, judge

_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnexplainedRun:
    """Numbers of a series without a document and without a move; both ends are included."""

    series: SeriesKey
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvidence:
    """Everything that a statement is made from. ``readings`` are of the ids of ``documents``, in any order."""

    day: date
    documents: Sequence[FiscalDocument]  # every DGI document of the day
    readings: Sequence[Reading] = ()
    deliveries: Sequence[Delivery] = ()
    unexplained: Sequence[UnexplainedRun] = ()
    are_deliveries_cut: bool = False  # there are more than ``deliveries`` holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``count`` and ``amount`` are what is here less what is at the PAC, because of this one difference."""

    code: DifferenceCode
    series: SeriesKey | None = None
    number: str = ""  # ten digits, or two of them with a hyphen between
    document_id: DocumentId | None = None
    pac_document_id: PacDocumentId | None = None
    ours: str = ""
    pac: str = ""
    count: int = 0
    amount: Decimal = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An id that the PAC could not be asked about, and why. That is no difference."""

    document_id: DocumentId
    series: SeriesKey
    number: str
    pac_document_id: PacDocumentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """What counts of one series. ``pac_total``: of a document whose XML could not be read, our total stands in it."""

    series: SeriesKey
    ours_count: int
    ours_total: Decimal
    pac_count: int
    pac_total: Decimal
    unread_count: int  # of ours, those that the PAC could not be asked about
    unread_total: Decimal

    @property
    def count_difference(self) -> int:
        """What counts here and not at the PAC, less the opposite, of what could be read."""
        return self.ours_count - self.unread_count - self.pac_count

    @property
    def total_difference(self) -> Decimal:
        """The money of it."""
        with exact_arithmetic():
            return self.ours_total - self.unread_total - self.pac_total


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A day, as of a moment."""

    day: date
    as_of: datetime
    is_over: bool  # the day: before its end more documents may come
    lines: tuple[SeriesLine, ...]
    differences: tuple[Difference, ...]
    unread: tuple[Unread, ...]
    amounts_unread: int  # documents that count at the PAC and whose total could not be read
    are_webhooks_cut: bool  # more were left over than were looked at
    can_list: bool  # whether the PAC could be searched for what nobody told us

    @property
    def is_zero(self) -> bool:
        """Whether nothing differs, of what could be read."""
        return not self.differences

    @property
    def is_complete(self) -> bool:
        """Whether everything could be read: every id, the total of each document that counts, every webhook."""
        return not self.unread and not self.amounts_unread and not self.are_webhooks_cut


def compare(evidence: DayEvidence, *, as_of: datetime, is_over: bool, can_list: bool) -> Statement:
    """The statement of a day."""
    by_document: dict[DocumentId, list[Reading]] = defaultdict(list)
    for reading in evidence.readings:
        by_document[reading.document_id].append(reading)
    ordered = sorted(
        evidence.documents, key=lambda one: (one.series.billing_point, one.document_type.value, one.number)
    )
    found = [judge(document, by_document[document.document_id]) for document in ordered]
    differences = [difference for finding in found for difference in _differences(finding)]
    differences += (_of_numbers(run) for run in evidence.unexplained)
    differences += _of_webhooks(evidence)
    return Statement(
        day=evidence.day,
        as_of=as_of,
        is_over=is_over,
        lines=_lines(found),
        differences=tuple(differences),
        unread=tuple(each for finding in found for each in _unread(finding)),
        amounts_unread=sum(finding.amounts_unread for finding in found),
        are_webhooks_cut=evidence.are_deliveries_cut,
        can_list=can_list,
    )


def _differences(finding: Finding) -> Iterable[Difference]:
    document = finding.document
    for remark in finding.remarks:
        yield Difference(
            code=remark.code,
            series=document.series,
            number=f"{document.number:010d}",
            document_id=document.document_id,
            pac_document_id=remark.pac_document_id,
            ours=remark.ours,
            pac=remark.pac,
            count=remark.count,
            amount=remark.amount,
        )


def _unread(finding: Finding) -> Iterable[Unread]:
    document = finding.document
    for reading in finding.unread:
        yield Unread(
            document_id=document.document_id,
            series=document.series,
            number=f"{document.number:010d}",
            pac_document_id=reading.pac_document_id,
            reason=reading.unread,
        )


def _lines(found: Iterable[Finding]) -> tuple[SeriesLine, ...]:
    by_series: dict[SeriesKey, list[Finding]] = defaultdict(list)
    for finding in found:
        by_series[finding.document.series].append(finding)
    return tuple(_line(series, findings) for series, findings in by_series.items())


def _line(series: SeriesKey, findings: Sequence[Finding]) -> SeriesLine:
    ours = [finding.document.totals.total for finding in findings if counts_here(finding.document)]
    unread = [finding.document.totals.total for finding in findings if finding.is_open]
    with exact_arithmetic():
        return SeriesLine(
            series=series,
            ours_count=len(ours),
            ours_total=sum(ours, _NOTHING),
            pac_count=sum(len(finding.pac_totals) for finding in findings),
            pac_total=sum((total for finding in findings for total in finding.pac_totals), _NOTHING),
            unread_count=len(unread),
            unread_total=sum(unread, _NOTHING),
        )


def _of_numbers(run: UnexplainedRun) -> Difference:
    number = f"{run.first:010d}" if run.first == run.last else f"{run.first:010d}-{run.last:010d}"
    return Difference(code=DifferenceCode.UNEXPLAINED_NUMBER, series=run.series, number=number)


def _of_webhooks(evidence: DayEvidence) -> list[Difference]:
    """One for each document that webhooks name, however often; one for each that cannot be read."""
    known: dict[str, Difference] = {}
    for delivery in evidence.deliveries:
        if _day_of(delivery) != evidence.day:
            continue
        is_unreadable = delivery.state is DeliveryState.UNREADABLE
        subject = None if is_unreadable else delivery.pac_document_id or delivery.cufe
        code = DifferenceCode.UNREADABLE_WEBHOOK if is_unreadable else DifferenceCode.UNMATCHED_WEBHOOK
        pac = " ".join(part for part in (delivery.claimed_status, delivery.cufe) if part)
        known.setdefault(
            subject or delivery.delivery_id,
            Difference(code=code, pac_document_id=delivery.pac_document_id, pac=pac or delivery.delivery_id),
        )
    return list(known.values())


def _day_of(delivery: Delivery) -> date:
    """The day of issue in the CUFE that it names, else the day on which it came."""
    try:
        return parse_cufe(delivery.cufe or "").parts.issued_on
    except MalformedCufeError:
        return panama_date(delivery.received_at)
