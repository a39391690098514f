"""Any credits at the same moment, on a whole service in memory (I12)."""

import asyncio
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import FiscalDocument
from core.errors import IstmoError
from core.notes.remaining import remaining_of
from core.notes.taking import LineCredit
from tests.notes_shop import an_authorised_invoice, credit
from tests.world import World


def credits_of_a_line() -> st.SearchStrategy[LineCredit]:
    units = st.integers(1, 3).map(Decimal)
    amounts = st.integers(1, 4000).map(lambda cents: Decimal(cents).scaleb(-2))
    return st.builds(LineCredit, line=st.just(1), quantity=st.none() | units, amount=st.none() | amounts)


@settings(max_examples=15, deadline=None)
@given(wanted=st.lists(credits_of_a_line(), min_size=2, max_size=6))
def test_any_credits_at_once_never_exceed_their_invoice_and_a_last_one_reaches_it(wanted: list[LineCredit]) -> None:
    async def scenario() -> None:
        world = World()
        invoice = await an_authorised_invoice(world, await world.open_shop())
        calls = [credit(world, invoice, each, key=f"credit-{place}", wait=0) for place, each in enumerate(wanted)]
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(end, FiscalDocument | IstmoError) for end in ended), ended
        notes = [end for end in ended if isinstance(end, FiscalDocument)]
        assert sum(note.totals.total for note in notes) <= invoice.totals.total
        if remaining_of(invoice, notes).is_anything:
            notes.append(await credit(world, invoice, key="rest", wait=0))
        assert sum(note.totals.total for note in notes) == invoice.totals.total
        assert sum(note.totals.itbms_total for note in notes) == invoice.totals.itbms_total

    asyncio.run(scenario())
