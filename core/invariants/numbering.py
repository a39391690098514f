"""Whether a series is first..n without a gap that nobody explains (I4), and whether its mark protects it (A36)."""

from collections.abc import Iterable, Sequence

from core.documents import SeriesKey
from core.identifiers import DocumentId, TenantId
from core.invariants.faults import Fault
from core.invariants.findings import Finding, Findings, RaiseMark, name_of
from core.ports.series_ledger import SeriesMove, SeriesState
from core.ports.store_inspection import NumberUse


class SeriesWalk:
    """Takes the used numbers of one series below its next one, ascending, page by page.

    It remembers only where it stands.
    """

    def __init__(self, tenant_id: TenantId, state: SeriesState, moves: Sequence[SeriesMove]) -> None:
        self._tenant_id = tenant_id
        self._state = state
        self._explained = sorted((move.from_number, move.to_number) for move in moves)
        self._expected = state.first_number
        self._last: DocumentId | None = None

    def take(self, uses: Iterable[NumberUse]) -> Findings:
        """What is wrong with the next numbers."""
        for use in uses:
            if use.number < self._state.first_number:
                what = f"number {use.number} of document {use.document_id} is below the first, "
                yield self._finding(Fault.NUMBER_OUTSIDE_SERIES, f"{what}{self._state.first_number}")
            elif use.number < self._expected:
                what = f"number {use.number} belongs to documents {self._last} and {use.document_id}"
                yield self._finding(Fault.NUMBER_TWICE, what)
            else:
                yield from self._gap(self._expected, use.number)
                self._expected = use.number + 1
            self._last = use.document_id

    def end(self) -> Findings:
        """What is wrong between the last number and the next one that the series would give."""
        yield from self._gap(self._expected, self._state.next_number)

    def _gap(self, first: int, end: int) -> Findings:
        for since, until in unexplained(first, end, self._explained):
            spoken = f"number {since}" if since == until else f"numbers {since} to {until}"
            yield self._finding(Fault.NUMBER_GAP, f"{spoken} cannot be accounted for")

    def _finding(self, fault: Fault, detail: str) -> Finding:
        return Finding(fault=fault, tenant_id=self._tenant_id, subject=name_of(self._state.series), detail=detail)


def unexplained(first: int, end: int, explained: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges (both ends included) of ``first`` to ``end`` - 1 that no (from, to - 1) of ``explained`` covers."""
    left = []
    for since, until in explained:
        if until <= first:
            continue
        if since >= end:
            break
        if since > first:
            left.append((first, since - 1))
        first = max(first, until)
    if first < end:
        left.append((first, end - 1))
    return left


def check_mark(tenant_id: TenantId, state: SeriesState, mark: int, highest_sent: int) -> Findings:
    """``highest_sent``: the highest number of the series that an attempt was made with; 0 when there was none."""
    subject = name_of(state.series)
    if mark < highest_sent:
        what = f"the mark is {mark}, number {highest_sent} was sent"
        remedy = RaiseMark(tenant_id=tenant_id, series=state.series, number=highest_sent)
        yield Finding(fault=Fault.MARK_TOO_LOW, tenant_id=tenant_id, subject=subject, detail=what, remedy=remedy)
    if mark >= state.next_number:
        what = f"the mark is {mark}, and the next number would be {state.next_number}"
        yield Finding(fault=Fault.MARK_AHEAD, tenant_id=tenant_id, subject=subject, detail=what)


def check_known_series(tenant_id: TenantId, used: Iterable[SeriesKey], known: Iterable[SeriesKey]) -> Findings:
    """Series that documents have numbers of, and that the ledger does not have."""
    for series in sorted(set(used) - set(known), key=name_of):
        what = "documents have numbers of it, the ledger does not know it"
        yield Finding(fault=Fault.SERIES_UNKNOWN, tenant_id=tenant_id, subject=name_of(series), detail=what)
