"""Every change through the administrators' API leaves an event, and what came of it; no secret is in any."""

from typing import Any

import pytest

from adapters.graphql.admin.schema_building import build_admin_schema
from core.administration import AdminKind, AdminOutcome, ChainedAdminEvent, digest_of
from core.hash_chain import GENESIS
from core.ports.administration_journal import AdminEventFilter
from tests.unit.graphql.admin_api import AdminApi, start_admin_api
from tests.unit.graphql.smallest_calls import smallest_calls
from tests.unit.graphql.test_admin import CREATE_KEY, CREATE_TENANT, OTHER, SET_SECRET
from tests.world import tenant_of

CALLS = smallest_calls(build_admin_schema())
MUTATIONS = sorted(build_admin_schema().mutation_type.fields)  # type: ignore[union-attr]
KIND_OF = {
    "createTenant": AdminKind.TENANT_CREATED,
    "createOffice": AdminKind.OFFICE_CREATED,
    "createApiKey": AdminKind.API_KEY_CREATED,
    "revokeApiKey": AdminKind.API_KEY_REVOKED,
    "setSecret": AdminKind.SECRET_SET,
    "setDoubtPolicy": AdminKind.DOUBT_POLICY_SET,
    "closeCircuit": AdminKind.CIRCUIT_CLOSED,
    "onboardTaxpayer": AdminKind.ONBOARDING_ADVANCED,
    "resumeOnboarding": AdminKind.ONBOARDING_ADVANCED,
    "replaceCertificates": AdminKind.CERTIFICATES_REPLACED,
}
EVENTS = """query ($tenant: ID, $kind: AdminEventKind, $first: Int!, $after: String) {
  adminEvents(tenantId: $tenant, kind: $kind, first: $first, after: $after) {
    edges { cursor node { sequence actor kind outcome tenantId asked subject facts { name value } digest } }
    pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
async def api() -> AdminApi:
    return await start_admin_api()


async def kept(api: AdminApi) -> list[ChainedAdminEvent]:
    page = await api.world.stores.administration.page(AdminEventFilter(), before=None, limit=1000)
    return list(page.events)[::-1]


def told(chain: list[ChainedAdminEvent]) -> list[tuple[str, str]]:
    return [(each.event.kind.value, each.event.outcome.value) for each in chain]


@pytest.mark.parametrize("name", MUTATIONS)
async def test_every_mutation_leaves_what_was_asked_and_what_came_of_it(api: AdminApi, name: str) -> None:
    call = CALLS[name]
    await api.post(call.query, call.variables)
    asked, answered = await kept(api)
    assert asked.event.kind is answered.event.kind is KIND_OF[name]
    assert asked.event.outcome is AdminOutcome.ASKED
    assert answered.event.outcome is AdminOutcome.REFUSED
    assert answered.event.facts["code"]
    assert answered.event.asked == asked.sequence
    assert asked.event.actor == answered.event.actor == "admin:alice"


async def test_a_change_that_is_done_names_what_was_made_and_a_repetition_is_no_second_one(api: AdminApi) -> None:
    right = OTHER | {"dv": api.world.engine.register_company(ruc=OTHER["ruc"], name="Otra").dv}
    for _ in range(2):
        made = (await api.run(CREATE_TENANT, {"input": right, "key": "k-1"}))["createTenant"]["tenant"]
    key = {"id": made["tenantId"], "name": "till", "key": "k-1"}
    shown = [(await api.run(CREATE_KEY, key))["createApiKey"] for _ in range(2)]
    chain = await kept(api)
    assert told(chain) == [
        *(("TENANT_CREATED", outcome) for outcome in ("ASKED", "DONE", "ASKED", "UNCHANGED")),
        *(("API_KEY_CREATED", outcome) for outcome in ("ASKED", "DONE", "ASKED", "UNCHANGED")),
    ]
    done = chain[1].event
    assert (done.tenant_id, done.subject, done.facts["ruc"]) == (made["tenantId"], made["tenantId"], OTHER["ruc"])
    assert (chain[5].event.tenant_id, chain[5].event.subject) == (made["tenantId"], shown[0]["apiKey"]["keyId"])
    previous = GENESIS
    for each in chain:
        assert each.digest == digest_of(each.event, previous, each.sequence)
        previous = each.digest


async def test_no_secret_is_in_any_event(api: AdminApi) -> None:
    secret = "another secret of tests"
    await api.run(SET_SECRET, {"id": tenant_of(api.shop), "secret": secret, "keep": True})
    await api.run(SET_SECRET, {"id": tenant_of(api.shop), "secret": "short-secret", "keep": True})
    made = (await api.run(CREATE_KEY, {"id": tenant_of(api.shop), "name": "till", "key": "k"}))["createApiKey"]
    text = repr(await kept(api))
    assert "SECRET_SET" in text
    for hidden in (secret, "short-secret", made["secret"]):
        assert hidden not in text


async def test_events_are_read_page_by_page_by_tenant_and_kind(api: AdminApi) -> None:
    tenant = tenant_of(api.shop)
    for name in ("one", "two"):
        await api.run(CREATE_KEY, {"id": tenant, "name": name, "key": name})
    await api.run(CREATE_KEY, {"id": "nobody", "name": "x", "key": "x"})
    seen: list[int] = []
    after = None
    while True:
        page = (await api.run(EVENTS, {"tenant": tenant, "first": 3, "after": after}))["adminEvents"]
        seen += [edge["node"]["sequence"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [4, 3, 2, 1]
    refused = (await api.run(EVENTS, {"tenant": "nobody", "first": 1}))["adminEvents"]["edges"][0]["node"]
    assert (refused["outcome"], refused["facts"]) == ("REFUSED", [{"name": "code", "value": "tenant_not_found"}])
    other = (await api.run(EVENTS, {"kind": "CIRCUIT_CLOSED", "first": 5}))["adminEvents"]
    assert other["edges"] == []


@pytest.mark.parametrize("variables", [{"first": 0}, {"first": 101}, {"first": 1, "after": "bm90IGE6Y3Vyc29y"}])
async def test_a_malformed_page_is_refused(api: AdminApi, variables: dict[str, Any]) -> None:
    answer = (await api.post(EVENTS, variables)).json()
    assert answer["errors"][0]["extensions"]["code"] == "malformed_page"


async def test_other_keys_read_nothing(api: AdminApi) -> None:
    key = (await api.run(CREATE_KEY, {"id": tenant_of(api.shop), "name": "till", "key": "k"}))["createApiKey"]["secret"]
    assert (await api.post(EVENTS, {"first": 1}, key=key)).status_code == 401
    at_the_other_door = await api.post(EVENTS, {"first": 1}, key=key, path="/graphql")
    assert "adminEvents" not in (at_the_other_door.json().get("data") or {})
