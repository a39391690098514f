"""The /_fake/* calls: scripting and looking as JSON."""

import json
from typing import Any

import pytest

from adapters.alanube.fake.control import Control
from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.wire import WireAnswer, WireRequest
from tests.unit.fake_pac.pac_at_hand import ISSUER_RUC, NOON, PacAtHand, consumer_invoice, invoice


@pytest.fixture
def control(pac: PacAtHand) -> Control:
    def prepare(engine: FakePacEngine) -> None:
        pac.company = engine.register_company(ruc=ISSUER_RUC, name="Otra vez, S.A.")

    return Control(pac.engine, prepare)


def call(control: Control, method: str, path: str, body: object = None) -> WireAnswer:
    raw = b"" if body is None else json.dumps(body).encode()
    return control.handle(WireRequest(method=method, path=f"/_fake{path}", body=raw))


def good(control: Control, method: str, path: str, body: object = None) -> Any:
    answer = call(control, method, path, body)
    assert answer.status in (200, 201), answer.body
    return answer.json()


def test_scripts_faults(pac: PacAtHand, control: Control) -> None:
    rule = {"kind": "error_503_before", "nth": [2], "match": {"method": "POST", "pathContains": "invoices"}}
    good(control, "POST", "/faults", {"rules": [rule], "seed": 3})

    answers = [pac.call("POST", "/invoices", invoice(number)).status for number in (1, 2, 3)]

    assert answers == [200, 503, 200]
    assert good(control, "GET", "/state")["faultsFired"] == {"error_503_before": 1}


def test_moves_the_clock_and_what_depends_on_it(pac: PacAtHand, control: Control) -> None:
    document = pac.issue()

    now = good(control, "POST", "/clock/advance", {"seconds": 3600})["now"]

    assert now == "2026-03-04T18:00:00+00:00"
    assert document.legal_status == "DGI_AUTHORIZED"
    assert call(control, "POST", "/clock/advance", {"seconds": -1}).status == 400
    assert call(control, "POST", "/clock/advance", {}).status == 400


def test_a_clock_that_cannot_be_moved_says_so() -> None:
    control = Control(FakePacEngine(clock=lambda: NOON))

    assert call(control, "POST", "/clock/advance", {"seconds": 1}).status == 409


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"policy": "silent"}, "PAC_AUTHORIZED"),
        ({"policy": "immediate"}, "DGI_AUTHORIZED"),
        ({"policy": "after", "seconds": 60}, "DGI_AUTHORIZED"),
        ({"policy": "reads", "reads": 2}, "PAC_AUTHORIZED"),
        (
            {
                "policy": "script",
                "steps": [
                    {
                        "legalStatus": "DGI_REJECTED",
                        "governmentResponse": [{"code": "1602", "message": "RUC inexistente"}],
                    }
                ],
            },
            "DGI_REJECTED",
        ),
        ({"policy": "silent", "match": {"numeration": "0000000999"}}, "DGI_AUTHORIZED"),
    ],
)
def test_scripts_the_progression(pac: PacAtHand, control: Control, policy: dict[str, Any], expected: str) -> None:
    good(control, "POST", "/progression", policy)
    document = pac.issue()
    pac.wait(minutes=2)

    assert pac.read(document)["legalStatus"] == expected


def test_changes_every_setting_to_what_it_is_already(pac: PacAtHand, control: Control) -> None:
    before = pac.engine.behaviour
    shown = good(control, "GET", "/state")["behaviour"]

    assert good(control, "POST", "/behaviour", json.loads(json.dumps(shown, default=float))) == shown

    assert pac.engine.behaviour == before


def test_changes_settings(pac: PacAtHand, control: Control) -> None:
    changes = {"duplicate_answer": "conflict_with_id", "pdf_ready_after": 60, "late_rules": ["1602"]}
    good(control, "POST", "/behaviour", changes)
    pac.issue()

    assert pac.call("POST", "/invoices", invoice()).status == 409


def test_registers_companies_tokens_offices_and_taxpayers(pac: PacAtHand, control: Control) -> None:
    made = good(
        control,
        "POST",
        "/companies",
        {"ruc": ISSUER_RUC, "name": "De prueba, S.A.", "token": "t-1", "webhook": {"url": "http://h", "secret": "s"}},
    )
    company_id = made["company"]["id"]
    good(control, "POST", f"/companies/{company_id}/offices", {"code": "0003"})
    good(control, "POST", "/tokens", {"token": "t-2", "accountOf": "t-1"})
    good(control, "POST", "/tokens/revoke", {"token": "t-1"})
    good(control, "POST", "/registry", {"ruc": "155000001-2-2020", "unknown": True})

    assert pac.call("GET", "/company", token="t-1").status == 401
    assert len(pac.call("GET", f"/companies/{company_id}/offices", token="t-2").json()) == 2
    assert pac.call("GET", "/check-digit", token="t-2", ruc="155000001-2-2020", type="2").status == 400


def test_switches_webhooks(pac: PacAtHand, control: Control) -> None:
    path = f"/companies/{pac.company.id}"
    good(control, "POST", f"{path}/webhook", {"url": "http://h.example/x", "secret": "s"})
    pac.issue(invoice(1))
    assert len(pac.engine.take_due_webhooks()) == 1

    good(control, "POST", f"{path}/webhooks", {"enabled": False})
    pac.issue(invoice(2))
    assert pac.engine.take_due_webhooks() == []

    good(control, "POST", f"{path}/webhook", {})
    assert pac.company.webhook is None
    assert call(control, "POST", f"{path}/webhooks", {"enabled": True}).status == 404


def test_accepts_an_affiliation_in_the_customers_place(pac: PacAtHand, control: Control) -> None:
    company = pac.engine.register_company(ruc=ISSUER_RUC, name="X, S.A.", affiliated="REQUESTED", token="x")

    good(control, "POST", f"/companies/{company.id}/accept-affiliation")

    assert company.affiliated == "SUBSCRIBED"


def test_shows_what_the_fake_holds_without_its_secrets(pac: PacAtHand, control: Control) -> None:
    document = pac.authorised()
    pac.call(
        "POST",
        "/documents/notify-email",
        {"documentId": document.id, "mail": "ana@example.com", "documentType": "invoice"},
    )

    state = good(control, "GET", "/state")
    shown = good(control, "GET", f"/documents/{document.id}")
    exchanges = call(control, "GET", "/exchanges")

    assert state["byLegalStatus"] == {"DGI_AUTHORIZED": 1}
    assert shown["request"]["information"]["numeration"] == "0000000451"
    assert [each["id"] for each in good(control, "GET", "/documents")] == [document.id]
    assert good(control, "GET", "/emails")[0]["mail"] == "ana@example.com"
    assert exchanges.json()[0]["path"] == "/pan/v1/invoices"
    assert b"fake-pac-token" not in (exchanges.body or b"")
    assert good(control, "GET", "/webhooks") == []


def test_a_reset_prepares_the_engine_again(pac: PacAtHand, control: Control) -> None:
    pac.issue(consumer_invoice())

    state = good(control, "POST", "/reset")

    assert (state["documents"], len(state["companies"])) == (0, 1)
    assert pac.issue(consumer_invoice()).company_id == pac.company.id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"rules": [{"kind": "earthquake"}]}),
        ("/faults", {"rules": [{"kind": "html_200", "colour": 1}]}),
        ("/faults", {"rules": [{"kind": "html_200", "rate": 2}]}),
        ("/faults", {"rules": [{"kind": "html_200", "nth": ["1"]}]}),
        ("/faults", {"rules": {}}),
        ("/faults", {"rules": ["html_200"]}),
        ("/progression", {"policy": "sometimes"}),
        ("/progression", {"policy": "after"}),
        ("/progression", {"policy": "script", "steps": [{"legalStatus": 1}]}),
        ("/behaviour", {"colour": "blue"}),
        ("/behaviour", {"error_style": "shouting"}),
        ("/behaviour", {"closed_fields": 1}),
        ("/companies", {"ruc": "nonsense", "name": "X, S.A."}),
        ("/companies", {"ruc": ISSUER_RUC, "name": "X, S.A.", "dv": "99"}),
        ("/companies", {"ruc": ISSUER_RUC, "name": "X, S.A.", "colour": "blue"}),
        ("/companies", {"ruc": ISSUER_RUC}),
        ("/faults", []),
    ],
)
def test_refuses_nonsense_with_words_and_without_effect(
    pac: PacAtHand, control: Control, path: str, body: object
) -> None:
    answer = call(control, "POST", path, body)

    assert answer.status == 400
    assert answer.json()["error"]
    assert len(pac.engine.companies) == 1


def test_an_unknown_call_lists_the_known_ones(control: Control) -> None:
    answer = call(control, "GET", "/earthquake")

    assert answer.status == 404
    assert "POST /_fake/faults" in answer.json()["calls"]


def test_an_unknown_document_or_company_is_not_found(control: Control) -> None:
    assert call(control, "GET", "/documents/nothing").status == 404
    assert call(control, "POST", "/companies/nothing/webhooks", {"enabled": True}).status == 404
    assert call(control, "POST", "/companies/nothing/accept-affiliation").status == 404
