"""What may be voided, when, and what a caller hears who asks for more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import DocumentType
from core.documents import Change, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.errors import IstmoError
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    MalformedInputError,
    VoidHasNotesError,
    VoidIdUnknownError,
    VoidNeverIssuedError,
    VoidNeverSentError,
    VoidOfDebitError,
    VoidOfImportError,
    VoidStandsError,
    VoidWindowClosedError,
)
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.lifecycle.void_wishes import VoidWish, ask_for_void, can_ever_be_voided, warns_of_window
from core.schedules import Schedules
from core.voids import VoidState, VoidWindow, checked_reason
from tests.builders import a_document, a_draft
from tests.unit.voids.voidable import REASON, a_voidable, void_of

WINDOW = VoidWindow()
WISH = VoidWish(reason=REASON, idempotency_key="void", actor="caller:test", of_credit_note=False)


def authorised(document_type: DocumentType = DocumentType.DOMESTIC_INVOICE) -> FiscalDocument:
    made = a_document(TenantId("01TEST"), draft=a_draft(document_type=document_type))
    return replace(
        made,
        series=replace(made.series, document_type=document_type),
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
        pac_document_id=PacDocumentId("PAC-1"),
        next_action_at=None,
    )


def ask(document: FiscalDocument, *notes: FiscalDocument, wish: VoidWish = WISH, hours: float = 1) -> Change | None:
    now = document.issued_at + timedelta(hours=hours)
    return ask_for_void(document, notes, wish, window=WINDOW, now=now, schedules=Schedules())


def state_of(change: Change | None) -> VoidState:
    assert change is not None
    return void_of(change.document).state


@pytest.mark.parametrize("reason", ["a" * 15, "ñ" * 1000, "  Anulada por error del cajero \n", "🧾" * 15])
def test_a_reason_is_counted_in_code_points_without_the_blanks_around_it(reason: str) -> None:
    assert checked_reason(reason) == reason.strip()


@pytest.mark.parametrize(
    "reason",
    [
        "",
        " " * 40,
        "a" * 14,
        "a" * 1001,
        "\u200b" * 40,
        "\u3000\u2003\u00a0" * 9,
        " a" + " " * 30,
        "\u200bcatorce letras" + "\u200b" * 9,
        "con un carácter \x00 de control",
        "mitad de un par \ud800 suelto aquí",
    ],
)
def test_blanks_invisible_characters_and_other_lengths_are_no_reason(reason: str) -> None:
    with pytest.raises(MalformedInputError):
        checked_reason(reason)


@given(st.text(max_size=1100))
def test_a_checked_reason_has_a_length_that_the_pac_takes(text: str) -> None:
    try:
        reason = checked_reason(text)
    except MalformedInputError:
        return
    assert 15 <= len(reason) <= 1000
    assert reason.strip() == reason
    assert reason in text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT}, VoidNeverSentError),
        ({"mode": DocumentMode.DGI_IMPORT, "submission": Submission.IMPORTED}, VoidOfImportError),
        ({"submission": Submission.REFUSED, "legal_status": LegalStatus.NONE}, VoidNeverIssuedError),
        ({"legal_status": LegalStatus.DGI_REJECTED}, VoidNeverIssuedError),
        ({"legal_status": LegalStatus.PAC_REJECTED}, VoidNeverIssuedError),
        ({"submission": Submission.ISSUED_ID_UNKNOWN, "pac_document_id": None}, VoidIdUnknownError),
    ],
)
def test_what_can_never_be_voided_is_refused_with_what_to_do_instead(
    changes: dict[str, object], error: type[IstmoError]
) -> None:
    document = replace(authorised(), **changes)  # type: ignore[arg-type]
    with pytest.raises(error) as refused:
        ask(document)
    assert refused.value.hint.spanish
    assert not can_ever_be_voided(document)


@pytest.mark.parametrize("debit", [DocumentType.REFERRING_DEBIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE])
@pytest.mark.parametrize("of_credit_note", [True, False])
def test_no_way_is_known_to_void_a_debit_note(debit: DocumentType, of_credit_note: bool) -> None:
    with pytest.raises(VoidOfDebitError):
        ask(authorised(debit), wish=replace(WISH, of_credit_note=of_credit_note))
    assert not can_ever_be_voided(authorised(debit))


def test_each_mutation_finds_its_own_kind_of_document() -> None:
    credit = authorised(DocumentType.REFERRING_CREDIT_NOTE)
    with pytest.raises(DocumentNotFoundError):
        ask(credit)
    with pytest.raises(DocumentNotFoundError):
        ask(authorised(), wish=replace(WISH, of_credit_note=True))
    assert state_of(ask(credit, wish=replace(WISH, of_credit_note=True))) is VoidState.REQUESTED


def test_the_window_is_counted_in_hours_from_the_issue_time() -> None:
    assert state_of(ask(authorised(), hours=182)) is VoidState.REQUESTED
    with pytest.raises(VoidWindowClosedError):
        ask(authorised(), hours=182 + 1 / 3600)


def test_a_warning_comes_before_the_window_closes() -> None:
    document = authorised()
    shown = {
        hours: warns_of_window(document, window=WINDOW, now=document.issued_at + timedelta(hours=hours))
        for hours in (0, 167.99, 168, 182, 182.01)
    }
    assert shown == {0: False, 167.99: False, 168: True, 182: True, 182.01: False}
    asked = ask(document, hours=170)
    assert asked is not None
    assert not warns_of_window(asked.document, window=WINDOW, now=document.issued_at + timedelta(hours=171))


def test_an_invoice_with_a_live_note_is_not_voided() -> None:
    invoice = authorised()
    note = replace(authorised(DocumentType.REFERRING_CREDIT_NOTE), document_id=DocumentId("note"))
    with pytest.raises(VoidHasNotesError):
        ask(invoice, replace(note, submission=Submission.QUEUED, legal_status=LegalStatus.NONE))
    dead = replace(note, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_REJECTED)
    assert state_of(ask(invoice, dead)) is VoidState.REQUESTED


def test_a_drafted_note_holds_no_void_back() -> None:
    """It may never be issued, and is looked at again when it is."""
    draft = replace(
        authorised(DocumentType.REFERRING_CREDIT_NOTE),
        document_id=DocumentId("note"),
        mode=DocumentMode.PROFORM,
        submission=Submission.DRAFT,
        legal_status=LegalStatus.NONE,
        pac_document_id=None,
    )
    assert state_of(ask(authorised(), draft)) is VoidState.REQUESTED


def test_the_same_key_gives_the_same_answer_and_another_one_is_refused_while_a_void_stands() -> None:
    asked = ask(authorised())
    assert asked is not None
    assert ask(asked.document) is None
    with pytest.raises(IdempotencyConflictError):
        ask(asked.document, wish=replace(WISH, reason="Otro motivo muy distinto"))
    with pytest.raises(VoidStandsError):
        ask(asked.document, wish=replace(WISH, idempotency_key="another"))


def test_a_failed_void_may_be_asked_for_again_and_an_old_key_starts_nothing() -> None:
    asked = ask(authorised())
    assert asked is not None
    void = replace(void_of(asked.document), state=VoidState.FAILED, due_at=None, last_token=3, codes=("AP10141",))
    failed = replace(asked.document, void=void, next_action_at=None)
    again = ask(failed, wish=replace(WISH, idempotency_key="again"))
    assert again is not None
    assert void_of(again.document).last_token == 3, "tokens never go back"
    assert ask(again.document) is None, "the key of the failed wish"


async def test_another_tenants_document_is_not_found() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    other = await shop.world.open_shop(ruc="155000099-2-2020", name="Otra, S.A.")
    with pytest.raises(DocumentNotFoundError):
        await shop.ask(replace(invoice, tenant_id=other.tenant.tenant_id))
    assert (await shop.world.current(invoice)).void is None


async def test_a_caller_that_does_not_wait_rings_for_a_worker() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    assert void_of(await shop.ask(invoice, wait=0)).state is VoidState.REQUESTED
    await shop.world.queue.drain(shop.world.run_due_work.handle)
    assert (await shop.world.current(invoice)).is_void


async def test_the_order_of_a_void_invoice_is_billed_again() -> None:
    shop = await a_voidable()
    world = shop.world
    order = await world.an_order(shop.shop)
    first = await world.invoice(shop.shop, order, "first")
    await world.sweep(times=5, every_seconds=5)
    assert (await shop.ask(first)).is_void
    second = await world.invoice(shop.shop, order, "second")
    assert second.document_id != first.document_id
    assert second.number == first.number + 1
