"""Series without gaps that nobody explains, and marks that protect them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.documents import SeriesKey
from core.identifiers import DocumentId, TenantId
from core.invariants.faults import Fault
from core.invariants.findings import Finding, RaiseMark
from core.invariants.numbering import SeriesWalk, check_known_series, check_mark, unexplained
from core.ports.series_ledger import SeriesMove, SeriesState
from core.ports.store_inspection import NumberUse
from tests.builders import INVOICES, NOW

TENANT = TenantId("tenant")


def a_move(from_number: int, to_number: int) -> SeriesMove:
    return SeriesMove(
        at=NOW, actor="cli:test", series=INVOICES, from_number=from_number, to_number=to_number, reason="elsewhere"
    )


def walked(numbers: list[int], *, first: int, next_number: int, moves: list[SeriesMove] | None = None) -> list[Finding]:
    state = SeriesState(series=INVOICES, first_number=first, next_number=next_number)
    walk = SeriesWalk(TENANT, state, moves or [])
    found = []
    for number in numbers:  # one number per page: nothing may depend on where pages end
        found += list(walk.take([NumberUse(number=number, document_id=DocumentId(f"document-{number}"))]))
    return [*found, *walk.end()]


@given(st.integers(1, 50), st.lists(st.integers(0, 5), max_size=20))
def test_a_series_that_was_only_used_and_moved_has_no_finding(first: int, jumps: list[int]) -> None:
    numbers, moves, at = [], [], first
    for jump in jumps:
        if jump:
            moves.append(a_move(at, at + jump))
            at += jump
        numbers.append(at)
        at += 1
    assert walked(numbers, first=first, next_number=at, moves=moves) == []


@given(st.sets(st.integers(1, 40), min_size=1), st.data())
def test_every_number_that_is_neither_used_nor_moved_over_is_reported_once(used: set[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(1, 40))
    moves = [a_move(start, data.draw(st.integers(start, 41)))]
    found = walked(sorted(used), first=1, next_number=41, moves=moves)
    reported: set[int] = set()
    for finding in found:
        assert finding.fault is Fault.NUMBER_GAP
        ends = [int(word) for word in finding.detail.split() if word.isdigit()]
        gap = set(range(ends[0], ends[-1] + 1))
        assert not gap & reported
        reported |= gap
    explained = {number for move in moves for number in range(move.from_number, move.to_number)}
    assert reported == set(range(1, 41)) - used - explained


def test_a_number_that_comes_twice_is_named_with_both_documents() -> None:
    state = SeriesState(series=INVOICES, first_number=1, next_number=3)
    walk = SeriesWalk(TENANT, state, [])
    uses = [NumberUse(number=number, document_id=DocumentId(name)) for number, name in ((1, "a"), (1, "b"), (2, "c"))]
    (found,) = walk.take(uses)
    assert found.fault is Fault.NUMBER_TWICE
    assert "a and b" in found.detail


def test_a_number_below_the_first_does_not_belong_to_the_series() -> None:
    assert [finding.fault for finding in walked([4, 5], first=5, next_number=6)] == [Fault.NUMBER_OUTSIDE_SERIES]


def test_overlapping_moves_explain_together() -> None:
    assert unexplained(1, 10, [(1, 4), (2, 6), (8, 9)]) == [(6, 7), (9, 9)]


def test_a_mark_protects_what_was_sent_and_knows_nothing_beyond_the_series() -> None:
    state = SeriesState(series=INVOICES, first_number=1, next_number=8)
    assert list(check_mark(TENANT, state, 7, 7)) == []
    (low,) = check_mark(TENANT, state, 5, 7)
    assert low.remedy == RaiseMark(tenant_id=TENANT, series=INVOICES, number=7)
    (ahead,) = check_mark(TENANT, replace(state, next_number=7), 7, 0)
    assert (ahead.fault, ahead.remedy) == (Fault.MARK_AHEAD, None)


def test_documents_of_a_series_that_the_ledger_does_not_know_are_reported() -> None:
    unknown = SeriesKey(billing_point="002", document_type=INVOICES.document_type)
    (found,) = check_known_series(TENANT, [INVOICES, unknown], [INVOICES])
    assert found.fault is Fault.SERIES_UNKNOWN
    assert "002" in found.subject
