"""The wire contract's table of endpoints, row by row; a row with variants has a test for each."""

import pytest

from adapters.alanube.fake.behaviour import ErrorStyle
from adapters.alanube.fake.records import WebhookTarget
from tests.unit.fake_pac.pac_at_hand import (
    ISSUER_RUC,
    PacAtHand,
    by_cufe,
    by_id,
    codes_of,
    consumer_invoice,
    credit_note,
    debit_note,
    invoice,
)
from tests.unit.fake_pac.test_companies import CERTIFICATE, NEW_COMPANY, NEW_OFFICE

NO_ID = "01JA0B1C2D3E4F5G6H7J8K9M0N"
REASON = {"reason": "El cliente se arrepintió"}
MAIL = {"mail": "ana@example.com", "message": "Su factura"}


def test_row_1_post_invoices(pac: PacAtHand) -> None:
    answer = pac.call("POST", "/invoices", invoice(), idCompany=pac.company.id)
    document = answer.json()["document"]
    assert (answer.status, answer.json()["message"]) == (200, "Invoice created")
    assert (document["legalStatus"], len(document["cufe"])) == ("PAC_AUTHORIZED", 66)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_row_1_success_is_any_of_the_statuses_that_were_seen(status: int) -> None:
    assert PacAtHand(accepted_status=status).call("POST", "/invoices", invoice()).status == status


def test_row_1_ap1010_when_the_companys_qr_is_missing(pac: PacAtHand) -> None:
    pac.company.qr = None
    answer = pac.call("POST", "/invoices", invoice())
    assert (answer.status, answer.json()["code"]) == (400, "AP1010")


@pytest.mark.parametrize("reference", [by_cufe, by_id])
def test_row_2_post_credit_notes(pac: PacAtHand, reference: object) -> None:
    named = pac.authorised()
    answer = pac.call("POST", "/credit-notes", credit_note(reference(named)))  # type: ignore[operator]
    assert answer.json()["document"]["cufe"].startswith("FE04")


def test_row_2_a_missing_reference_is_refused(pac: PacAtHand) -> None:
    answer = pac.call("POST", "/credit-notes", credit_note(None))
    assert answer.status == 400
    assert "1705" in codes_of(answer)


def test_row_3_post_debit_notes(pac: PacAtHand) -> None:
    answer = pac.call("POST", "/debit-notes", debit_note(by_cufe(pac.authorised())), idCompany=pac.company.id)
    assert answer.json()["document"]["cufe"].startswith("FE05")


def test_row_4_get_documents_and_the_pdf_on_demand(pac: PacAtHand) -> None:
    document = pac.authorised()
    assert "pdf" not in pac.read(document)
    shown = pac.read(document, documents="pdf", idCompany=pac.company.id)
    assert (shown["legalStatus"], shown["status"]) == ("DGI_AUTHORIZED", "FINISHED")
    assert pac.download(shown["pdf"]).headers["content-type"] == "application/pdf"
    assert {"authorizationProtocol", "governmentResponse", "qr", "publicUrl", "xml"} <= set(shown)


def test_row_4_an_unknown_id_is_a_404(pac: PacAtHand) -> None:
    for family in ("invoices", "credit-notes", "debit-notes"):
        assert pac.call("GET", f"/{family}/{NO_ID}").status == 404


def test_row_5_delete_invoices_and_credit_notes(pac: PacAtHand) -> None:
    document = pac.authorised()
    note = pac.authorised(credit_note(by_cufe(document)), "/credit-notes")
    for voided in (note, document):
        answer = pac.call("DELETE", f"/{voided.family}/{voided.id}", REASON, idCompany=pac.company.id)
        assert answer.status == 200
        assert answer.json()["document"]["legalStatus"] == "DGI_AUTHORIZED"


def test_row_5_errors_are_400_for_the_reason_and_the_window_and_404_for_the_id(pac: PacAtHand) -> None:
    path = f"/invoices/{pac.authorised().id}"
    assert pac.call("DELETE", path, {"reason": "x" * 14}).status == 400
    assert pac.call("DELETE", path, {"reason": "x" * 1001}).status == 400
    assert pac.call("DELETE", f"/invoices/{NO_ID}", REASON).status == 404
    pac.wait(hours=183)
    assert pac.call("DELETE", path, REASON).status == 400


def test_row_6_notify_webhook(pac: PacAtHand) -> None:
    document = pac.issue()
    asked = {"documentId": document.id, "webhookUrl": "http://h.example/x", "userId": "u", "webhookSecret": "s"}
    assert pac.call("POST", "/documents/notify-webhook", asked).status == 200
    (webhook,) = pac.engine.take_due_webhooks()
    assert (webhook.url, webhook.headers["X-Pac-Signature"], webhook.headers["X-User-Id"]) == (
        "http://h.example/x",
        "s",
        "u",
    )


@pytest.mark.parametrize("kind", ["invoice", "credit-note"])
def test_row_7_notify_email_is_kept_for_inspection(pac: PacAtHand, kind: str) -> None:
    document = pac.authorised()
    if kind == "credit-note":
        document = pac.authorised(credit_note(by_cufe(document)), "/credit-notes")
    asked = MAIL | {"documentId": document.id, "documentType": kind}
    assert pac.call("POST", "/documents/notify-email", asked).status == 200
    (kept,) = pac.engine.emails
    assert (kept.company_id, kept.document_id, kept.document_type) == (pac.company.id, document.id, kind)
    assert (kept.mail, kept.message) == ("ana@example.com", "Su factura")


def test_row_7_a_document_of_another_kind_is_not_found(pac: PacAtHand) -> None:
    asked = MAIL | {"documentId": pac.authorised().id, "documentType": "credit-note"}
    assert pac.call("POST", "/documents/notify-email", asked).status == 404


@pytest.mark.parametrize(("natural", "legal"), [("NATURAL", "JURIDICO"), ("1", "2")])
def test_row_8_check_digit_in_both_encodings(pac: PacAtHand, natural: str, legal: str) -> None:
    asked = [
        pac.call("GET", "/check-digit", ruc="8-NT-1-123456", type=kind, idCompany=pac.company.id).json()
        for kind in (natural, legal)
    ]
    assert [each["checkDigit"] for each in asked] == ["76", "52"]
    assert [each["type"] for each in asked] == [natural, legal]


def test_row_8_an_unknown_ruc_is_a_400(pac: PacAtHand) -> None:
    pac.engine.registry.forget(ISSUER_RUC)
    assert pac.call("GET", "/check-digit", ruc=ISSUER_RUC, type="JURIDICO").status == 400


def test_row_9_post_companies(pac: PacAtHand) -> None:
    answer = pac.call("POST", "/companies", NEW_COMPANY)
    assert (answer.status, answer.json()["affiliated"], "qr" in answer.json()) == (201, "PENDING", False)
    lacking = NEW_COMPANY | {"certificates": {"signature": CERTIFICATE}}
    assert pac.call("POST", "/companies", lacking).status == 400
    assert pac.call("POST", "/companies", NEW_COMPANY | {"type": "main"}).status == 400


def test_row_10_get_companies_by_activity_and_type(pac: PacAtHand) -> None:
    asleep = pac.engine.register_company(ruc=ISSUER_RUC, name="Dormida, S.A.", is_active=False)
    names = {
        query: [company["id"] for company in pac.call("GET", "/companies", **dict([query])).json()]
        for query in (("active", "true"), ("active", "false"), ("type", "main"), ("type", "associated"))
    }
    assert names == {
        ("active", "true"): [pac.company.id],
        ("active", "false"): [asleep.id],
        ("type", "main"): [pac.company.id],
        ("type", "associated"): [asleep.id],
    }
    assert pac.call("GET", "/companies", active="perhaps").status == 400
    assert pac.call("GET", "/companies", type="both").status == 400


def test_row_11_get_a_company_by_id_and_the_tokens_main_one(pac: PacAtHand) -> None:
    assert pac.call("GET", f"/companies/{pac.company.id}").json() == pac.call("GET", "/company").json()
    assert pac.call("GET", f"/companies/{NO_ID}").status == 404


def test_row_12_patch_companies(pac: PacAtHand) -> None:
    path = f"/companies/{pac.company.id}"
    assert pac.call("PATCH", path, {"qr": "222222222"}).json()["qr"] == "222222222"
    assert pac.call("PATCH", path, {"securityCode": "333333333"}).json()["qr"] == "333333333"
    assert pac.call("PATCH", path, {"qr": "short"}).status == 400


def test_rows_13_and_14_offices(pac: PacAtHand) -> None:
    path = f"/companies/{pac.company.id}/offices"
    made = pac.call("POST", path, NEW_OFFICE).json()
    assert {name: made[name] for name in NEW_OFFICE} == NEW_OFFICE
    assert pac.call("GET", f"{path}/{made['id']}").json() == made
    assert made in pac.call("GET", path).json()
    assert pac.call("POST", path, NEW_OFFICE | {"code": "12"}).status == 400


def test_row_15_the_main_office_in_the_singular(pac: PacAtHand) -> None:
    path = f"/companies/{pac.company.id}/office"
    assert pac.call("GET", path).json()["code"] == "0000"
    assert pac.call("PATCH", path, {"address": "Vía Nueva 1"}).json()["address"] == "Vía Nueva 1"


def test_row_16_affiliation_goes_through_its_states(pac: PacAtHand) -> None:
    company = pac.engine.register_company(ruc=ISSUER_RUC, name="Nueva, S.A.", token="n", affiliated="PENDING", qr=None)
    pac.engine.behave(affiliation_accepted_after=pac.engine.behaviour.void_window)

    def post() -> str:
        body = consumer_invoice()
        return str(pac.call("POST", "/invoices", body, token="n").json().get("code", "accepted"))

    assert (company.affiliated, post()) == ("PENDING", "AP1011")
    asked = pac.call("GET", "/company-affiliate", token="n", affiliationType="3").json()
    assert (asked["affiliated"], asked["qr"][:4], post()) == ("REQUESTED", "http", "AP1011")
    assert pac.call("GET", "/company-affiliate", token="n", affiliationType="1").status == 400
    pac.wait(hours=182)
    assert (company.affiliated, post()) == ("SUBSCRIBED", "AP1010")
    given = pac.call("GET", "/company-affiliate", token="n", affiliationType="1").json()
    assert (len(given["qr"]), post()) == (9, "accepted")
    assert pac.call("GET", "/company-affiliate", token="n", affiliationType="2").status == 400


@pytest.mark.parametrize(
    "name",
    ["countries", "provinces", "districts", "corrections", "locations", "measurement-units", "goods-and-services"],
)
def test_row_17_catalogues_need_no_company(pac: PacAtHand, name: str) -> None:
    entries = pac.call("GET", f"/dgi/{name}").json()
    assert all(set(entry) == {"code", "value"} for entry in entries)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/invoices"),
        ("GET", f"/invoices/{NO_ID}"),
        ("DELETE", f"/credit-notes/{NO_ID}"),
        ("GET", "/companies"),
        ("GET", "/dgi/countries"),
        ("GET", "/check-digit"),
    ],
)
def test_no_row_answers_without_a_right_token(pac: PacAtHand, method: str, path: str) -> None:
    assert pac.call(method, path, {}, token="wrong").status == 401
    assert pac.call(method, path, {}, token="").status == 401


def test_the_company_is_the_named_one_or_the_tokens_main_one(pac: PacAtHand) -> None:
    sister = pac.engine.register_company(ruc="155888888-2-2022", name="Hermana, S.A.")
    for company_id, expected in ((None, pac.company.id), (pac.company.id, pac.company.id), (sister.id, sister.id)):
        query = {} if company_id is None else {"idCompany": company_id}
        assert pac.call("GET", "/company", **query).json()["id"] == expected
    assert pac.call("GET", "/company", idCompany=NO_ID).status == 404


@pytest.mark.parametrize("style", ErrorStyle)
def test_both_error_formats(style: ErrorStyle) -> None:
    body = PacAtHand(error_style=style).call("POST", "/invoices", {}).json()
    assert body["code"] == 400
    if style is ErrorStyle.ERRORS_ARRAY:
        lacking = 'instance requires property "information"'
        assert {"code": "AP10067", "message": lacking, "field": "information"} in body["errors"]
    else:
        assert 'instance requires property "information"' in body["message"]


@pytest.mark.parametrize("as_object", [False, True])
def test_the_governments_answer_in_both_shapes(*, as_object: bool) -> None:
    pac = PacAtHand(government_as_object=as_object)
    told = pac.read(pac.authorised())["governmentResponse"]
    authorised = "Autorizado el uso de la FE"
    if as_object:
        assert told == {"code": "0260", "value": [f"0260: {authorised}"]}
    else:
        assert told == [{"code": "0260", "message": authorised}]


def test_a_delivery_that_began_before_a_reset_is_forgotten(pac: PacAtHand) -> None:
    pac.engine.set_webhook(pac.company.id, WebhookTarget(url="http://h.example/x", secret="s"))
    pac.issue()
    (webhook,) = pac.engine.take_due_webhooks()
    pac.engine.reset()
    pac.engine.report_delivery(webhook, None)
    assert pac.engine.deliveries == ()
    assert pac.engine.next_due_at() is None
