"""Each assumption of docs/assumptions.md as a test that would refute it, at the fake and at a sandbox that is named."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.alanube.answers import classify
from adapters.alanube.bodies import findings_in, read_document
from adapters.alanube.fake.records import WebhookTarget
from adapters.alanube.known_codes import KnownCodes
from adapters.alanube.mapping import encode
from adapters.alanube.settings import RucTypeWords, WireOptions
from core.codes import OtiCode
from core.cufe import parse_cufe
from core.drafts import OtiCharge
from core.failures import PacFieldUnconfirmedError
from core.identifiers import TenantId
from core.ports.pac_gateway import Accepted, Duplicate, Misconfigured, Rejected, SubmitAnswer, Throttled
from tests.builders import a_document, a_draft
from tests.contract.sandbox_conversation import CATALOGUES, Conversation, Transcript
from tests.contract.sandbox_doors import Seen, fake_door, has_sandbox, sandbox_door
from tests.unit.fake_pac.pac_at_hand import PacAtHand

DOORS = {"fake": fake_door, "sandbox": sandbox_door}
TENANT = TenantId("01TENANT000000000000000000")


@pytest.fixture(scope="module", params=["fake", "sandbox"] if has_sandbox() else ["fake"])
def seen(request: pytest.FixtureRequest) -> Transcript:
    """One conversation with each PAC, for all tests."""

    async def hold() -> Transcript:
        async with DOORS[request.param]() as door:
            return await Conversation(door).hold()

    return asyncio.run(hold())


def of(seen: Transcript, step: str) -> Seen:
    """A step, or the reason why a sandbox is spared it."""
    if step not in seen:
        pytest.skip(f"a sandbox is not asked for: {step}")
    return seen[step]


def told(answer: Seen) -> SubmitAnswer:
    """What the production client makes of it."""
    assert answer.outcome is not None
    return classify(answer.outcome, KnownCodes())


def test_001_a_repeated_number_is_refused_and_recognised(seen: Transcript) -> None:
    again = seen["invoice again"]
    assert isinstance(told(again), Duplicate), again
    assert again.document.get("id") in (None, seen["invoice"].document["id"])


def test_002_an_accepted_document_is_wrapped_with_its_id(seen: Transcript) -> None:
    posted = seen["invoice"]
    answer = told(posted)
    assert isinstance(answer, Accepted), posted
    assert isinstance(posted.body["document"], dict)
    assert isinstance(posted.body["message"], str)
    assert answer.document.pac_document_id == posted.body["document"]["id"]
    assert answer.document.legal_status == "PAC_AUTHORIZED"


def test_003_a_wrong_token_is_a_401(seen: Transcript) -> None:
    assert seen["wrong token"].status == 401
    assert isinstance(told(seen["wrong token"]), Misconfigured)


def test_004_an_unknown_id_is_a_404(seen: Transcript) -> None:
    assert [seen[step].status for step in ("unknown id", "another family", "void of nothing")] == [404] * 3


def test_005_a_void_leaves_the_legal_status(seen: Transcript) -> None:
    assert seen["void without a reason"].status == 400
    assert seen["void"].status == 200, seen["void"]
    assert seen["voided"].document["legalStatus"] == "DGI_AUTHORIZED"


def test_006_a_webhook_on_demand_is_acknowledged(seen: Transcript) -> None:
    _is_acknowledged(seen["webhook on demand"])


def test_007_an_email_on_demand_is_acknowledged(seen: Transcript) -> None:
    _is_acknowledged(seen["e-mail"])


def _is_acknowledged(answer: Seen) -> None:
    assert 200 <= answer.status <= 299, answer
    assert isinstance(answer.body["message"], str)


def test_008_an_unknown_field_passes(seen: Transcript) -> None:
    assert seen["extra field"].is_accepted, seen["extra field"]


@pytest.mark.parametrize("step", ["broken rule", "broken shape", "payments that miss the total"])
def test_009_a_refusal_has_one_of_the_known_shapes(seen: Transcript, step: str) -> None:
    refused = seen[step]
    answer = told(refused)
    assert refused.is_refused
    assert isinstance(answer, Rejected), refused
    assert answer.is_recognised, answer
    assert answer.messages


def test_010_a_broken_rule_tells_the_dgis_number(seen: Transcript) -> None:
    answer = told(seen["broken rule"])
    assert isinstance(answer, Rejected)
    assert "1534" in answer.codes


def test_011_a_broken_shape_tells_codes_that_we_know(seen: Transcript) -> None:
    answer = told(seen["broken shape"])
    assert isinstance(answer, Rejected)
    assert set(answer.codes) <= KnownCodes().rejection


@pytest.mark.parametrize("state", ["PENDING", "REQUESTED"])
def test_012_and_016_only_a_subscribed_company_issues(seen: Transcript, state: str) -> None:
    answer = told(of(seen, f"invoice while {state}"))
    assert isinstance(answer, Misconfigured)
    assert answer.code == "AP1011"
    assert seen["company"].body["affiliated"] == "SUBSCRIBED"
    assert of(seen, "affiliation, final").body["qr"]


def test_013_a_429_says_how_long_to_wait(seen: Transcript) -> None:
    answer = told(of(seen, "throttled"))
    assert isinstance(answer, Throttled)
    assert answer.retry_after_seconds == 7


def test_014_documents_are_counted(seen: Transcript) -> None:
    assert seen["report"].status == 200
    assert isinstance(seen["report"].body["total"], int)


def test_015_without_a_company_the_tokens_main_one_is_meant(seen: Transcript) -> None:
    posted = seen["no company named"]
    assert posted.is_accepted, posted
    issuer = parse_cufe(seen["invoice"].document["cufe"]).parts.ruc
    assert parse_cufe(posted.document["cufe"]).parts.ruc == issuer


def test_017_the_number_of_a_refused_document_is_free(seen: Transcript) -> None:
    assert seen["broken rule"].is_refused
    assert seen["number of a broken rule"].is_accepted, seen["number of a broken rule"]


def test_018_the_pdf_comes_when_asked_for(seen: Transcript) -> None:
    assert "pdf" not in seen["invoice without pdf"].document
    assert seen["invoice decided"].document["pdf"].startswith("http")


@pytest.mark.parametrize("name", CATALOGUES)
def test_019_catalogues_are_arrays_of_code_and_value(seen: Transcript, name: str) -> None:
    entries = seen[f"catalogue {name}"].body
    assert entries
    assert all({"code", "value"} <= set(entry) for entry in entries)


def test_020_and_021_an_export_to_a_foreigner_is_taken(seen: Transcript) -> None:
    places = [place for place in ("root", "receiver") if seen[f"export, group at the {place}"].is_accepted]
    assert places, seen["export, group at the root"]


def test_022_a_contingency_is_taken_under_the_named_keys(seen: Transcript) -> None:
    assert seen["contingency"].is_accepted, seen["contingency"]


def test_023_and_024_what_nobody_names_is_refused_by_us() -> None:
    draft = a_draft()
    taxed = replace(draft.lines[0], oti=(OtiCharge(code=next(iter(OtiCode)), amount=draft.lines[0].unit_price),))
    for changed in (
        replace(draft, lines=(taxed,), payments=()),
        replace(draft, receiver=replace(draft.receiver, country_name="Ruritania")),
    ):
        with pytest.raises(PacFieldUnconfirmedError):
            encode(a_document(TENANT, draft=changed), WireOptions())


def test_025_and_028_a_retention_leaves_the_payments_gross(seen: Transcript) -> None:
    assert of(seen, "retention, gross payment").is_accepted
    assert of(seen, "retention, net payment").is_refused
    assert (WireOptions().retention_code_key, WireOptions().retention_amount_key) == ("code", "amount")


def test_026_check_digit_takes_the_type_in_words(seen: Transcript) -> None:
    answer = seen["check-digit in words"]
    assert answer.status == 200, answer
    assert len(answer.body["checkDigit"]) == 2
    assert RucTypeWords().legal == "JURIDICO"
    assert seen["check-digit in numbers"].body.get("checkDigit") in (None, answer.body["checkDigit"])


def test_027_the_tax_is_rounded_on_each_line(seen: Transcript) -> None:
    assert seen["rounding by line"].is_accepted, seen["rounding by line"]


def test_029_any_security_code_will_do(seen: Transcript) -> None:
    code = parse_cufe(seen["invoice"].document["cufe"]).parts.security_code
    assert seen["invoice"].is_accepted
    assert code != seen["company"].body.get("qr")


def test_030_a_debit_note_has_neither_void_nor_email(seen: Transcript) -> None:
    assert seen["debit note"].is_accepted, seen["debit note"]
    assert seen["void of a debit note"].status in (404, 405)
    assert 400 <= seen["e-mail of a debit note"].status <= 499


def test_031_the_same_number_at_another_point_is_another(seen: Transcript) -> None:
    both = [seen[f"number at {place} point"] for place in ("one", "another")]
    assert all(each.is_accepted for each in both), both
    assert len({each.document["id"] for each in both}) == 2


def test_032_the_government_answers_in_an_array(seen: Transcript) -> None:
    entries = seen["invoice decided"].document["governmentResponse"]
    assert isinstance(entries, list)
    assert all(isinstance(entry["message"], str) and isinstance(entry["code"], str) for entry in entries)


def test_033_without_an_office_the_cufe_names_the_main_one(seen: Transcript) -> None:
    main = next(office["code"] for office in seen["offices"].body if office["type"] == "main")
    assert parse_cufe(seen["invoice"].document["cufe"]).parts.branch == main


def test_034_a_webhook_carries_the_secret_verbatim() -> None:
    """Asked of the fake alone: a sandbox would have to reach this machine."""
    pac = PacAtHand()
    pac.engine.set_webhook(pac.company.id, WebhookTarget(url="http://receiver.invalid", secret="a secret", user_id="u"))
    document = pac.issue()
    (webhook,) = pac.engine.take_due_webhooks()
    body: dict[str, Any] = json.loads(webhook.body)
    assert (webhook.headers["X-Pac-Signature"], webhook.headers["X-User-Id"]) == ("a secret", "u")
    assert {"id", "legalStatus", "cufe", "message"} == set(body)
    assert (body["id"], body["cufe"]) == (document.id, document.cufe)
    pac.engine.report_delivery(webhook, 503)
    pac.wait(seconds=1.5)
    assert [again.attempt for again in pac.engine.take_due_webhooks() if again.id == webhook.id] == [2]


def test_035_companies_and_offices_are_flat_arrays(seen: Transcript) -> None:
    for step in ("companies", "offices"):
        assert isinstance(seen[step].body, list)
        assert all("id" in entry for entry in seen[step].body)


def test_036_an_unknown_ruc_is_a_400(seen: Transcript) -> None:
    assert seen["check-digit of nobody"].status == 400


def test_037_a_repeated_void_says_that_there_is_one(seen: Transcript) -> None:
    assert 400 <= seen["void again"].status <= 499, seen["void again"]
    assert "0622" in findings_in(seen["void again"].body)[0], seen["void again"]


def test_038_a_read_does_not_show_the_void(seen: Transcript) -> None:
    assert not read_document(seen["voided"].document).is_void, seen["voided"]


def test_039_a_patch_replaces_the_certificates_that_it_names(seen: Transcript) -> None:
    replaced = of(seen, "certificate replaced")
    assert replaced.status == 200, replaced
    assert "password" not in json.dumps(replaced.body)
