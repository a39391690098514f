"""Other keys, another door: an administrator's key opens nothing at /graphql, a taxpayer's nothing at /admin."""

import pytest
from graphql import GraphQLSchema

from adapters.graphql.admin.context import AdminContext, AdminResolver
from adapters.graphql.admin.schema_building import build_admin_schema
from adapters.scheduler.manual_clock import SeededChance
from core.failures import MalformedInputError, NotAuthenticatedError
from core.tenants import Role
from core.use_cases.admin_keys import AuthenticateAdmin, CreateAdminKey
from core.use_cases.api_keys import CreateApiKey
from tests.unit.graphql.admin_api import ADMIN_SECRET, AdminApi, start_admin_api
from tests.world import tenant_of

TENANTS = "{ tenants { tenantId name } }"


@pytest.fixture
async def api() -> AdminApi:
    return await start_admin_api()


@pytest.mark.parametrize("role", Role)
async def test_a_taxpayers_key_opens_nothing_at_the_administrators_door(api: AdminApi, role: Role) -> None:
    stores, world = api.world.stores, api.world
    create = CreateApiKey(stores.tenants, stores.directory, world.clock, world.identifiers, world.chance)
    secret = (await create(tenant_of(api.shop), name="k", role=role)).secret
    answer = await api.post(TENANTS, key=secret)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "not_authenticated"
    assert (await api.post("{ viewer { role } }", key=secret, path="/graphql")).status_code == 200


async def test_an_administrators_key_opens_nothing_at_the_taxpayers_door(api: AdminApi) -> None:
    answer = await api.post("{ viewer { role } }", key=ADMIN_SECRET, path="/graphql")
    assert answer.status_code == 401
    assert (await api.post(TENANTS)).status_code == 200


@pytest.mark.parametrize(
    "key", ["", "istmo_admin_", ADMIN_SECRET[:-1], ADMIN_SECRET + "a", ADMIN_SECRET.upper(), "istmo_admin_" + "b" * 43]
)
async def test_without_a_key_in_force_nothing_is_answered(api: AdminApi, key: str) -> None:
    answer = await api.post(TENANTS, key=key)
    assert answer.status_code == 401
    assert "data" not in answer.json()


async def test_introspection_is_off_here_too(api: AdminApi) -> None:
    answer = await api.post("{ __schema { types { name } } }")
    assert answer.json()["errors"][0]["extensions"]["code"] == "invalid_query"


def root_fields(schema: GraphQLSchema) -> dict[str, object]:
    roots = [root for root in (schema.query_type, schema.mutation_type) if root]
    return {name: field for root in roots for name, field in root.fields.items()}


def test_every_operation_serves_administrators_alone_and_says_so() -> None:
    for name, field in root_fields(build_admin_schema()).items():
        assert isinstance(field.resolve, AdminResolver), name  # type: ignore[attr-defined]
        assert "For administrators." in " ".join(field.description.split()), name  # type: ignore[attr-defined]


async def test_a_resolver_refuses_the_context_of_a_taxpayers_request() -> None:
    class Info:
        context = object()

    async def served(_root: object, _info: object) -> str:
        return "everything"

    with pytest.raises(NotAuthenticatedError):
        await AdminResolver(served)(None, Info())  # type: ignore[arg-type]
    assert AdminContext.__slots__


def test_a_key_is_made_once_and_only_its_digest_is_kept() -> None:
    made = CreateAdminKey(SeededChance())("alice")
    assert made.secret.startswith("istmo_admin_")
    assert made.secret not in repr(made)
    assert AuthenticateAdmin([made.key])(f"Bearer {made.secret}") == made.key
    with pytest.raises(NotAuthenticatedError):
        AuthenticateAdmin([])(f"Bearer {made.secret}")
    with pytest.raises(MalformedInputError):
        CreateAdminKey(SeededChance())("Alice Smith")
