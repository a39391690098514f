"""Every number of a range is in exactly one entry, whatever documents and moves there are."""

from hypothesis import given
from hypothesis import strategies as st

from core.documents import LegalStatus, Refusal, Submission
from core.identifiers import DocumentId
from core.number_ledger import LedgerEntry, NumberedDocument, NumberUse, explain, reason_of
from core.ports.series_ledger import SeriesMove
from tests.builders import INVOICES, NOW

TOP = 60


def a_move(since: int, until: int, reason: str = "otro PAC") -> SeriesMove:
    return SeriesMove(at=NOW, actor="operator:k", series=INVOICES, from_number=since, to_number=until, reason=reason)


def a_numbered(
    number: int, submission: Submission = Submission.QUEUED, legal: LegalStatus = LegalStatus.NONE, reason: str = ""
) -> NumberedDocument:
    return NumberedDocument(
        number=number,
        document_id=DocumentId(f"d{number}"),
        submission=submission,
        standing_status=legal,
        reason=reason,
    )


ranges = st.tuples(st.integers(1, TOP), st.integers(1, TOP)).map(sorted)
moves = st.lists(ranges.map(lambda ends: a_move(ends[0], ends[1])), max_size=5)
numbered = st.builds(
    a_numbered, st.integers(1, TOP), st.sampled_from(Submission), st.sampled_from(LegalStatus), st.text(max_size=3)
)


@given(ranges, st.lists(numbered, max_size=30, unique_by=lambda one: one.number), moves)
def test_every_number_of_the_range_is_in_exactly_one_entry(
    ends: list[int], documents: list[NumberedDocument], given_moves: list[SeriesMove]
) -> None:
    first, last = ends
    within = sorted((one for one in documents if first <= one.number <= last), key=lambda one: one.number)
    entries = explain(within, given_moves, first=first, last=last)
    covered = [number for entry in entries for number in range(entry.first, entry.last + 1)]
    assert covered == list(range(first, last + 1))
    of_documents = {entry.first: entry.document_id for entry in entries if entry.document_id is not None}
    assert of_documents == {one.number: one.document_id for one in within}
    for entry in entries:
        if entry.document_id is not None:
            assert entry.first == entry.last
            continue
        moved = [
            number
            for number in range(entry.first, entry.last + 1)
            if any(move.from_number <= number < move.to_number for move in given_moves)
        ]
        is_explained = entry.use is NumberUse.BURNT
        assert moved == (list(range(entry.first, entry.last + 1)) if is_explained else [])


def test_tells_each_use_with_its_reason() -> None:
    documents = [
        a_numbered(2, Submission.ACCEPTED, LegalStatus.DGI_AUTHORIZED),
        a_numbered(3, Submission.REFUSED, reason="2500: no cuadra"),
        a_numbered(6, Submission.IN_DOUBT, reason="timeout"),
        a_numbered(7, Submission.ACCEPTED, LegalStatus.DGI_REJECTED),
        a_numbered(8, Submission.ISSUED_ID_UNKNOWN),
        a_numbered(9, Submission.SENDING),
        a_numbered(10, Submission.QUARANTINED, reason="No proof."),
        a_numbered(11, Submission.ACCEPTED, LegalStatus.PAC_AUTHORIZED),
    ]
    entries = explain(documents, [a_move(4, 6)], first=1, last=12)
    assert [(entry.first, entry.last, entry.use) for entry in entries] == [
        (1, 1, NumberUse.UNEXPLAINED),
        (2, 2, NumberUse.USED),
        (3, 3, NumberUse.BURNT),
        (4, 5, NumberUse.BURNT),
        (6, 6, NumberUse.IN_DOUBT),
        (7, 7, NumberUse.BURNT),
        (8, 8, NumberUse.USED),
        (9, 9, NumberUse.RESERVED),
        (10, 10, NumberUse.IN_DOUBT),
        (11, 11, NumberUse.RESERVED),
        (12, 12, NumberUse.UNEXPLAINED),
    ]
    assert entries[2].reason == "2500: no cuadra"
    assert entries[3] == LedgerEntry(
        first=4, last=5, use=NumberUse.BURNT, reason="moved by operator:k: otro PAC", document_id=None
    )


def test_the_reason_is_the_refusals_own_words_before_anything_else() -> None:
    refusal = Refusal(codes=("given_up",), messages=("no está",))
    assert reason_of(refusal, "quarantined", "timeout") == "given_up: no está"
    assert reason_of(None, "quarantined", "timeout") == "quarantined"
    assert reason_of(None, None, "timeout") == "timeout"
    assert reason_of(None, None, None) == ""
    assert len(reason_of(Refusal(codes=("x",), messages=("y" * 5_000,)), None, None)) == 500
