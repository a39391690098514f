"""Every operation asks for its role: walked from the schema, so that none can be forgotten."""

import re
from functools import cache

import pytest
from ariadne import MutationType, QueryType, make_executable_schema
from graphql import GraphQLField

from adapters.graphql.permissions import guarded, needed_roles
from adapters.graphql.schema_building import build_schema
from core.tenants import Role
from tests.unit.graphql.api import Api, start_api
from tests.unit.graphql.smallest_calls import smallest_calls

NEEDED = needed_roles(build_schema())
CALLS = smallest_calls(build_schema())
ROLES = list(Role)  # from the weakest to the strongest
READING_FOR_OPERATORS = {"circuit", "zeroDifferenceStatement"}


@cache
def operations() -> dict[str, GraphQLField]:
    schema = build_schema()
    assert schema.query_type
    assert schema.mutation_type
    return schema.query_type.fields | schema.mutation_type.fields


@pytest.fixture
async def api() -> Api:
    return await start_api()


def test_every_operation_is_walked() -> None:
    assert NEEDED.keys() == CALLS.keys() == operations().keys()
    assert len(NEEDED) >= 20


@pytest.mark.parametrize("name", NEEDED)
async def test_a_key_of_each_role_may_what_its_role_says(api: Api, name: str) -> None:
    call = CALLS[name]
    for role in ROLES:
        answer = await api.post(call.query, call.variables, key=await api.new_key(role))
        content = answer.json()
        assert answer.status_code == 200, content
        codes = [error["extensions"]["code"] for error in content.get("errors", ())]
        is_weaker = ROLES.index(role) < ROLES.index(NEEDED[name])
        assert ("not_allowed" in codes) == is_weaker, (name, role, codes)
        if is_weaker:
            assert content["data"] is None or content["data"][name] is None


@pytest.mark.parametrize("name", NEEDED)
def test_the_description_names_the_role(name: str) -> None:
    told = re.findall(r"Needs the role (\w+)\.", operations()[name].description or "")
    expected = [] if NEEDED[name] is Role.VIEWER else [NEEDED[name].name]
    assert told == expected, f"the SDL of {name} must say: Needs the role {NEEDED[name].name}."


def test_nobody_changes_anything_with_a_viewers_key() -> None:
    mutations = build_schema().mutation_type
    assert mutations
    assert [name for name in mutations.fields if NEEDED[name] is Role.VIEWER] == []


def test_reading_is_open_to_every_role_except_what_is_named_here() -> None:
    queries = build_schema().query_type
    assert queries
    assert {name for name in queries.fields if NEEDED[name] is not Role.VIEWER} == READING_FOR_OPERATORS


async def _nothing(*_: object) -> None: ...


def test_an_operation_without_a_role_is_not_served() -> None:
    sdl = "type Query { seen: Int } type Mutation { done: Int }"
    query, mutation = QueryType(), MutationType()
    query.set_field("seen", guarded(Role.VIEWER, _nothing))
    with pytest.raises(ValueError, match="done declares no role"):
        needed_roles(make_executable_schema(sdl, query, mutation))
    mutation.set_field("done", _nothing)
    with pytest.raises(ValueError, match="done declares no role"):
        needed_roles(make_executable_schema(sdl, query, mutation))
    mutation.set_field("done", guarded(Role.ISSUER, _nothing))
    assert needed_roles(make_executable_schema(sdl, query, mutation)) == {"seen": Role.VIEWER, "done": Role.ISSUER}
