"""A taxpayer is onboarded through the administrators' API, by the use case of `istmo onboard`."""

import base64
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.codes import RucType
from core.taxpayer import check_digit, parse_ruc
from tests.unit.graphql.admin_api import AdminApi, start_admin_api
from tests.unit.onboarding.certificates import PASSWORD, a_p12
from tests.world import tenant_of

SHOWN = "onboarding { tenantId ruc nextStep missing mayIssue affiliationAddress certificates { kind notAfter } }"
ONBOARD = f"""mutation ($input: OnboardTaxpayerInput!) {{
  onboardTaxpayer(input: $input) {{ {SHOWN} errors {{ code message hint path }} }} }}"""
RESUME = f"""mutation ($id: ID!) {{
  resumeOnboarding(tenantId: $id) {{ {SHOWN} errors {{ code message hint path }} }} }}"""
REPLACE = f"""mutation ($id: ID!, $new: CertificatesInput!) {{
  replaceCertificates(tenantId: $id, certificates: $new) {{ {SHOWN} errors {{ code message hint path }} }} }}"""
NEW_KEY = """mutation ($id: ID!) {
  createApiKey(tenantId: $id, name: "till", role: OPERATOR, idempotencyKey: "k") { secret } }"""
EVENTS = """query ($id: ID!) {
  adminEvents(tenantId: $id) { edges { node { kind outcome actor facts { name value } } } } }"""
RUC = "155777777-2-2021"
BEFORE = datetime(2025, 1, 1, tzinfo=UTC)


def file(content: bytes | None = None, password: str = PASSWORD) -> dict[str, str]:
    return {
        "file": base64.b64encode(a_p12(ruc=RUC, not_before=BEFORE) if content is None else content).decode(),
        "password": password,
    }


def said(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Ferretería Siete, S.A.",
        "ruc": RUC,
        "contributorType": "JURIDICO",
        "dv": check_digit(parse_ruc(RUC, RucType.LEGAL)).dv,
        "certificates": {"signature": file()},
        "office": {
            "code": "0000",
            "address": "Avenida Central 1",
            "coordinates": "+8.9892,-79.5201",
            "locationCode": "8-8-7",
            "telephone": "200-0101",
        },
    } | changes


def companies_of(api: AdminApi, ruc: str = RUC) -> list[Any]:
    return [each for each in api.world.engine.companies if each.ruc == ruc]


@pytest.fixture
async def api() -> AdminApi:
    api = await start_admin_api()
    api.world.engine.behave(affiliation_accepted_after=timedelta(seconds=30))
    return api


async def onboard(api: AdminApi, **changes: Any) -> Any:
    return (await api.run(ONBOARD, {"input": said(**changes)}))["onboardTaxpayer"]


async def test_a_taxpayer_is_brought_to_its_first_document(api: AdminApi) -> None:
    begun = await onboard(api)
    assert begun["errors"] == []
    assert (begun["onboarding"]["nextStep"], begun["onboarding"]["mayIssue"]) == ("CUSTOMER", False)
    assert "eTax" in begun["onboarding"]["missing"]
    assert begun["onboarding"]["affiliationAddress"].startswith("http")
    assert [each["kind"] for each in begun["onboarding"]["certificates"]] == ["AUTHENTICATION", "SIGNATURE"]
    tenant = begun["onboarding"]["tenantId"]
    waiting = (await api.run(RESUME, {"id": tenant}))["resumeOnboarding"]
    assert (waiting["onboarding"]["nextStep"], waiting["errors"]) == ("CUSTOMER", [])
    api.world.clock.advance(60)
    api.world.engine.advance()
    done = (await api.run(RESUME, {"id": tenant}))["resumeOnboarding"]
    assert (done["onboarding"]["nextStep"], done["onboarding"]["mayIssue"]) == (None, True)
    offices = "query ($id: ID!) { tenant(tenantId: $id) { offices { code } } }"
    assert (await api.run(offices, {"id": tenant}))["tenant"]["offices"] == [{"code": "0000"}]


async def test_asked_again_it_goes_on_and_makes_no_second_company(api: AdminApi) -> None:
    first = (await onboard(api))["onboarding"]
    again = (await onboard(api, certificates=None))["onboarding"]
    assert again["tenantId"] == first["tenantId"]
    assert len(companies_of(api)) == 1
    differing = await onboard(api, name="Another name")
    assert [each["code"] for each in differing["errors"]] == ["onboarding_differs"]


async def test_after_a_lost_answer_the_company_is_only_looked_for(api: AdminApi) -> None:
    making = RequestMatch(method="POST", path_contains="/companies")
    lose = FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, match=making, times=1)
    api.world.engine.set_faults(FaultPlan(rules=(lose,)))
    lost = await onboard(api)
    assert lost["onboarding"] is None
    assert [each["code"] for each in lost["errors"]] == ["pac_unavailable"]
    found = await onboard(api)
    assert found["errors"] == []
    assert len(companies_of(api)) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"signature": file(b"no certificate")}, "not_a_certificate"),
        ({"signature": file(password="hunter2 is wrong")}, "certificate_password_wrong"),
        ({"signature": file(a_p12(ruc="155000009-2-2020", not_before=BEFORE))}, "certificate_of_another_ruc"),
        (
            {"signature": file(a_p12(ruc=RUC, not_before=BEFORE, not_after=BEFORE + timedelta(days=1)))},
            "certificate_expired",
        ),
        (None, "certificates_needed"),
    ],
)
async def test_a_bad_certificate_is_refused_before_anything_is_sent(
    api: AdminApi, given: dict[str, Any] | None, code: str
) -> None:
    refused = await onboard(api, certificates=given)
    assert [each["code"] for each in refused["errors"]] == [code]
    assert refused["errors"][0]["path"][:2] == ["input", "certificates"]
    assert companies_of(api) == []


async def test_what_is_malformed_is_named_by_its_path(api: AdminApi) -> None:
    wrong_dv = await onboard(api, dv="00")
    assert [(each["code"], each["path"]) for each in wrong_dv["errors"]] == [("malformed_onboarding", ["input", "dv"])]
    wrong_office = await onboard(api, office=said()["office"] | {"code": "7"})
    assert wrong_office["errors"][0]["path"] == ["input", "office", "code"]
    assert companies_of(api) == []


async def test_certificates_are_replaced_slot_by_slot(api: AdminApi) -> None:
    tenant = (await onboard(api))["onboarding"]["tenantId"]
    longer = a_p12(ruc=RUC, not_before=BEFORE, not_after=BEFORE + timedelta(days=3000))
    done = (await api.run(REPLACE, {"id": tenant, "new": {"signature": file(longer)}}))["replaceCertificates"]
    ends = {each["kind"]: each["notAfter"] for each in done["onboarding"]["certificates"]}
    assert done["errors"] == []
    assert ends["SIGNATURE"] > ends["AUTHENTICATION"]
    bad = await api.run(REPLACE, {"id": tenant, "new": {"authentication": file(password="no")}})
    assert [(each["code"], each["path"]) for each in bad["replaceCertificates"]["errors"]] == [
        ("certificate_password_wrong", ["certificates", "authentication"])
    ]
    none = (await api.run(REPLACE, {"id": tenant, "new": {}}))["replaceCertificates"]
    assert [each["code"] for each in none["errors"]] == ["certificates_needed"]
    stranger = (await api.run(REPLACE, {"id": "nobody", "new": {"signature": file()}}))["replaceCertificates"]
    assert [each["code"] for each in stranger["errors"]] == ["onboarding_not_found"]
    assert [each["code"] for each in (await api.run(RESUME, {"id": "nobody"}))["resumeOnboarding"]["errors"]] == [
        "onboarding_not_found"
    ]


@pytest.mark.parametrize(
    "certificate",
    [
        {"password": "hunter2"},
        {"file": 7, "password": "hunter2"},
        {"file": "eA==", "password": ["hunter2"]},
        {"file": "eA==", "password": "hunter2" * 1000},
        {"file": "eA==", "password": "hunter2", "pin": "hunter2"},
        {"file": "hunter2!", "password": "hunter2"},
        "hunter2",
    ],
)
async def test_a_password_is_in_no_answer_and_no_log(
    api: AdminApi, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], certificate: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await api.post(ONBOARD, {"input": said(certificates={"signature": certificate})})
    assert "errors" in answer.text
    shown = answer.text + caplog.text + "".join(capsys.readouterr())
    assert "hunter2" not in shown.replace("hunter2!", "")
    assert companies_of(api) == []


async def test_a_password_in_the_text_of_a_query_is_refused_and_not_repeated(api: AdminApi) -> None:
    literal = """mutation { replaceCertificates(
      tenantId: "x", certificates: { signature: { file: "eA==", password: "hunter2" } }) { errors { code } } }"""
    answer = await api.post(literal)
    assert answer.status_code == 400
    assert "variable" in answer.text
    assert "hunter2" not in answer.text


async def test_a_caller_of_the_api_onboards_nobody(api: AdminApi) -> None:
    made = await api.run(NEW_KEY, {"id": tenant_of(api.shop)})
    key = made["createApiKey"]["secret"]
    assert (await api.post(ONBOARD, {"input": said()}, key=key)).status_code == 401
    assert (await api.post(RESUME, {"id": tenant_of(api.shop)}, key=key)).status_code == 401
    assert companies_of(api) == []


async def test_onboarding_and_new_certificates_leave_events_without_the_files_or_their_passwords(api: AdminApi) -> None:
    tenant = (await onboard(api))["onboarding"]["tenantId"]
    await onboard(api, certificates=None)
    longer = a_p12(ruc=RUC, not_before=BEFORE, not_after=BEFORE + timedelta(days=3000))
    await api.run(REPLACE, {"id": tenant, "new": {"signature": file(longer)}})
    answer = await api.post(EVENTS, {"id": tenant})
    told = [each["node"] for each in answer.json()["data"]["adminEvents"]["edges"]]
    seen = sorted((each["kind"], each["outcome"]) for each in told if each["outcome"] != "ASKED")
    assert seen == [
        ("CERTIFICATES_REPLACED", "DONE"),
        ("ONBOARDING_ADVANCED", "DONE"),
        ("ONBOARDING_ADVANCED", "UNCHANGED"),
    ]
    assert {each["actor"] for each in told} == {"admin:alice"}
    assert PASSWORD not in answer.text
    assert base64.b64encode(longer).decode()[:40] not in answer.text
