"""What a note may name at the fake."""

import pytest

from tests.unit.fake_pac.pac_at_hand import (
    PacAtHand,
    Payload,
    by_cufe,
    by_id,
    changed,
    codes_of,
    credit_note,
    debit_note,
    invoice,
)


def test_a_note_names_its_invoice_by_id_or_by_cufe(pac: PacAtHand) -> None:
    original = pac.authorised()

    assert pac.issue(credit_note(by_id(original), 1), "/credit-notes").document_type == "04"
    assert pac.issue(credit_note(by_cufe(original), 2), "/credit-notes").document_type == "04"
    assert pac.issue(debit_note(by_cufe(original), 1), "/debit-notes").document_type == "05"


def test_generic_notes_name_nothing(pac: PacAtHand) -> None:
    assert pac.issue(credit_note(None, document_type="06"), "/credit-notes").document_type == "06"
    assert pac.issue(debit_note(None, document_type="07"), "/debit-notes").document_type == "07"


def cufe_reference(cufe: str) -> Payload:
    return {"emissionType": "CUFE", "cufeIdentification": cufe, "issueDate": "2026-03-04T10:15:00-05:00"}


KNOWN_CUFE = "FE0120000155777777-2-2021-0500012026030400000004510010124839201753"


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("1705", credit_note(None)),
        ("1706", credit_note(cufe_reference(KNOWN_CUFE), document_type="06")),
        ("1703", credit_note(cufe_reference(KNOWN_CUFE[:-1]))),
        ("1703", credit_note(cufe_reference("XX" + KNOWN_CUFE[2:]))),
        ("1704", credit_note(cufe_reference(KNOWN_CUFE[:-1] + "4"))),
        ("AP10110", credit_note({"emissionType": "ID", "apiIdentification": "01JA0B1C2D3E4F5G6H7J8K9M0N"})),
        ("AP10067", credit_note({"emissionType": "ID"})),
        ("AP10067", credit_note({"emissionType": "PAPER", "otherIdentification": "123"})),
    ],
)
def test_refuses_a_note_with_a_bad_reference(pac: PacAtHand, code: str, note: Payload) -> None:
    pac.authorised()

    assert code in codes_of(pac.call("POST", "/credit-notes", note))


def test_refuses_an_invoice_that_names_an_invoice(pac: PacAtHand) -> None:
    original = pac.authorised()
    naming = changed(invoice(452), lambda it: it.update(referencedDocuments=[by_cufe(original)]))

    assert codes_of(pac.call("POST", "/invoices", naming)) == {"1708"}


def test_refuses_the_same_document_named_twice(pac: PacAtHand) -> None:
    original = pac.authorised()
    twice = credit_note(by_cufe(original))
    twice["referencedDocuments"].append(by_id(original))

    assert codes_of(pac.call("POST", "/credit-notes", twice)) == {"1709"}


def test_refuses_notes_on_notes(pac: PacAtHand) -> None:
    original = pac.authorised()
    credit = pac.authorised(credit_note(by_id(original), 1), "/credit-notes")
    debit = pac.authorised(debit_note(by_id(original), 1), "/debit-notes")

    refused = [
        codes_of(pac.call("POST", path, note))
        for path, note in (
            ("/credit-notes", credit_note(by_id(credit), 2)),
            ("/credit-notes", credit_note(by_cufe(debit), 2)),
            ("/debit-notes", debit_note(by_id(debit), 2)),
            ("/debit-notes", debit_note(by_cufe(credit), 2)),
        )
    ]

    assert refused == [{"1712"}, {"1715"}, {"1713"}, {"1716"}]


def test_refuses_a_note_on_an_invoice_that_the_dgi_has_not_authorised(pac: PacAtHand) -> None:
    waiting = pac.issue()

    assert codes_of(pac.call("POST", "/credit-notes", credit_note(by_cufe(waiting)))) == {"AP10111"}


def test_refuses_a_note_on_a_voided_invoice(pac: PacAtHand) -> None:
    original = pac.authorised()
    pac.call("DELETE", f"/invoices/{original.id}", {"reason": "El cliente no aceptó la entrega"})

    assert codes_of(pac.call("POST", "/credit-notes", credit_note(by_cufe(original)))) == {"AP10112"}


def test_takes_a_foreign_cufe_only_when_the_setting_says_so(pac: PacAtHand) -> None:
    note = credit_note(cufe_reference(KNOWN_CUFE))
    assert codes_of(pac.call("POST", "/credit-notes", note)) == {"AP10110"}

    pac.engine.behave(unknown_references=True)

    assert pac.issue(note, "/credit-notes").legal_status == "PAC_AUTHORIZED"
