"""What administrators see and do: taxpayers, offices, keys, secrets, circuits, policies, onboardings, reports."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.alanube.fake.engine import DEFAULT_TOKEN
from adapters.graphql.admin.schema_building import build_admin_schema
from core.circuits import Circuit, CircuitState
from core.issue_time import panama_date
from core.tenants import DoubtPolicy, SecretKind
from tests.architecture import schema_rules
from tests.architecture.test_schema_conventions import RULES
from tests.contract.test_onboarding_book import an_onboarding, far_on
from tests.unit.graphql.admin_api import AdminApi, start_admin_api
from tests.world import tenant_of

TENANT = """query ($id: ID!) { tenant(tenantId: $id) {
  name ruc contributorType dv environment pacCompanyId doubtPolicy
  offices { code billingPoints } apiKeys { keyId name role revokedAt } secrets { kind inForce }
  circuit { state reason } onboarding { mayIssue nextStep missing certificates { kind endsWithinDays } } } }"""
REPORT = """query ($id: ID!, $from: Date!, $to: Date!, $type: DocumentType, $status: LegalStatus, $by: ReportGroup!) {
  pacDocumentsReport(tenantId: $id, fromDate: $from, toDate: $to, docType: $type, legalStatus: $status, groupBy: $by) {
    rows { group count netTotal itbmsTotal total } count atPac pacCount pacSilence difference } }"""
CREATE_TENANT = """mutation ($input: CreateTenantInput!, $key: String!) {
  createTenant(input: $input, idempotencyKey: $key) { tenant { tenantId ruc name } errors { code path } } }"""
CREATE_KEY = """mutation ($id: ID!, $name: String!, $key: String!) {
  createApiKey(tenantId: $id, name: $name, role: ISSUER, idempotencyKey: $key) {
    apiKey { keyId role } secret errors { code path } } }"""
SET_SECRET = """mutation ($id: ID!, $secret: String!, $keep: Boolean!) {
  setSecret(tenantId: $id, kind: WEBHOOK, secret: $secret, keepPrevious: $keep) {
    tenant { secrets { kind inForce } } errors { code path } } }"""
OTHER = {
    "name": "Otra, S.A.",
    "ruc": "155777777-2-2021",
    "contributorType": "JURIDICO",
    "environment": "TEST",
}


@pytest.fixture
async def api() -> AdminApi:
    return await start_admin_api()


async def reported(api: AdminApi, **changes: Any) -> Any:
    today = panama_date(api.world.clock.now())
    variables = {"id": tenant_of(api.shop), "from": str(today), "to": str(today), "by": "LEGAL_STATUS"} | changes
    return (await api.run(REPORT, variables))["pacDocumentsReport"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps_the_conventions(rule: schema_rules.Rule) -> None:
    assert list(rule(build_admin_schema())) == []


async def test_a_taxpayer_is_shown_with_everything_but_its_secrets(api: AdminApi) -> None:
    shown = (await api.run(TENANT, {"id": tenant_of(api.shop)}))["tenant"]
    assert shown["ruc"] == "155000001-2-2020"
    assert shown["contributorType"] == "JURIDICO"
    assert [office["code"] for office in shown["offices"]] == ["0000"]
    assert shown["secrets"] == [{"kind": "WEBHOOK", "inForce": 1}, {"kind": "PAC_KEY", "inForce": 0}]
    assert shown["circuit"] == {"state": "CLOSED", "reason": None}
    assert shown["onboarding"] is None
    assert (await api.run(TENANT, {"id": "nobody"}))["tenant"] is None
    listed = (await api.run("{ tenants { tenantId } }"))["tenants"]
    assert [each["tenantId"] for each in listed] == [tenant_of(api.shop)]
    refused = (await api.post("{ tenants(limit: 1001) { tenantId } }")).json()
    assert refused["errors"][0]["extensions"]["code"] == "malformed_input"


async def test_a_taxpayer_is_added_once_for_one_key(api: AdminApi) -> None:
    right = OTHER | {"dv": api.world.engine.register_company(ruc=OTHER["ruc"], name="Otra").dv}
    first = (await api.run(CREATE_TENANT, {"input": right, "key": "k-1"}))["createTenant"]
    again = (await api.run(CREATE_TENANT, {"input": right, "key": "k-1"}))["createTenant"]
    assert first["errors"] == []
    assert first == again
    other = (await api.run(CREATE_TENANT, {"input": right | {"name": "Another"}, "key": "k-1"}))["createTenant"]
    assert [error["code"] for error in other["errors"]] == ["idempotency_conflict"]
    bad = (await api.run(CREATE_TENANT, {"input": right | {"dv": "00"}, "key": "k-2"}))["createTenant"]
    assert bad["errors"] == [{"code": "malformed_tenant", "path": ["input", "dv"]}]
    assert len((await api.run("{ tenants { tenantId } }"))["tenants"]) == 2


async def test_a_key_shows_its_secret_once_and_is_revoked(api: AdminApi) -> None:
    variables = {"id": tenant_of(api.shop), "name": "till", "key": "k-1"}
    made = (await api.run(CREATE_KEY, variables))["createApiKey"]
    again = (await api.run(CREATE_KEY, variables))["createApiKey"]
    assert again == made | {"secret": None}
    viewer = "{ viewer { role } }"
    assert (await api.post(viewer, key=made["secret"], path="/graphql")).json()["data"]["viewer"]["role"] == "ISSUER"
    conflict = (await api.run(CREATE_KEY, variables | {"name": "other"}))["createApiKey"]
    assert [error["code"] for error in conflict["errors"]] == ["idempotency_conflict"]
    revoke = "mutation ($id: ID!, $key: ID!) { revokeApiKey(tenantId: $id, keyId: $key) { errors { code } } }"
    for key_id, codes in ((made["apiKey"]["keyId"], []), ("nobody", ["api_key_not_found"])):
        done = (await api.run(revoke, {"id": tenant_of(api.shop), "key": key_id}))["revokeApiKey"]
        assert [error["code"] for error in done["errors"]] == codes
    assert (await api.post(viewer, key=made["secret"], path="/graphql")).status_code == 401


async def test_a_key_of_one_taxpayer_is_not_revoked_through_another(api: AdminApi) -> None:
    other = await api.world.open_shop(ruc="155000009-2-2020", name="Otra, S.A.")
    made = (await api.run(CREATE_KEY, {"id": tenant_of(other), "name": "till", "key": "k"}))["createApiKey"]
    revoke = "mutation ($id: ID!, $key: ID!) { revokeApiKey(tenantId: $id, keyId: $key) { errors { code } } }"
    done = await api.run(revoke, {"id": tenant_of(api.shop), "key": made["apiKey"]["keyId"]})
    assert done["revokeApiKey"]["errors"] == [{"code": "api_key_not_found"}]
    assert (await api.post("{ viewer { role } }", key=made["secret"], path="/graphql")).status_code == 200


async def test_a_secret_is_set_and_never_shown(api: AdminApi) -> None:
    variables = {"id": tenant_of(api.shop), "secret": "another secret of tests", "keep": True}
    answer = await api.post(SET_SECRET, variables)
    assert answer.json()["data"]["setSecret"]["tenant"]["secrets"][0] == {"kind": "WEBHOOK", "inForce": 2}
    assert "another secret" not in answer.text
    kept = await api.world.stores.secrets.current(tenant_of(api.shop), SecretKind.WEBHOOK)
    assert kept[0] == "another secret of tests"
    short = (await api.run(SET_SECRET, variables | {"secret": "short"}))["setSecret"]
    assert short["errors"] == [{"code": "malformed_input", "path": ["secret"]}]


async def test_an_open_circuit_is_seen_and_closed(api: AdminApi) -> None:
    now = api.world.clock.now()

    def opened(_: Circuit) -> Circuit:
        return Circuit(
            tenant_id=tenant_of(api.shop), state=CircuitState.OPEN, reason="AP1010", opened_at=now, probe_at=now
        )

    await api.world.stores.circuits.change(tenant_of(api.shop), opened)
    shown = (await api.run(TENANT, {"id": tenant_of(api.shop)}))["tenant"]["circuit"]
    assert shown == {"state": "OPEN", "reason": "AP1010"}
    close = "mutation ($id: ID!) { closeCircuit(tenantId: $id) { circuit { state } errors { code } } }"
    done = (await api.run(close, {"id": tenant_of(api.shop)}))["closeCircuit"]
    assert done == {"circuit": {"state": "CLOSED"}, "errors": []}
    assert not (await api.world.stores.circuits.circuit_of(tenant_of(api.shop))).is_open
    nobody = (await api.run(close, {"id": "nobody"}))["closeCircuit"]
    assert nobody["errors"] == [{"code": "tenant_not_found"}]


async def test_the_doubt_policy_and_an_office_are_set(api: AdminApi) -> None:
    policy = "mutation ($id: ID!) { setDoubtPolicy(tenantId: $id, policy: RESEND) { tenant { doubtPolicy } } }"
    await api.run(policy, {"id": tenant_of(api.shop)})
    assert (await api.world.stores.tenants.get(tenant_of(api.shop))).doubt_policy is DoubtPolicy.RESEND
    office = {
        "code": "0007",
        "address": "Calle 50",
        "coordinates": "+8.9824,-79.5199",
        "locationCode": "8-8-7",
        "telephone": "200-0000",
    }
    create = """mutation ($id: ID!, $input: CreateTenantOfficeInput!) {
      createOffice(tenantId: $id, input: $input, idempotencyKey: "o") {
        office { officeId code } errors { code path } } }"""
    first = (await api.run(create, {"id": tenant_of(api.shop), "input": office}))["createOffice"]
    assert first == (await api.run(create, {"id": tenant_of(api.shop), "input": office}))["createOffice"]
    assert first["office"]["code"] == "0007"
    bad = (await api.run(create, {"id": tenant_of(api.shop), "input": office | {"code": "7"}}))["createOffice"]
    assert bad["errors"] == [{"code": "malformed_office", "path": ["input", "code"]}]


async def test_an_onboarding_says_what_is_missing_and_which_certificate_ends(api: AdminApi) -> None:
    now = api.world.clock.now()
    waiting = replace(far_on(an_onboarding()), tenant_id=tenant_of(api.shop), affiliation_state="REQUESTED")
    ending = tuple(replace(each, not_after=now + timedelta(days=29)) for each in waiting.certificates)
    await api.world.stores.onboardings.begin(replace(waiting, certificates=ending))
    shown = (await api.run(TENANT, {"id": tenant_of(api.shop)}))["tenant"]["onboarding"]
    assert (shown["mayIssue"], shown["nextStep"]) == (False, "CUSTOMER")
    assert "eTax" in shown["missing"]
    assert shown["certificates"] == [{"kind": "SIGNATURE", "endsWithinDays": 30}]
    listed = (await api.run("{ onboardings { ruc affiliation } }"))["onboardings"]
    assert listed == [{"ruc": "155000001-2-2020", "affiliation": "REQUESTED"}]


async def test_a_report_adds_up_our_rows_beside_the_count_of_the_pac(api: AdminApi) -> None:
    world, shop = api.world, api.shop
    for place in range(3):
        await world.invoice(shop, await world.an_order(shop), f"key-{place}")
    report = await reported(api)
    assert (report["count"], report["atPac"], report["pacCount"], report["difference"]) == (3, 3, 3, 0)
    (row,) = report["rows"]
    assert (row["count"], row["netTotal"], row["itbmsTotal"], row["total"]) == (3, "360.00", "25.20", "385.20")
    by_series = await reported(api, by="SERIES", type="DOMESTIC_INVOICE")
    assert [(row["group"], row["count"]) for row in by_series["rows"]] == [("001/01", 3)]
    assert by_series["pacCount"] is None
    assert by_series["pacSilence"]
    assert (await reported(api, status="DGI_REJECTED"))["rows"] == []
    today = panama_date(world.clock.now())
    assert (await reported(api, by="DAY"))["rows"][0]["group"] == str(today)
    tomorrow = str(today + timedelta(days=1))
    assert (await reported(api, **{"from": tomorrow, "to": tomorrow}))["count"] == 0


async def test_a_document_that_the_pac_has_and_we_have_not_is_a_difference(api: AdminApi) -> None:
    world, shop = api.world, api.shop
    issued = await world.invoice(shop, await world.an_order(shop), "key-1")
    ours = await world.stores.documents.get(issued.tenant_id, issued.document_id)
    elsewhere = world.engine.document(str(ours.pac_document_id))
    world.engine._world.documents["01ELSEWHERE"] = replace(elsewhere, id="01ELSEWHERE")
    report = await reported(api)
    assert (report["atPac"], report["pacCount"], report["difference"]) == (1, 2, 1)


async def test_all_companies_are_reported_and_a_silent_pac_is_said(api: AdminApi) -> None:
    other = await api.world.open_shop(ruc="155000009-2-2020", name="Otra, S.A.")
    await api.world.invoice(other, await api.world.an_order(other), "key-1")
    api.world.engine.revoke_token(DEFAULT_TOKEN)
    today = str(panama_date(api.world.clock.now()))
    query = """query ($day: Date!) { pacDocumentsReportAllCompanies(fromDate: $day, toDate: $day) {
      ruc count pacCount difference pacSilence } }"""
    reports = (await api.run(query, {"day": today}))["pacDocumentsReportAllCompanies"]
    assert all(each["pacCount"] is None and "credentials" in each["pacSilence"] for each in reports), reports
    assert all(each["pacCount"] is None and "credentials" in each["pacSilence"] for each in reports), reports
    assert [(each["ruc"], each["count"]) for each in reports] == [("155000001-2-2020", 0), ("155000009-2-2020", 1)]


@pytest.mark.parametrize(("first", "last"), [("2026-03-02", "2026-03-01"), ("2026-01-01", "2026-04-01")])
async def test_a_period_has_at_most_ninety_days(api: AdminApi, first: str, last: str) -> None:
    variables = {"id": tenant_of(api.shop), "from": first, "to": last, "by": "DAY"}
    refused = (await api.post(REPORT, variables)).json()
    assert refused["errors"][0]["extensions"]["code"] == "malformed_report"
