"""The explorer is there by setting alone."""

from pathlib import Path

from tests.integration.installation import Installation, running_in_process

SCHEMA = "{ __schema { queryType { name } } }"


async def test_without_the_setting_there_is_no_explorer(web: Installation) -> None:
    for path in ("/explorer", "/explorer/", "/explorer/explorer.js"):
        assert (await web.http.get(path)).status_code == 404
    customer = await web.customer()
    assert (await customer.post(SCHEMA, {})).status_code == 400


async def test_with_the_setting_it_is_served_and_may_read_the_schema(sqlite_url: str, tmp_path: Path) -> None:
    async with running_in_process(tmp_path, sqlite_url, ISTMO_EXPLORER="true") as installed:
        page = await installed.http.get("/explorer")
        assert page.status_code == 200
        assert "<title>Istmo explorer</title>" in page.text
        assert (await installed.http.get("/explorer/examples.json")).json()
        customer = await installed.customer()
        assert (await customer.post(SCHEMA, {})).json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
        assert (await installed.http.post("/graphql", json={"query": SCHEMA})).status_code == 401
