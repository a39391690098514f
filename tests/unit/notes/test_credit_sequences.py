"""I12 on the pure functions: whatever is credited, in whatever order, the sum is the invoice and never more."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alanube.fake.strategies.drafts import NOW
from core.codes import ItbmsRate
from core.documents import FiscalDocument
from core.failures import CreditAmountNotExactError
from core.notes.remaining import remaining_of
from core.preflight import preflight
from tests.unit.notes.sequences import credited, invoices, line_credits, total_of

ZERO = Decimal("0.00")


def by_rate(notes: Sequence[FiscalDocument]) -> dict[ItbmsRate, tuple[Decimal, Decimal]]:
    bases: Counter[ItbmsRate] = Counter()
    taxes: Counter[ItbmsRate] = Counter()
    for note in notes:
        for rate in note.totals.rates:
            bases[rate.rate] += rate.base  # type: ignore[assignment]
            taxes[rate.rate] += rate.itbms_amount  # type: ignore[assignment]
    return {rate: (bases[rate] + ZERO, taxes[rate] + ZERO) for rate in bases}


def figures(notes: Sequence[FiscalDocument]) -> dict[str, Decimal]:
    names = "net_total itbms_total isc_total oti_total discount_total freight_total insurance_total other_charges total"
    return {name: sum((getattr(note.totals, name) for note in notes), ZERO) for name in names.split()}


def never_more(notes: Sequence[FiscalDocument], invoice: FiscalDocument) -> None:
    for name, amount in figures(notes).items():
        assert ZERO <= amount <= getattr(invoice.totals, name), name
    billed = by_rate([invoice])
    for rate, (base, tax) in by_rate(notes).items():
        assert base <= billed[rate][0], rate
        assert tax <= billed[rate][1], rate


@settings(max_examples=60, deadline=None)
@given(invoice=invoices(), data=st.data())
def test_any_sequence_of_credits_reaches_its_invoice_to_the_cent_and_never_exceeds_it(
    invoice: FiscalDocument, data: st.DataObject
) -> None:
    notes: list[FiscalDocument] = []
    for _ in range(data.draw(st.integers(0, 6))):
        rest = remaining_of(invoice, notes)
        if not rest.is_anything:
            break
        wanted = data.draw(line_credits(rest))
        try:
            notes.append(credited(invoice, notes, *wanted))
        except CreditAmountNotExactError:
            continue
        never_more(notes, invoice)
        assert preflight(notes[-1].draft, issued_at=NOW, now=NOW).errors == ()
        assert remaining_of(invoice, notes).can_be_finished
    if remaining_of(invoice, notes).is_anything:
        notes.append(credited(invoice, notes))
    rest = remaining_of(invoice, notes)
    assert not rest.is_anything
    assert figures(notes) == figures([invoice])
    assert by_rate(notes) == by_rate([invoice])
    assert total_of(notes) == invoice.totals.total
    if invoice.draft.retention is not None and invoice.draft.retention.fraction is None:
        assert rest.retention == ZERO, "what was withheld of the ITBMS goes back with it"
