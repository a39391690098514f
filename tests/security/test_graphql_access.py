"""Who may ask: keys, roles, introspection, and fields that are not the caller's to set."""

from typing import Any

import pytest

from core.tenants import Role
from core.use_cases.api_keys import RevokeApiKey
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, CREATE_ORDER, Api, start_api
from tests.world import tenant_of

VIEWER = "{ viewer { role } }"
OFFICE = '{code: "0002", address: "x", coordinates: "x", locationCode: "x", telephone: "x"}'


@pytest.fixture
async def api() -> Api:
    return await start_api()


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic aXN0bW86eA==",
        "istmo_x",
        "Bearer istmo_short",
        "Bearer " + "x" * 50,
        "Bearer istmo_" + "A" * 43,
        "bearer KEY",
        "Bearer KEY ",
        "Bearer  KEY",
        "Bearer KEY, Bearer KEY",
        "Bearer istmo_ñññññññññññññññññññññ",
        "Bearer istmo_" + "A" * 100_000,
    ],
)
async def test_without_a_valid_key_nothing_is_answered(api: Api, authorization: str | None) -> None:
    headers = (
        {} if authorization is None else {"Authorization": authorization.replace("KEY", api.key).encode("latin-1")}
    )
    answer = await api.http.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["errors"][0]["extensions"]["code"] == "not_authenticated"
    assert "data" not in answer.json()


async def test_a_revoked_key_is_as_good_as_none(api: Api) -> None:
    revoked = await api.new_key(Role.OPERATOR)
    keys = await api.world.stores.directory.api_keys(tenant_of(api.shop))
    await RevokeApiKey(api.world.stores.directory, api.world.clock)(tenant_of(api.shop), keys[-1].key_id)
    error = await api.refused(VIEWER, key=revoked, status=401)
    unknown = await api.refused(VIEWER, key="istmo_" + "A" * 43, status=401)
    assert error == unknown


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }', VIEWER])
async def test_introspection_without_a_key_is_refused_before_it_is_read(api: Api, query: str) -> None:
    answer = await api.http.post("/graphql", json={"query": query})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Document") { fields { name } } }',
        "{ viewer { ...F } } fragment F on Viewer { __typename } query Other { __schema { queryType { name } } }",
    ],
)
async def test_introspection_is_off_unless_it_is_set(api: Api, query: str) -> None:
    assert (await api.refused(query))["extensions"]["code"] == "invalid_query"


async def test_introspection_can_be_set(api: Api) -> None:
    open_api = await api.with_settings(introspection=True)
    data = await open_api.run('{ __type(name: "Viewer") { fields { name } } }')
    assert {"name": "role"} in data["__type"]["fields"]


@pytest.mark.parametrize(
    "mass_assigned",
    [
        {"status": "DGI_AUTHORIZED"},
        {"cufe": "FE01"},
        {"number": "7"},
        {"tenantId": "x"},
        {"legalStatus": "DGI_AUTHORIZED"},
        {"submission": "ACCEPTED"},
        {"webhookUrl": "http://169.254.169.254/"},
        {"__proto__": {}},
        {"issuer": {}},
        {"id": "x"},
    ],
)
async def test_a_field_that_is_not_the_callers_to_set_is_refused(api: Api, mass_assigned: dict[str, Any]) -> None:
    error = await api.refused(CREATE_ORDER, {"input": AN_ORDER | mass_assigned})
    assert error["extensions"]["code"] == "invalid_variable"
    error = await api.refused(CREATE_INVOICE, {"input": AN_ORDER | mass_assigned, "key": "k"})
    assert error["extensions"]["code"] == "invalid_variable"


@pytest.mark.parametrize(
    ("field", "needed"),
    [
        (f"createOffice(input: {OFFICE})", Role.OPERATOR),
        ('createClient(input: {name: "Sol"})', Role.ISSUER),
        ("createOrder(input: {lines: []})", Role.ISSUER),
        ('generateInvoice(orderId: "x", mode: DGI, idempotencyKey: "k")', Role.ISSUER),
        ('createInvoice(input: {lines: []}, idempotencyKey: "k")', Role.ISSUER),
        ('attachPacPdf(sourceId: "x", sourceType: INVOICE)', Role.OPERATOR),
        ('adoptPacDocument(documentId: "x", pacDocumentId: "y")', Role.OPERATOR),
        ('confirmAtDgi(documentId: "x", note: "visto")', Role.OPERATOR),
        ('giveUpDocument(documentId: "x", reason: "no está")', Role.OPERATOR),
        ("setDoubtPolicy(policy: PARK)", Role.OPERATOR),
    ],
)
async def test_a_weaker_role_may_not(api: Api, field: str, needed: Role) -> None:
    query = f"mutation {{ {field} {{ errors {{ code }} }} }}"
    for role in Role:
        answer = await api.post(query, key=await api.new_key(role))
        codes = [error["extensions"]["code"] for error in answer.json().get("errors", [])]
        is_weaker = list(Role).index(role) < list(Role).index(needed)
        assert codes == (["not_allowed"] if is_weaker else []), role
        assert answer.status_code == 200


async def test_a_denied_mutation_leaves_the_others_of_its_request_alone(api: Api) -> None:
    query = f"""mutation {{
      createOrder(input: {{lines: [{{description: "x", quantity: "1", unitPrice: "1.00"}}]}}) {{ order {{ id }} }}
      createOffice(input: {OFFICE}) {{ errors {{ code }} }}
    }}"""
    answer = await api.post(query, key=await api.new_key(Role.ISSUER))
    assert answer.json()["data"]["createOrder"]["order"]["id"]
    assert answer.json()["data"]["createOffice"] is None


async def test_the_circuit_is_the_operators_alone(api: Api) -> None:
    for role in Role:
        answer = (await api.post("{ circuit { state } }", key=await api.new_key(role))).json()
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert codes == ([] if role is Role.OPERATOR else ["not_allowed"]), role
