"""A document at the fake: its e-mails, whose it is, who may ask."""

import pytest

from adapters.alanube.fake.wire import WireRequest
from tests.unit.fake_pac.pac_at_hand import REASON, PacAtHand, Payload, changed, invoice


def test_keeps_the_emails_that_were_asked_for(pac: PacAtHand) -> None:
    document = pac.authorised()
    body = {
        "documentId": document.id,
        "mail": "ana@example.com",
        "message": "Su factura",
        "documentType": "invoice",
    }

    assert pac.call("POST", "/documents/notify-email", body).status == 200

    assert [(sent.document_id, sent.mail) for sent in pac.engine.emails] == [(document.id, "ana@example.com")]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"documentId": "01JA0B1C2D3E4F5G6H7J8K9M0N"}, 404),
        ({"documentType": "credit-note"}, 404),
        ({"documentType": "debit-note"}, 400),
        ({"mail": "nobody"}, 400),
    ],
)
def test_refuses_a_bad_email_request(pac: PacAtHand, change: Payload, status: int) -> None:
    document = pac.authorised()
    body = {"documentId": document.id, "mail": "ana@example.com", "documentType": "invoice"} | change

    assert pac.call("POST", "/documents/notify-email", body).status == status
    assert not pac.engine.emails


def test_a_document_is_found_under_its_own_resource_alone(pac: PacAtHand) -> None:
    document = pac.issue()

    assert pac.call("GET", f"/credit-notes/{document.id}").status == 404
    assert pac.call("GET", "/invoices/01JA0B1C2D3E4F5G6H7J8K9M0N").status == 404


def test_another_companys_document_does_not_exist(pac: PacAtHand) -> None:
    document = pac.authorised()
    sister = pac.engine.register_company(ruc="155000001-2-2020", name="Hermana, S.A.")
    stranger = pac.engine.register_company(ruc="155000001-2-2020", name="Extraña, S.A.", token="another")

    assert pac.call("GET", f"/invoices/{document.id}", idCompany=sister.id).status == 404
    assert pac.call("DELETE", f"/invoices/{document.id}", REASON, idCompany=sister.id).status == 404
    assert pac.call("GET", f"/invoices/{document.id}", token="another").status == 404
    assert pac.call("GET", f"/invoices/{document.id}", idCompany=stranger.id).status == 404
    assert pac.call("GET", f"/invoices/{document.id}", idCompany=pac.company.id).status == 200


def test_an_absent_company_is_the_main_one_of_the_token(pac: PacAtHand) -> None:
    sister = pac.engine.register_company(ruc="155000001-2-2020", name="Hermana, S.A.")
    payload = changed(invoice(), lambda it: it.pop("idOffice"))

    pac.call("POST", "/invoices", payload)
    pac.call("POST", "/invoices", payload, idCompany=sister.id)

    assert [document.company_id for document in pac.engine.documents] == [pac.company.id, sister.id]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic fake-pac-token", "fake-pac-token"])
def test_a_missing_or_wrong_token_is_a_401(pac: PacAtHand, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    request = WireRequest(method="POST", path="/pan/v1/invoices", headers=headers, body=b"{}")

    assert pac.engine.handle(request).status == 401


def test_a_rotated_token_works_and_the_old_one_stops(pac: PacAtHand) -> None:
    pac.engine.register_token("new", account_of="fake-pac-token")
    pac.engine.revoke_token("fake-pac-token")

    assert pac.call("GET", "/company").status == 401
    assert pac.call("GET", "/company", token="new").json()["id"] == pac.company.id


def test_unknown_routes_and_methods_are_told_apart(pac: PacAtHand) -> None:
    assert pac.call("GET", "/nothing").status == 404
    wrong = pac.call("PUT", "/companies")
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST, GET")


def test_the_accepted_status_and_the_envelope_are_settings() -> None:
    pac = PacAtHand(accepted_status=201, wrapped_document=False)

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == 201
    assert answer.json()["legalStatus"] == "PAC_AUTHORIZED"


def test_the_same_seed_and_calls_give_the_same_answers() -> None:
    def life() -> list[bytes | None]:
        pac = PacAtHand()
        document = pac.authorised()
        pac.call("GET", f"/invoices/{document.id}", documents="pdf")
        return [exchange.answer.body for exchange in pac.engine.exchanges]

    assert life() == life()
