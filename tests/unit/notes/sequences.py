"""Sequences of credit notes against one invoice, by the pure functions alone."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st

from adapters.alanube.fake.strategies.drafts import NOW, drafts, with_oti
from core.documents import FiscalDocument, LegalStatus, Submission
from core.drafts import Draft
from core.identifiers import TenantId
from core.notes.crediting import CreditTerms, draft_credit
from core.notes.remaining import Rest
from core.notes.taking import LineCredit
from tests.builders import a_document

TENANT = TenantId("tenant")
REASON = "Devolución"


def issued(draft: Draft, **changes: object) -> FiscalDocument:
    """A document that the DGI authorised."""
    facts = {"draft": draft, "issued_at": NOW, "legal_status": LegalStatus.DGI_AUTHORIZED}
    return a_document(TENANT, submission=Submission.ACCEPTED, **(facts | changes))


def credited(invoice: FiscalDocument, notes: Sequence[FiscalDocument], *lines: LineCredit) -> FiscalDocument:
    """The note as it is once it was sent; it counts from then on."""
    draft = draft_credit(invoice, notes, CreditTerms(lines=lines, reason=REASON))
    return a_document(TENANT, draft=draft, issued_at=NOW, parent_id=invoice.document_id, number=len(notes) + 1)


def invoices() -> st.SearchStrategy[FiscalDocument]:
    """Issued invoices of every kind, with discounts, freight, ISC, OTI, and prices with and without tax."""
    plain = drafts().filter(lambda draft: draft.document_type.is_invoice)
    return st.one_of(plain, with_oti(plain)).map(issued)


@st.composite
def line_credits(draw: st.DrawFn, rest: Rest) -> tuple[LineCredit, ...]:
    """Some of what is left: units, money, both, or lines as a whole. None at all: everything."""
    left = [line for line in rest.lines if line.is_left]
    chosen = draw(st.lists(st.sampled_from(left), max_size=3, unique_by=lambda line: line.position))
    wanted = []
    for line in chosen:
        quantity, amount = None, None
        if line.quantity > 0 and draw(st.booleans()):
            millionths = int(line.quantity * 1_000_000)
            quantity = Decimal(draw(st.integers(1, millionths))).scaleb(-6)
        if line.net >= Decimal("0.01") and draw(st.booleans()):
            amount = Decimal(draw(st.integers(1, int(line.net * 100)))).scaleb(-2)
        wanted.append(LineCredit(line=line.position, quantity=quantity, amount=amount))
    return tuple(wanted)


def total_of(notes: Sequence[FiscalDocument]) -> Decimal:
    """What a sequence of notes gives back."""
    return sum((note.totals.total for note in notes), Decimal("0.00"))
