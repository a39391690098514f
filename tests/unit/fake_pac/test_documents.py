"""A document's life at the fake: numbers, notes, progression, voids, e-mails, whose it is."""

from datetime import timedelta

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer, ErrorStyle, RejectionRoute
from adapters.alanube.fake.progression import (
    DocumentMatch,
    Step,
    after,
    after_reads,
    dgi_rejection,
    immediate,
    script,
    silent,
)
from adapters.alanube.fake.wire import WireRequest
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

BROKEN = changed(invoice(), lambda it: it["information"].update(destination=2))


# -- rejection routes and repeated numbers ---------------------------------------------------------------------


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


def test_a_repeated_number_can_be_a_400_that_no_table_knows() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE)
    pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.status == 400
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


def test_a_repeated_number_can_be_a_second_document_that_is_rejected_at_once() -> None:
    pac = PacAtHand(duplicate_answer=DuplicateAnswer.REJECTED_DOCUMENT)
    first = pac.issue()

    answer = pac.call("POST", "/invoices", invoice())

    second = answer.json()["document"]
    assert answer.status == 200
    assert second["id"] != first.id
    assert (second["legalStatus"], second["errors"][0]["code"]) == ("PAC_REJECTED", "1002")


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


# -- references -------------------------------------------------------------------------------------------------


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


# -- progression ------------------------------------------------------------------------------------------------


def test_the_dgi_authorises_after_a_time(pac: PacAtHand) -> None:
    pac.engine.set_progression(after(timedelta(minutes=5)))
    document = pac.issue()

    pac.wait(minutes=4, seconds=59)
    assert pac.read(document)["legalStatus"] == "PAC_AUTHORIZED"
    pac.wait(seconds=1)

    read = pac.read(document)
    assert (read["legalStatus"], read["status"]) == ("DGI_AUTHORIZED", "FINISHED")
    assert read["authorizationProtocol"].isdigit()


def test_an_immediate_dgi_still_answers_the_post_with_pac_authorised(pac: PacAtHand) -> None:
    pac.engine.set_progression(immediate())

    answer = pac.call("POST", "/invoices", invoice())

    assert answer.json()["document"]["legalStatus"] == "PAC_AUTHORIZED"
    assert pac.read(pac.engine.documents[0])["legalStatus"] == "DGI_AUTHORIZED"


def test_the_dgi_authorises_after_so_many_reads(pac: PacAtHand) -> None:
    pac.engine.set_progression(after_reads(3))
    document = pac.issue()
    pac.wait(days=1)

    assert [pac.read(document)["legalStatus"] for _ in range(3)] == [
        "PAC_AUTHORIZED",
        "PAC_AUTHORIZED",
        "DGI_AUTHORIZED",
    ]


def test_a_silent_dgi_never_answers(pac: PacAtHand) -> None:
    pac.engine.set_progression(silent())
    document = pac.issue()

    pac.wait(days=30)

    assert pac.read(document)["legalStatus"] == "PAC_AUTHORIZED"


def test_the_dgi_rejects_with_its_own_words(pac: PacAtHand) -> None:
    pac.engine.set_progression(dgi_rejection("1602", "RUC inexistente", timedelta(seconds=5)))
    document = pac.issue()

    pac.wait(seconds=5)

    read = pac.read(document)
    assert read["legalStatus"] == "DGI_REJECTED"
    assert read["governmentResponse"] == [{"code": "1602", "message": "RUC inexistente"}]
    assert "authorizationProtocol" not in read


def test_a_script_moves_the_matching_documents_alone(pac: PacAtHand) -> None:
    steps = [
        Step(legal_status="PAC_AUTHORIZED", after=timedelta(seconds=1)),
        Step(legal_status="SOMETHING_NEW", after=timedelta(seconds=2)),
    ]
    pac.engine.set_progression(script(steps, "REGISTERED"), DocumentMatch(numeration="0000000002"))
    first, second = pac.issue(invoice(1)), pac.issue(invoice(2))
    assert (first.legal_status, second.legal_status) == ("PAC_AUTHORIZED", "REGISTERED")

    pac.wait(seconds=2)

    assert (first.legal_status, second.legal_status) == ("DGI_AUTHORIZED", "SOMETHING_NEW")
    assert [status for _, status in second.history] == ["REGISTERED", "PAC_AUTHORIZED", "SOMETHING_NEW"]


# -- voids ------------------------------------------------------------------------------------------------------

REASON = {"reason": "El cliente no aceptó la entrega"}


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


# -- e-mails, other companies, other resources ------------------------------------------------------------------


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
