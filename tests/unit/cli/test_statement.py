"""What `istmo statement` prints: sums, differences with what to do, what was not read, what it cannot see."""

import pytest

from bootstrap.commands.statements import show
from core.statements import DayEvidence, compare
from tests.builders import NOW
from tests.unit.fiscal.statement_plants import DAY, PLANTS, TYPES


def test_differences_and_what_could_not_be_read_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("the same", "another amount", "the PAC away")
    planted = [PLANTS[name](place, 1000 * place, TYPES[0]) for place, name in enumerate(names, start=1)]
    evidence = DayEvidence(
        day=DAY,
        documents=[each.document for each in planted],
        readings=[reading for each in planted for reading in each.readings],
    )
    show(compare(evidence, as_of=NOW, is_over=False, can_list=False))
    told = capsys.readouterr()
    assert told.out.splitlines()[:3] == [
        "statement 2026-03-02: 1 differences, 1 not read",
        "001/01\t3\t64.20\t2\t32.11\t1\t32.10\t0\t-0.01",
        f"amount_differs  001/01 0000000002  {planted[1].document.document_id}",
    ]
    assert "The XML binds." in told.out
    assert "this PAC cannot list what it holds" in told.out
    assert "001/01 0000000003" in told.err
    assert "the day is not over" in told.err
