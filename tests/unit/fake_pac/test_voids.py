"""Voids at the fake: the window, the reason, what has none."""

from datetime import timedelta

import pytest

from tests.unit.fake_pac.pac_at_hand import REASON, PacAtHand, by_id, codes_of, debit_note, invoice


def test_voids_inside_the_window_and_leaves_the_legal_status(pac: PacAtHand) -> None:
    document = pac.authorised()

    answer = pac.call("DELETE", f"/invoices/{document.id}", REASON)

    assert answer.status == 200
    assert answer.json()["document"]["legalStatus"] == "DGI_AUTHORIZED"
    assert (document.void_reason, document.void_event_id is not None) == (REASON["reason"], True)


def test_the_window_closes_182_hours_after_the_issue(pac: PacAtHand) -> None:
    first, second = pac.authorised(invoice(1)), pac.authorised(invoice(2))
    closes = first.issued_at + timedelta(hours=182)

    pac.clock.advance(closes - pac.clock())
    assert pac.call("DELETE", f"/invoices/{first.id}", REASON).status == 200
    pac.clock.advance(timedelta(seconds=1))

    assert codes_of(pac.call("DELETE", f"/invoices/{second.id}", REASON)) == {"AP10141"}
    assert second.voided_at is None


def test_a_second_void_says_that_there_is_one_already(pac: PacAtHand) -> None:
    document = pac.authorised()
    pac.call("DELETE", f"/invoices/{document.id}", REASON)

    answer = pac.call("DELETE", f"/invoices/{document.id}", REASON)

    assert (answer.status, codes_of(answer)) == (400, {"0622"})


@pytest.mark.parametrize("body", [None, {}, {"reason": "x" * 14}, {"reason": "x" * 1001}, {"reason": 15}, b"{"])
def test_a_void_without_a_reason_of_15_to_1000_characters_is_refused(pac: PacAtHand, body: object) -> None:
    document = pac.authorised()

    assert pac.call("DELETE", f"/invoices/{document.id}", body).status == 400
    assert document.voided_at is None


def test_only_what_the_dgi_authorised_can_be_voided(pac: PacAtHand) -> None:
    document = pac.issue()

    assert codes_of(pac.call("DELETE", f"/invoices/{document.id}", REASON)) == {"AP10140"}


def test_debit_notes_have_no_void(pac: PacAtHand) -> None:
    original = pac.authorised()
    note = pac.authorised(debit_note(by_id(original)), "/debit-notes")

    assert pac.call("DELETE", f"/debit-notes/{note.id}", REASON).status == 405
