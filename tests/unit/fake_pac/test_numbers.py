"""Rejection routes and repeated numbers at the fake."""

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RejectionRoute
from tests.unit.fake_pac.pac_at_hand import PacAtHand, by_id, changed, codes_of, credit_note, invoice

BROKEN = changed(invoice(), lambda it: it["information"].update(destination=2))


def test_a_broken_rule_is_refused_without_a_document_by_default(pac: PacAtHand) -> None:
    answer = pac.call("POST", "/invoices", BROKEN)

    assert answer.status == 400
    assert {
        "code": "1534",
        "message": "The destination of the operation cannot be Foreign if the Document Type is "
        "Internal Operation Invoice",
        "field": "information.destination",
    } in answer.json()["errors"]
    assert not pac.engine.documents


def test_a_broken_rule_can_come_as_a_rejected_document() -> None:
    pac = PacAtHand(rejection_route=RejectionRoute.REJECTED_DOCUMENT)

    answer = pac.call("POST", "/invoices", BROKEN)

    document = answer.json()["document"]
    assert answer.status == 200
    assert document["legalStatus"] == "PAC_REJECTED"
    assert "1534" in {error["code"] for error in document["errors"]}
    assert "cufe" not in document


def test_a_rejected_document_leaves_its_number_free() -> None:
    pac = PacAtHand(rejection_route=RejectionRoute.REJECTED_DOCUMENT)
    pac.call("POST", "/invoices", BROKEN)

    assert pac.issue(invoice()).legal_status == "PAC_AUTHORIZED"


def test_a_rejected_document_keeps_its_number_when_the_setting_says_so() -> None:
    pac = PacAtHand(rejection_route=RejectionRoute.REJECTED_DOCUMENT, rejected_number_is_free=False)
    pac.call("POST", "/invoices", BROKEN)

    assert codes_of(pac.call("POST", "/invoices", invoice())) == {"1002"}


def test_a_rejected_resend_does_not_free_the_number_of_the_first_document() -> None:
    pac = PacAtHand(rejection_route=RejectionRoute.REJECTED_DOCUMENT)
    pac.issue(invoice())
    pac.call("POST", "/invoices", BROKEN)

    assert codes_of(pac.call("POST", "/invoices", invoice())) == {"1002"}


@pytest.mark.parametrize("style", list(ErrorStyle))
def test_a_repeated_number_is_a_400_with_the_duplicate_code_by_default(style: ErrorStyle) -> None:
    pac = PacAtHand(error_style=style)
    pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == 400
    assert b"1002" in (answer.body or b"")
    assert len(pac.engine.documents) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [(DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE, 400), (DuplicateAnswer.UNPROCESSABLE_UNKNOWN_CODE, 422)],
)
def test_a_repeated_number_can_be_a_refusal_that_no_table_knows(form: DuplicateAnswer, status: int) -> None:
    pac = PacAtHand(duplicate_answer=form)
    pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == status
    assert codes_of(answer) == {"AP20417"}


def test_a_repeated_number_can_be_a_conflict_that_names_the_first_document() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.CONFLICT_WITH_ID)
    first = pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == 409
    assert answer.json()["document"]["id"] == first.id


def test_a_repeated_number_can_be_a_conflict_without_an_id() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.CONFLICT_WITHOUT_ID)
    first = pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == 409
    assert first.id.encode() not in (answer.body or b"")


@pytest.mark.parametrize(
    ("form", "code"),
    [(DuplicateAnswer.REJECTED_DOCUMENT, "1002"), (DuplicateAnswer.REJECTED_DOCUMENT_UNKNOWN_CODE, "AP20417")],
)
def test_a_repeated_number_can_be_a_second_document_that_is_rejected_at_once(form: DuplicateAnswer, code: str) -> None:
    pac = PacAtHand(duplicate_answer=form)
    first = pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    second = answer.json()["document"]
    assert answer.status == 200
    assert second["id"] != first.id
    assert (second["legalStatus"], second["errors"][0]["code"]) == ("PAC_REJECTED", code)


def test_a_repeated_number_can_be_a_second_document_that_the_dgi_rejects_later() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.REJECTED_BY_DGI)
    first = pac.issue()

    second = pac.issue()
    assert (second.legal_status, second.cufe) == ("PAC_AUTHORIZED", first.cufe)
    pac.wait(seconds=10)

    assert first.legal_status == "DGI_AUTHORIZED"
    assert pac.read(second)["governmentResponse"][0]["code"] == "1002"


def test_a_pac_that_does_not_check_numbers_authorises_both() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)

    documents = [pac.authorised(), pac.authorised()]

    assert documents[0].id != documents[1].id
    assert documents[0].cufe == documents[1].cufe


def test_the_number_can_be_checked_before_the_body() -> None:
    pac = PacAtHand(number_checked_first=True)
    pac.issue()
    spoilt = changed(invoice(), lambda it: it.pop("totals"))

    assert codes_of(pac.call("POST", "/invoices", spoilt)) == {"1002"}

    pac.engine.behave(number_checked_first=False)
    assert codes_of(pac.call("POST", "/invoices", spoilt)) == {"AP10067"}


def test_numbers_of_another_point_type_or_branch_do_not_collide(pac: PacAtHand) -> None:
    original = pac.authorised(invoice(1))

    pac.issue(changed(invoice(1), lambda it: it["information"].update(billingPoint="002")))
    pac.issue(changed(invoice(1), lambda it: it.pop("idOffice")))
    pac.issue(credit_note(by_id(original), number=1), "/credit-notes")

    assert len(pac.engine.documents) == 4
