"""A document is valid when the DGI authorised it under any id of the PAC. Every rule says so, none counts it twice."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.persistence.document_keys import bills_its_order
from core.business_status import CreditStatus
from core.corrections import Correction, correction_of
from core.documents import DocumentKind, FiscalDocument, LegalStatus
from core.drafts import Draft
from core.errors import IstmoError
from core.failures import InvoiceNotAuthorisedError, VoidHasNotesError, VoidNeverIssuedError
from core.identifiers import DocumentId, OrderId, PacDocumentId
from core.invariants.credits import check_credits
from core.invariants.states import check_state
from core.lifecycle.following import missing_files
from core.lifecycle.replacing import refuse_unless_replaceable, stands_in_the_way
from core.lifecycle.void_wishes import VoidWish, ask_for_void
from core.lifecycle.waiting_voids import is_voidable_now
from core.months import Month
from core.notes.agreement import refuse_unfit
from core.notes.crediting import CreditTerms, draft_credit
from core.notes.remaining import creditable_of, remaining_of, whole_of
from core.sales_book import BookStanding, sales_book
from core.standing import credit_status_of, standing_of
from core.statement_reading import counts_here
from core.use_cases.record_payment import refuse_unpayable
from core.voids import VoidWindow
from tests.builders import NOW, a_document, a_draft, a_line
from tests.unit.notes.sequences import REASON, TENANT, issued
from tests.unit.use_cases.siblings import FIRST, SCHEDULES, Kind, Sibling, accepted, judged

MONTH = Month(NOW.year, NOW.month)
TODAY = NOW.date()
REJECTIONS = st.sampled_from([LegalStatus.PAC_REJECTED, LegalStatus.DGI_REJECTED])
SIBLINGS = st.lists(st.sampled_from(Kind), max_size=4).map(
    lambda kinds: tuple(Sibling(PacDocumentId(f"PAC-{place}"), kind) for place, kind in enumerate(kinds))
)


def sold() -> Draft:
    return a_draft(lines=(a_line(), a_line()), payments=())


def an_invoice(status: LegalStatus, siblings: tuple[Sibling, ...]) -> FiscalDocument:
    named = [sibling.pac_document_id for sibling in siblings]
    invoice = a_document(TENANT, draft=sold(), issued_at=NOW, order_id=OrderId("order"))
    return judged(accepted(invoice, status, named), siblings)


def a_note(invoice: FiscalDocument, status: LegalStatus, siblings: tuple[Sibling, ...]) -> FiscalDocument:
    named = [sibling.pac_document_id for sibling in siblings]
    draft = draft_credit(invoice, (), CreditTerms(reason=REASON))
    note = a_document(TENANT, draft=draft, issued_at=NOW, parent_id=invoice.document_id)
    return judged(accepted(note, status, named), siblings)


def refusal_of(rule: object, *given: object, **more: object) -> type[IstmoError] | None:
    try:
        rule(*given, **more)  # type: ignore[operator]
    except IstmoError as error:
        return type(error)
    return None


def void_refusal(document: FiscalDocument, *notes: FiscalDocument) -> type[IstmoError] | None:
    is_note = document.kind is DocumentKind.CREDIT
    wish = VoidWish(reason="m" * 20, idempotency_key="v", actor="caller:t", of_credit_note=is_note)
    return refusal_of(ask_for_void, document, notes, wish, window=VoidWindow(), now=NOW, schedules=SCHEDULES)


@settings(max_examples=300, deadline=None)
@given(REJECTIONS, SIBLINGS)
def test_a_rejected_invoice_is_valid_exactly_when_another_id_of_it_is_authorised(
    status: LegalStatus, siblings: tuple[Sibling, ...]
) -> None:
    invoice = an_invoice(status, siblings)
    is_valid = any(sibling.kind is Kind.AUTHORISED for sibling in siblings)
    assert invoice.legal_status is status, "a terminal status never changes (I6)"
    assert invoice.pac_document_id == FIRST
    assert invoice.is_issued is is_valid
    assert (not invoice.is_dead) is is_valid
    assert (refusal_of(refuse_unfit, invoice) is None) is is_valid
    assert (void_refusal(invoice) is None) is is_valid
    assert is_voidable_now(invoice) is is_valid
    assert (refusal_of(refuse_unpayable, invoice) is None) is is_valid
    assert bills_its_order(invoice) is is_valid
    assert counts_here(invoice) is is_valid
    assert bool(missing_files(invoice)) is is_valid
    assert creditable_of(invoice, ()).is_anything is is_valid
    assert (correction_of(invoice) is Correction.VOID_OR_CREDIT) is is_valid
    assert (refusal_of(refuse_unless_replaceable, invoice) is not None) is (is_valid or invoice.is_looked_at)
    replaced = replace(invoice, replaced_by=DocumentId("successor"))
    assert stands_in_the_way(replaced) is (is_valid or invoice.is_looked_at)
    assert not list(check_state(invoice))
    if not is_valid:
        assert refusal_of(refuse_unfit, invoice) is InvoiceNotAuthorisedError
        assert void_refusal(invoice) is VoidNeverIssuedError


@settings(max_examples=300, deadline=None)
@given(REJECTIONS, SIBLINGS)
def test_a_rejected_note_holds_its_amount_while_another_id_of_it_is_or_may_be_authorised(
    status: LegalStatus, siblings: tuple[Sibling, ...]
) -> None:
    invoice = issued(sold())
    note = a_note(invoice, status, siblings)
    is_valid = any(sibling.kind is Kind.AUTHORISED for sibling in siblings)
    may_be = any(sibling.kind is Kind.UNDECIDED for sibling in siblings)
    rest = remaining_of(invoice, [note])
    if is_valid or may_be:
        assert not rest.is_anything, "its amount is nobody else's"
        assert void_refusal(invoice, note) is VoidHasNotesError
    else:
        assert rest == whole_of(invoice)
        assert void_refusal(invoice, note) is None
    expected = CreditStatus.APPLIED if is_valid else CreditStatus.UNAPPLIED if may_be else CreditStatus.CANCELED
    assert credit_status_of(note) is expected
    given_back = standing_of(invoice, (), [note], today=TODAY).sums.credits
    assert given_back == (note.totals.total if is_valid else Decimal("0.00"))
    assert (void_refusal(note) is None) is is_valid
    assert not list(check_credits(invoice, [note])), "counted once, it stays within its invoice"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([LegalStatus.PAC_REJECTED, LegalStatus.DGI_REJECTED, LegalStatus.DGI_AUTHORIZED]), SIBLINGS)
def test_the_sales_book_has_a_document_once_however_many_ids_are_authorised(
    status: LegalStatus, siblings: tuple[Sibling, ...]
) -> None:
    invoice = an_invoice(status, siblings)
    kinds = [sibling.kind for sibling in siblings]
    is_valid = status is LegalStatus.DGI_AUTHORIZED or Kind.AUTHORISED in kinds
    book = sales_book(MONTH, [invoice], now=NOW, window=VoidWindow())
    lines = [line.standing for line in book.lines]
    assert lines == ([BookStanding.COUNTS] if is_valid else [BookStanding.OPEN] if Kind.UNDECIDED in kinds else [])
    assert book.total == (invoice.totals.total if is_valid else Decimal("0.00"))
    authorised = (status is LegalStatus.DGI_AUTHORIZED) + kinds.count(Kind.AUTHORISED)
    assert len(invoice.authorised_ids) == len(set(invoice.authorised_ids)) == authorised


@settings(max_examples=200, deadline=None)
@given(REJECTIONS, st.permutations([*Kind, Kind.AUTHORISED]))
def test_what_an_id_turns_out_to_be_does_not_depend_on_the_order_in_which_they_are_read(
    status: LegalStatus, kinds: list[Kind]
) -> None:
    siblings = tuple(Sibling(PacDocumentId(f"PAC-{place}"), kind) for place, kind in enumerate(kinds))
    invoice = an_invoice(status, siblings)
    assert set(invoice.authorised_beside) == {one.pac_document_id for one in siblings if one.kind is Kind.AUTHORISED}
    assert invoice.standing_id == invoice.authorised_beside[0], "the first that was found is the one that is followed"
    again = judged(replace(invoice, hinted_ids=invoice.hinted_ids), siblings)
    assert again.authorised_beside == invoice.authorised_beside, "nothing is noted twice"
