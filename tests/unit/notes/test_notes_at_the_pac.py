"""Every credit note that is planned passes preflight and the strict fake, which computes by itself."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.alanube.fake.strategies.drafts import NOW, drafts
from core.documents import FiscalDocument
from core.drafts import Modification
from core.failures import CreditAmountNotExactError
from core.notes.remaining import remaining_of
from core.ports.pac_gateway import Accepted
from core.preflight import preflight
from tests.unit.fiscal.at_the_pac import post, recorded
from tests.unit.notes.sequences import credited, issued, line_credits

CODES = {Modification.WHOLE: 1, Modification.PART: 3}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def sendable_invoices() -> st.SearchStrategy[FiscalDocument]:
    """Without other taxes, whose place at the PAC is not confirmed: an invoice that has them is not sent either."""
    return drafts().filter(lambda draft: draft.document_type.is_invoice).map(issued)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(invoice=sendable_invoices(), data=st.data())
async def test_the_strict_fake_authorises_every_credit_note(invoice: FiscalDocument, data: st.DataObject) -> None:
    cufe = recorded(invoice.draft).expected_cufe
    invoice = replace(invoice, cufe=cufe, expected_cufe=cufe)
    notes: list[FiscalDocument] = []
    while len(notes) < 3 and (rest := remaining_of(invoice, notes)).is_anything:
        try:
            note = credited(invoice, notes, *data.draw(line_credits(rest)))
        except CreditAmountNotExactError:
            note = credited(invoice, notes)
        notes.append(note)
        assert preflight(note.draft, issued_at=NOW, now=NOW).errors == ()
        posted = await post(note.draft)
        assert isinstance(posted.answer, Accepted), posted.answer
        assert note.draft.modification is not None
        assert posted.sent["information"]["modificationCode"] == CODES[note.draft.modification]
        assert posted.sent["referencedDocuments"][0]["cufeIdentification"] == cufe
