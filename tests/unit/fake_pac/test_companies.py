"""Companies, offices, affiliation, check-digit and catalogues."""

import json
from datetime import timedelta

import pytest

from tests.unit.fake_pac.pac_at_hand import ISSUER_RUC, NOON, PacAtHand, Payload, codes_of, invoice
from tests.unit.fake_pac.wire_schemas import schema

CERTIFICATE = {"extension": "p12", "password": "clave", "content": "TUlJ"}
NEW_COMPANY: Payload = {
    "name": "Nueva Empresa, S.A.",
    "tradeName": "La Nueva",
    "ruc": ISSUER_RUC,
    "checkDigit": "05",
    "type": "associated",
    "typeRuc": {"code": 2},
    "certificates": {"signature": CERTIFICATE, "authentication": CERTIFICATE},
}
NEW_OFFICE: Payload = {
    "code": "0002",
    "type": "associated",
    "coordinates": "+8.98,-79.52",
    "address": "Vía España 10",
    "telephone": "200-0102",
    "location": "8-8-7",
}


def test_a_company_goes_from_creation_to_its_first_invoice(pac: PacAtHand) -> None:
    created = pac.call("POST", "/companies", NEW_COMPANY)
    schema("company").validate(json.loads(created.body or b""))
    company_id = created.json()["id"]
    office = pac.call("POST", f"/companies/{company_id}/offices", NEW_OFFICE | {"code": "0000", "type": "main"})
    schema("office").validate(json.loads(office.body or b""))
    payload = invoice() | {"idOffice": office.json()["id"]}

    assert pac.call("POST", "/invoices", payload, idCompany=company_id).json()["code"] == "AP1011"
    asked = pac.call("GET", "/company-affiliate", idCompany=company_id, affiliationType="3")
    assert asked.json()["qr"].startswith("http")
    assert pac.call("GET", f"/companies/{company_id}").json()["affiliated"] == "SUBSCRIBED"
    assert pac.call("POST", "/invoices", payload, idCompany=company_id).json()["code"] == "AP1010"
    subscribed = pac.call("GET", "/company-affiliate", idCompany=company_id, affiliationType="1")
    assert len(subscribed.json()["qr"]) == 9

    assert pac.call("POST", "/invoices", payload, idCompany=company_id).status == 200


def test_the_customer_takes_its_time_to_accept(pac: PacAtHand) -> None:
    pac.engine.behave(affiliation_accepted_after=timedelta(hours=2))
    company = pac.engine.register_company(
        ruc=ISSUER_RUC, name="Lenta, S.A.", affiliated="PENDING", qr=None, token="slow"
    )

    pac.call("GET", "/company-affiliate", token="slow", affiliationType="3")
    assert company.affiliated == "REQUESTED"
    assert pac.call("GET", "/company-affiliate", token="slow", affiliationType="1").status == 400
    pac.wait(hours=2)

    assert company.affiliated == "SUBSCRIBED"
    assert pac.call("GET", "/company-affiliate", token="slow", affiliationType="1").status == 200
    assert pac.call("GET", "/company-affiliate", token="slow", affiliationType="2").status == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"checkDigit": "06"}, "AP10151"),
        ({"checkDigit": "5"}, "AP10078"),
        ({"ruc": "no es un RUC"}, "1560"),
        ({"type": "main"}, "AP10152"),
        ({"type": "other"}, "AP10079"),
        ({"typeRuc": {"code": 3}}, "AP10079"),
        ({"typeRuc": 3}, "AP10079"),
        ({"certificates": {"signature": CERTIFICATE}}, "AP10067"),
        ({"tradeName": "x"}, "AP10069"),
        ({"qr": "123"}, "AP10078"),
    ],
)
def test_refuses_a_bad_company(pac: PacAtHand, change: Payload, code: str) -> None:
    assert code in codes_of(pac.call("POST", "/companies", NEW_COMPANY | change))
    assert len(pac.engine.companies) == 1


def test_takes_the_ruc_type_in_both_forms(pac: PacAtHand) -> None:
    assert pac.call("POST", "/companies", NEW_COMPANY | {"typeRuc": 2}).json()["typeRuc"] == {"code": 2}


def test_lists_companies_flat_and_filtered(pac: PacAtHand) -> None:
    pac.call("POST", "/companies", NEW_COMPANY)

    everything = pac.call("GET", "/companies").json()
    mains = pac.call("GET", "/companies", type="main").json()
    inactive = pac.call("GET", "/companies", active="false").json()

    assert [company["type"] for company in everything] == ["main", "associated"]
    assert [company["id"] for company in mains] == [pac.company.id]
    assert inactive == []
    assert pac.call("GET", "/company").json()["id"] == pac.company.id
    assert pac.call("GET", "/company", idCompany=everything[1]["id"]).json()["type"] == "associated"


def test_patches_a_company_and_never_shows_the_webhook_secret(pac: PacAtHand) -> None:
    hook = {"url": "https://istmo.example/hook", "secret": "top secret"}

    answer = pac.call("PATCH", f"/companies/{pac.company.id}", {"qr": "123456789", "webhooks": hook})

    assert answer.json()["qr"] == "123456789"
    assert b"top secret" not in (answer.body or b"")
    assert pac.company.webhook is not None
    assert pac.call("PATCH", f"/companies/{pac.company.id}", {"qr": "12"}).status == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "0000"}, "AP10153"),
        ({"code": "2"}, "AP10078"),
        ({"coordinates": "here"}, "AP10078"),
        ({"address": "x" * 101}, "AP10069"),
        ({"telephone": "1234567890123"}, "AP10069"),
        ({"location": "Bella Vista"}, "AP10078"),
        ({"type": "branch"}, "AP10079"),
    ],
)
def test_refuses_a_bad_office(pac: PacAtHand, change: Payload, code: str) -> None:
    assert code in codes_of(pac.call("POST", f"/companies/{pac.company.id}/offices", NEW_OFFICE | change))
    assert len(pac.company.offices) == 2


def test_offices_are_listed_read_and_patched(pac: PacAtHand) -> None:
    base = f"/companies/{pac.company.id}"
    office_id = pac.call("POST", f"{base}/offices", NEW_OFFICE).json()["id"]

    assert [office["code"] for office in pac.call("GET", f"{base}/offices").json()] == ["0000", "0001", "0002"]
    assert pac.call("GET", f"{base}/offices/{office_id}").json()["code"] == "0002"
    assert pac.call("GET", f"{base}/offices/nothing").status == 404
    patched = pac.call("PATCH", f"{base}/office", {"address": "Otra calle 5"})
    assert patched.json()["address"] == "Otra calle 5"
    assert pac.call("GET", f"{base}/office").json()["code"] == "0000"


def test_another_accounts_company_does_not_exist(pac: PacAtHand) -> None:
    stranger = pac.engine.register_company(ruc=ISSUER_RUC, name="Extraña, S.A.", token="another")

    for method, path in (("GET", ""), ("PATCH", ""), ("GET", "/offices"), ("POST", "/offices"), ("GET", "/office")):
        assert pac.call(method, f"/companies/{stranger.id}{path}", NEW_OFFICE).status == 404
    assert pac.call("GET", "/check-digit", ruc=ISSUER_RUC, type="JURIDICO", idCompany=stranger.id).status == 404
    assert codes_of(pac.call("GET", "/company", idCompany="short")) == {"AP10100"}


@pytest.mark.parametrize(
    ("ruc", "asked", "expected"),
    [
        (ISSUER_RUC, "JURIDICO", ("05", "CONTRIBUYENTE")),
        (ISSUER_RUC, "2", ("05", "CONTRIBUYENTE")),
        ("8-NT-1-99901", "JURIDICO", (None, "GOBIERNO")),
    ],
)
def test_check_digit_answers_both_encodings_and_echoes_them(
    pac: PacAtHand, ruc: str, asked: str, expected: tuple[str | None, str]
) -> None:
    found = pac.call("GET", "/check-digit", ruc=ruc, type=asked).json()

    assert (found["receiver"], found["type"]) == (expected[1], asked)
    assert len(found["checkDigit"]) == 2
    assert expected[0] in (None, found["checkDigit"])


def test_check_digit_tells_natural_from_legal(pac: PacAtHand) -> None:
    digits = {
        kind: pac.call("GET", "/check-digit", ruc="8-NT-1-123456", type=kind).json()["checkDigit"]
        for kind in ("NATURAL", "JURIDICO")
    }

    assert digits == {"NATURAL": "76", "JURIDICO": "52"}


@pytest.mark.parametrize(
    ("ruc", "asked"),
    [("", "JURIDICO"), ("no es un RUC", "JURIDICO"), (ISSUER_RUC, ""), (ISSUER_RUC, "3")],
)
def test_check_digit_refuses_what_it_cannot_find(pac: PacAtHand, ruc: str, asked: str) -> None:
    assert pac.call("GET", "/check-digit", ruc=ruc, type=asked).status == 400


def test_a_strict_registry_knows_what_was_registered(pac: PacAtHand) -> None:
    pac.engine.behave(strict_registry=True)
    assert pac.call("GET", "/check-digit", ruc=ISSUER_RUC, type="JURIDICO").status == 400

    pac.engine.registry.register(ISSUER_RUC, 2, "GOBIERNO")

    assert pac.call("GET", "/check-digit", ruc=ISSUER_RUC, type="JURIDICO").json()["receiver"] == "GOBIERNO"


@pytest.mark.parametrize(
    "name",
    ["countries", "provinces", "districts", "corrections", "locations", "measurement-units", "goods-and-services"],
)
def test_catalogues_are_arrays_of_code_and_value(pac: PacAtHand, name: str) -> None:
    entries = pac.call("GET", f"/dgi/{name}").json()

    assert len(entries) >= 10
    assert all(set(entry) == {"code", "value"} and entry["value"] for entry in entries)
    assert len({entry["code"] for entry in entries}) == len(entries)


def test_an_unknown_catalogue_is_not_found(pac: PacAtHand) -> None:
    assert pac.call("GET", "/dgi/planets").status == 404


def test_a_reset_forgets_everything_and_starts_again_with_the_same_seed() -> None:
    pac = PacAtHand()
    first = pac.issue().id
    pac.engine.reset()

    assert pac.call("GET", "/company").status == 401
    pac.company = pac.engine.register_company(ruc=ISSUER_RUC, name="Emisor de Ejemplo, S.A.")
    pac.engine.register_office(pac.company.id, code="0001", office_id=invoice()["idOffice"])

    assert pac.clock() == NOON
    assert pac.issue().id == first
    assert len(pac.engine.documents) == 1


def test_counts_documents_of_a_company_and_of_the_account(pac: PacAtHand) -> None:
    sister = pac.engine.register_company(ruc="155000001-2-2020", name="Hermana, S.A.")
    pac.authorised(invoice(1))
    pac.issue(invoice(2))
    of_sister = invoice(3)
    del of_sister["idOffice"]
    pac.call("POST", "/invoices", of_sister, idCompany=sister.id)
    company, account = f"/reports/companies/{pac.company.id}/documents/total", "/reports/users/documents/total"

    assert pac.call("GET", company).json() == {"total": 2}
    assert pac.call("GET", company, legalStatus="DGI_AUTHORIZED").json() == {"total": 1}
    assert pac.call("GET", account).json() == {"total": 3}
    assert pac.call("GET", account, dateFrom="2026-01-01", dateUntil="2026-02-01").json() == {"total": 0}
    assert pac.call("GET", account, dateFrom="2026-01-01", dateUntil="2026-06-01").status == 400
    assert pac.call("GET", account, dateFrom="yesterday").status == 400
