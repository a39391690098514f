"""The zero-difference statement: each planted difference is found exactly once, and nothing where nothing differs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType
from core.documents import FiscalDocument, LegalStatus, SeriesKey, Submission
from core.drafts import DraftLine
from core.identifiers import PacDocumentId, TenantId
from core.ports.pac_gateway import PacDocument
from core.ports.webhook_inbox import Delivery, DeliveryState
from core.rfe_total import total_in_xml
from core.statement_codes import DifferenceCode
from core.statement_csv import COLUMNS, statement_as_csv
from core.statement_reading import Reading
from core.statements import DayEvidence, Statement, UnexplainedRun, compare
from core.voids import Void, VoidState
from tests.builders import NOW, a_delivery, a_document, a_draft

TENANT = TenantId("01MINE")
DAY = date(2026, 3, 2)
CENT = Decimal("0.01")
TYPES = (DocumentType.DOMESTIC_INVOICE, DocumentType.GENERIC_CREDIT_NOTE)
VOID = Void(state=VoidState.VOIDED, reason="x" * 15, requested_at=NOW, requested_by="caller:1", idempotency_key="v")


@dataclass(frozen=True)
class Planted:
    """A document with what the PAC shows of it, and the codes that must come of it."""

    document: FiscalDocument
    readings: tuple[Reading, ...] = ()
    codes: tuple[DifferenceCode, ...] = ()
    unread: int = 0


def sold(number: int, cents: int, document_type: DocumentType, **changes: object) -> FiscalDocument:
    line = DraftLine(description="Algo", quantity=Decimal(1), unit_price=cents * CENT)
    draft = replace(a_draft(), document_type=document_type, lines=(line,), payments=())
    known: dict[str, object] = {
        "submission": Submission.ACCEPTED,
        "legal_status": LegalStatus.DGI_AUTHORIZED,
        "pac_document_id": PacDocumentId(f"pac-{document_type.value}-{number}"),
    }
    series = SeriesKey(billing_point="001", document_type=document_type)
    made = a_document(TENANT, draft=draft, series=series, number=number, **(known | changes))
    return replace(made, cufe=made.expected_cufe) if made.submission is Submission.ACCEPTED else made


def shown(
    document: FiscalDocument, asked: str | None = None, *, total: Decimal | None = None, **changes: object
) -> Reading:
    """What the PAC shows of a document when nothing differs, with changes."""
    own = PacDocumentId(asked or document.pac_document_id or "")
    known = {"pac_document_id": own, "legal_status": "DGI_AUTHORIZED", "cufe": document.expected_cufe}
    return Reading(
        document_id=document.document_id,
        pac_document_id=own,
        shown=PacDocument(**(known | changes)),  # type: ignore[arg-type]
        total=document.totals.total if total is None else total,
    )


Plant = Callable[[int, int, DocumentType], Planted]


def _same(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document),))


def _same_pending(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    return Planted(document, (shown(document, legal_status="REGISTERED"),))


def _same_void(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, void=VOID)
    return Planted(document, (shown(document),))  # that the PAC shows no void proves nothing


def _refused(number: int, cents: int, kind: DocumentType) -> Planted:
    hint = PacDocumentId(f"rejected-{number}")
    document = sold(
        number,
        cents,
        kind,
        submission=Submission.REFUSED,
        legal_status=LegalStatus.NONE,
        pac_document_id=None,
        refuted_ids=(hint,),
    )
    return Planted(document, (shown(document, hint, legal_status="PAC_REJECTED"),))


def _foreign_id_refuted(number: int, cents: int, kind: DocumentType) -> Planted:
    another = sold(number + 5_000, cents, kind)
    document = sold(number, cents, kind, refuted_ids=(PacDocumentId(f"foreign-{number}"),))
    foreign = shown(document, f"foreign-{number}", cufe=another.expected_cufe)
    return Planted(document, (shown(document), foreign))


def _status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    return Planted(document, (shown(document),), (DifferenceCode.STATUS_DIFFERS,))


def _contradiction(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, legal_status="DGI_REJECTED"),), (DifferenceCode.STATUS_CONTRADICTS,))


def _no_status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, legal_status=None),), (DifferenceCode.STATUS_CONTRADICTS,))


def _missing(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    asked = PacDocumentId(document.pac_document_id or "")
    reading = Reading(document_id=document.document_id, pac_document_id=asked)
    return Planted(document, (reading,), (DifferenceCode.MISSING_AT_PAC,))


def _away(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    asked = PacDocumentId(document.pac_document_id or "")
    reading = Reading(document_id=document.document_id, pac_document_id=asked, unread="no answer")
    return Planted(document, (reading,), unread=1)


def _another_cufe(number: int, cents: int, kind: DocumentType) -> Planted:
    document, another = sold(number, cents, kind), sold(number + 5_000, cents, kind)
    return Planted(document, (shown(document, cufe=another.expected_cufe),), (DifferenceCode.CUFE_DIFFERS,))


def _another_date(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    stamped = replace(document, cufe=document.expected_cufe)
    later = document.expected_cufe.replace("20260302", "20260303")
    return Planted(stamped, (shown(stamped, cufe=later),), (DifferenceCode.CUFE_DIFFERS,))


def _amount(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    total = document.totals.total + CENT
    return Planted(document, (shown(document, total=total),), (DifferenceCode.AMOUNT_DIFFERS,))


def _amount_and_status(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind, legal_status=LegalStatus.REGISTERED)
    codes = (DifferenceCode.STATUS_DIFFERS, DifferenceCode.AMOUNT_DIFFERS)
    return Planted(document, (shown(document, total=document.totals.total + CENT),), codes)


def _void(number: int, cents: int, kind: DocumentType) -> Planted:
    document = sold(number, cents, kind)
    return Planted(document, (shown(document, is_void=True),), (DifferenceCode.VOID_DIFFERS,))


def _open(submission: Submission, code: DifferenceCode, *, is_held: bool = False) -> Plant:
    def plant(number: int, cents: int, kind: DocumentType) -> Planted:
        hint = PacDocumentId(f"hint-{number}")
        document = sold(
            number,
            cents,
            kind,
            submission=submission,
            legal_status=LegalStatus.NONE,
            pac_document_id=None,
            hinted_ids=(hint,) if is_held else (),
        )
        return Planted(document, (shown(document, hint),) if is_held else (), (code,))

    return plant


def _second(status: str) -> Plant:
    def plant(number: int, cents: int, kind: DocumentType) -> Planted:
        second = PacDocumentId(f"second-{number}")
        document = sold(number, cents, kind, refuted_ids=(second,))
        codes = () if status == "DGI_REJECTED" else (DifferenceCode.SECOND_ID_AT_PAC,)
        total = document.totals.total + CENT
        return Planted(document, (shown(document, second, legal_status=status, total=total), shown(document)), codes)

    return plant


PLANTS: dict[str, Plant] = {
    "the same": _same,
    "the same, pending": _same_pending,
    "the same, void": _same_void,
    "refused by both": _refused,
    "a foreign id that was refuted": _foreign_id_refuted,
    "a refused repetition": _second("DGI_REJECTED"),
    "a later status": _status,
    "another final status": _contradiction,
    "no status": _no_status,
    "missing": _missing,
    "the PAC away": _away,
    "another CUFE": _another_cufe,
    "another date": _another_date,
    "another amount": _amount,
    "amount and status": _amount_and_status,
    "a void": _void,
    "queued": _open(Submission.QUEUED, DifferenceCode.UNDER_WAY),
    "sending": _open(Submission.SENDING, DifferenceCode.UNDER_WAY),
    "in doubt": _open(Submission.IN_DOUBT, DifferenceCode.IN_DOUBT),
    "in doubt and held": _open(Submission.IN_DOUBT, DifferenceCode.IN_DOUBT, is_held=True),
    "quarantined": _open(Submission.QUARANTINED, DifferenceCode.QUARANTINED),
    "id unknown": _open(Submission.ISSUED_ID_UNKNOWN, DifferenceCode.ID_UNKNOWN),
    "refused here, held there": _open(Submission.REFUSED, DifferenceCode.REFUSED_BUT_HELD, is_held=True),
    "a second id": _second("DGI_AUTHORIZED"),
    "a second id, pending": _second("REGISTERED"),
}
AGREEING = [name for name, plant in PLANTS.items() if not plant(1, 100, TYPES[0]).codes and name != "the PAC away"]


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
    made = of([_away(1, 500, TYPES[0]), _same(2, 700, TYPES[0])])
    assert (made.is_zero, made.is_complete) == (True, False)
    (line,) = made.lines
    assert (line.ours_count, line.unread_count, line.pac_count, line.count_difference) == (2, 1, 1, 0)


def test_a_total_that_cannot_be_read_is_said() -> None:
    document = sold(1, 500, TYPES[0])
    made = of([Planted(document, (replace(shown(document), total=None),))])
    assert (made.is_zero, made.is_complete, made.amounts_unread) == (True, False, 1)


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
    made = of([_away(1, 500, TYPES[0]), _amount(2, 700, TYPES[1])])
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
