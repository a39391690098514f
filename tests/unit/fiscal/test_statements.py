"""The zero-difference statement: each planted difference is found exactly once, and nothing where nothing differs."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType
from core.documents import SeriesKey
from core.identifiers import PacDocumentId
from core.ports.webhook_inbox import Delivery, DeliveryState
from core.rfe_total import total_in_xml
from core.statement_codes import DifferenceCode
from core.statement_csv import COLUMNS, statement_as_csv
from core.statements import DayEvidence, Statement, UnexplainedRun, compare
from tests.builders import NOW, a_delivery
from tests.unit.fiscal.statement_plants import AGREEING, DAY, PLANTS, TENANT, TYPES, Planted, shown, sold


def statement(evidence: DayEvidence) -> Statement:
    return compare(evidence, as_of=NOW, is_over=True, can_list=False)


def of(planted: list[Planted], **more: object) -> Statement:
    documents = [each.document for each in planted]
    readings = [reading for each in planted for reading in each.readings]
    return statement(DayEvidence(day=DAY, documents=documents, readings=readings, **more))  # type: ignore[arg-type]


def unmatched(name: str, **changes: object) -> Delivery:
    known: dict[str, object] = {"pac_document_id": PacDocumentId(name), "state": DeliveryState.UNMATCHED}
    return a_delivery(TENANT, body=name.encode(), **(known | changes))


drawn = st.lists(st.tuples(st.sampled_from(sorted(PLANTS)), st.integers(1, 10**7), st.sampled_from(TYPES)), max_size=12)


@given(drawn, st.integers(0, 3), st.integers(0, 3))
def test_each_planted_difference_is_found_exactly_once(
    wanted: list[tuple[str, int, DocumentType]], gaps: int, strangers: int
) -> None:
    planted = [PLANTS[name](place, cents, kind) for place, (name, cents, kind) in enumerate(wanted, start=1)]
    series = SeriesKey(billing_point="002", document_type=TYPES[0])
    runs = [UnexplainedRun(series=series, first=10 * place, last=10 * place + 3) for place in range(gaps)]
    deliveries = [unmatched(f"stranger-{place}") for place in range(strangers) for _ in range(2)]
    made = of(planted, unexplained=runs, deliveries=deliveries)
    expected = Counter((each.document.document_id, code) for each in planted for code in each.codes)
    found = Counter((each.document_id, each.code) for each in made.differences if each.document_id is not None)
    assert found == expected
    others = Counter(each.code for each in made.differences if each.document_id is None)
    assert others == +Counter({DifferenceCode.UNEXPLAINED_NUMBER: gaps, DifferenceCode.UNMATCHED_WEBHOOK: strangers})
    assert len(made.unread) == sum(each.unread for each in planted)


@given(drawn)
def test_the_differences_account_for_every_series_to_the_cent(wanted: list[tuple[str, int, DocumentType]]) -> None:
    made = of([PLANTS[name](place, cents, kind) for place, (name, cents, kind) in enumerate(wanted, start=1)])
    for line in made.lines:
        explained = [each for each in made.differences if each.series == line.series]
        assert sum(each.count for each in explained) == line.count_difference
        assert sum((each.amount for each in explained), Decimal(0)) == line.total_difference


@given(st.lists(st.tuples(st.sampled_from(AGREEING), st.integers(1, 10**7), st.sampled_from(TYPES)), max_size=12))
def test_nothing_differs_where_nothing_was_planted(wanted: list[tuple[str, int, DocumentType]]) -> None:
    made = of([PLANTS[name](place, cents, kind) for place, (name, cents, kind) in enumerate(wanted, start=1)])
    assert made.is_zero
    assert made.is_complete
    assert all(line.count_difference == 0 and line.total_difference == 0 for line in made.lines)


def test_a_pac_that_is_away_is_no_difference_and_no_agreement() -> None:
    made = of([PLANTS["the PAC away"](1, 500, TYPES[0]), PLANTS["the same"](2, 700, TYPES[0])])
    assert (made.is_zero, made.is_complete) == (True, False)
    (line,) = made.lines
    assert (line.ours_count, line.unread_count, line.pac_count, line.count_difference) == (2, 1, 1, 0)


def test_a_total_that_cannot_be_read_is_said() -> None:
    document = sold(1, 500, TYPES[0])
    made = of([Planted(document, (replace(shown(document), total=None),))])
    assert (made.is_zero, made.is_complete, made.amounts_unread) == (True, False, 1)


def test_webhooks_that_were_left_out_make_it_incomplete() -> None:
    made = of([PLANTS["the same"](1, 500, TYPES[0])], are_deliveries_cut=True)
    assert (made.is_zero, made.is_complete) == (True, False)


def test_a_webhook_belongs_to_the_day_of_the_cufe_that_it_names() -> None:
    of_the_day, of_another = sold(1, 1, TYPES[0]), sold(2, 1, TYPES[0], issued_at=NOW - timedelta(days=1))
    late = NOW + timedelta(days=3)
    deliveries = [
        unmatched("a", cufe=of_the_day.expected_cufe, received_at=late),
        unmatched("b", cufe=of_another.expected_cufe),
        unmatched("c", received_at=late),
        unmatched("d", state=DeliveryState.UNREADABLE),
    ]
    made = of([], deliveries=deliveries)
    found = [(each.code, each.pac_document_id) for each in made.differences]
    assert found == [(DifferenceCode.UNMATCHED_WEBHOOK, "a"), (DifferenceCode.UNREADABLE_WEBHOOK, "d")]


def test_every_code_says_what_it_means_and_what_to_do_in_both_languages() -> None:
    for code in DifferenceCode:
        texts = [text for words in (code.meaning, code.advice) for text in (words.english, words.spanish)]
        assert all(texts), code
        assert len(set(texts)) == 4, code


def test_the_csv_has_a_row_for_everything() -> None:
    made = of([PLANTS["the PAC away"](1, 500, TYPES[0]), PLANTS["another amount"](2, 700, TYPES[1])])
    rows = statement_as_csv(made).lstrip("\ufeff").splitlines()
    assert rows[0] == ",".join(COLUMNS)
    assert [row.partition(",")[0] for row in rows[1:]] == ["series", "series", "difference", "unread"]


@pytest.mark.parametrize(
    ("xml", "total"),
    [
        (b"<rFE><gTot><dVTot>42.80</dVTot></gTot></rFE>", Decimal("42.80")),
        (b"<d:rFE><d:dVTot> 42.8 </d:dVTot></d:rFE>", Decimal("42.80")),
        (b"<dVTot>1.00</dVTot><dVTot>2.00</dVTot>", None),
        (b"<dVTotItems>1.00</dVTotItems>", None),
        (b"<dVTot>NaN</dVTot>", None),
        (b"<dVTot>-1.00</dVTot>", None),
        (b"", None),
    ],
)
def test_the_total_of_a_legal_document_is_read_or_it_is_not(xml: bytes, total: Decimal | None) -> None:
    assert total_in_xml(xml) == total
