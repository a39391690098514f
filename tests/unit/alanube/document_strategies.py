"""Documents that preflight lets pass, drawn at random: receivers, lines, taxes, prices with and without ITBMS."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from core.codes import DocumentType, ItbmsRate
from core.documents import FiscalDocument
from core.drafts import Draft, DraftLine
from tests.unit.alanube import scenarios
from tests.unit.alanube.parties import CONSUMER, FERRETERIA, STATE_BODY

CENTS = st.decimals(min_value=0, max_value=99_999, places=2)
LINES = st.builds(
    DraftLine,
    description=st.text('abcñÑ €😀"\\/', min_size=2, max_size=30).filter(lambda t: len(t.strip()) > 1),
    quantity=st.decimals(min_value="0.000001", max_value=9_999, places=6),
    unit_price=st.decimals(min_value=0, max_value=9_999, places=6),
    unit_discount=st.just(Decimal(0)),
    itbms=st.sampled_from(ItbmsRate),
    code=st.none() | st.text("ABC123", min_size=1, max_size=20),
    unit=st.none() | st.sampled_from(["und", "kg"]),
    cpbs_code=st.sampled_from(["7210", "50"]),
    freight=CENTS,
    isc_rate=st.none() | st.sampled_from([Decimal("0.05"), Decimal("0.1325")]),
)
RECEIVERS = st.sampled_from([FERRETERIA, STATE_BODY, CONSUMER])


@st.composite
def documents(draw: st.DrawFn) -> FiscalDocument:
    document_type = draw(st.sampled_from([DocumentType.DOMESTIC_INVOICE, DocumentType.GENERIC_CREDIT_NOTE]))
    draft = Draft(
        document_type=document_type,
        receiver=draw(RECEIVERS),
        lines=tuple(draw(st.lists(LINES, min_size=1, max_size=5))),
        prices_include_itbms=draw(st.booleans()),
        other_charges=draw(CENTS),
        information=draw(st.none() | st.just("Nota")),
    )
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 40_000_000)))
    number = draw(st.integers(1, 9_999_999_999))
    return scenarios.document(draft, number, f"{draw(st.integers(1, 999_999_999)):09d}", moment)
