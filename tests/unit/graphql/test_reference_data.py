"""RUC verification and catalogues through the API: what is told, how old it is, and whose it is."""

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.tenants import Role
from tests.unit.graphql.api import Api

VERIFY = """
query Verify($ruc: String!, $type: ContributorType!) {
  verifyRuc(ruc: $ruc, type: $type) { ruc contributorType dv receiverClass source checkedAt disagreement }
}
"""
CATALOGUES = """
query Catalogues($search: String, $first: Int = 20, $after: String) {
  units(search: $search, first: $first, after: $after) {
    edges { cursor node { code name } } pageInfo { hasNextPage endCursor } totalCount isStale fetchedAt
  }
}
"""
STATE_BODY = {"ruc": "8-nt-1-12345", "type": "JURIDICO"}


def be_away(api: Api, path: str) -> None:
    rule = FaultRule(kind=FaultKind.ERROR_503_BEFORE, match=RequestMatch(method="GET", path_contains=path))
    api.world.engine.set_faults(FaultPlan(rules=(rule,)))


def codes(connection: dict) -> list[str]:
    return [edge["node"]["code"] for edge in connection["edges"]]


async def test_a_ruc_is_verified_and_told_again_with_its_age(api: Api) -> None:
    key = await api.new_key(Role.VIEWER)
    first = (await api.run(VERIFY, STATE_BODY, key=key))["verifyRuc"]
    assert (first["ruc"], first["contributorType"]) == ("8-NT-1-12345", "JURIDICO")
    assert (first["receiverClass"], first["source"], first["disagreement"]) == ("GOVERNMENT", "REGISTRY", None)
    api.world.clock.advance(3600)
    again = (await api.run(VERIFY, STATE_BODY, key=key))["verifyRuc"]
    assert again == first | {"source": "CACHE"}


async def test_a_pac_that_is_away_leaves_the_check_digit(api: Api) -> None:
    be_away(api, "/check-digit")
    told = (await api.run(VERIFY, STATE_BODY))["verifyRuc"]
    assert (told["source"], told["receiverClass"], told["checkedAt"]) == ("OFFLINE", None, None)
    assert len(told["dv"]) == 2


async def test_what_is_no_ruc_or_not_registered_is_said_with_a_code(api: Api) -> None:
    malformed = (await api.post(VERIFY, {"ruc": "ABC", "type": "NATURAL"})).json()["errors"][0]
    assert malformed["extensions"]["code"] == "malformed_ruc"
    api.world.engine.registry.forget("8-1-1")
    unknown = (await api.post(VERIFY, {"ruc": "8-1-1", "type": "NATURAL"})).json()["errors"][0]
    assert unknown["extensions"]["code"] == "ruc_not_registered"


async def test_a_catalogue_is_searched_by_code_and_by_words_without_accents(api: Api) -> None:
    by_code = (await api.run(CATALOGUES, {"search": "KG"}))["units"]
    assert codes(by_code) == ["kg"]
    by_name = (await api.run(CATALOGUES, {"search": "galon"}))["units"]
    assert [edge["node"] for edge in by_name["edges"]] == [{"code": "gal", "name": "Galón"}]
    assert (await api.run(CATALOGUES, {"search": "no such thing"}))["units"]["totalCount"] == 0


async def test_a_catalogue_is_read_page_by_page(api: Api) -> None:
    whole = (await api.run(CATALOGUES, {"first": 100}))["units"]
    assert whole["totalCount"] == len(whole["edges"])
    read: list[str] = []
    after = None
    while True:
        page = (await api.run(CATALOGUES, {"first": 5, "after": after}))["units"]
        read += codes(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert read == codes(whole)


async def test_an_old_copy_is_served_while_the_pac_is_away_and_says_so(api: Api) -> None:
    fresh = (await api.run(CATALOGUES))["units"]
    assert not fresh["isStale"]
    be_away(api, "/dgi/")
    api.world.clock.advance(24 * 3600 - 1)
    assert not (await api.run(CATALOGUES))["units"]["isStale"]
    api.world.clock.advance(1)
    stale = (await api.run(CATALOGUES))["units"]
    assert stale == fresh | {"isStale": True}
    never_read = (await api.post("{ countries { totalCount } }")).json()["errors"][0]
    assert never_read["extensions"]["code"] == "pac_unavailable"


async def test_every_catalogue_has_entries(api: Api) -> None:
    query = (
        "{ " + " ".join(f"{name} {{ totalCount }}" for name in ("goodsAndServices", "locations", "countries")) + " }"
    )
    assert all(found["totalCount"] > 10 for found in (await api.run(query)).values())


async def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    error = (await api.post(CATALOGUES, {"after": "Y2xpZW50OjE"})).json()["errors"][0]
    assert error["extensions"]["code"] == "malformed_page"
