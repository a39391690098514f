"""What is sent to onboard a taxpayer is large and secret: it has limits, and nobody repeats it, not even the PAC."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.alanube.client import AlanubeClient
from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.graphql.admin.handlers import FILE_CHARACTERS_MAX
from adapters.graphql.settings import GraphqlSettings
from adapters.graphql.told_problems import without_values
from tests.security.test_tenant_isolation import AN_ORDER, CREATE_INVOICE
from tests.unit.graphql.admin_api import AdminApi, settings_of, start_admin_api
from tests.unit.graphql.test_admin_onboarding import NEW_KEY, ONBOARD, RESUME, companies_of, file, said
from tests.unit.onboarding.certificates import PASSWORD
from tests.world import World

TEXTS_MAX = GraphqlSettings(public_url="https://istmo.test").text_characters_max
EXPECTED = "Expected value of type 'X'"
TOLD = [
    ("Expected value of type 'X' to be an object, found: 'a, found: x'.", f"{EXPECTED} to be an object."),
    ("String cannot represent a non string value: 7", "String cannot represent a non string value."),
    ("Syntax Error: Expected ':', found String \"secret\".", "Syntax Error: Expected ':', found String."),
    ("Syntax Error: Expected Name, found '}'.", "Syntax Error: Expected Name, found '}'."),
    ("Expected value of type 'X', but encountered error 'e'; found: 's'.", f"{EXPECTED}, but encountered error 'e'."),
]


@pytest.fixture
async def api() -> AdminApi:
    return await start_admin_api()


class RepeatingPac(httpx.AsyncBaseTransport):
    """Refuses what changes a company, in words that hold what it was sent."""

    def __init__(self, world: World) -> None:
        self._pac = EngineTransport(world.engine)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._pac.handle_async_request(request)
        sent = json.loads(await request.aread())["certificates"]["signature"]
        told = {"code": "X1", "message": f"bad {sent['password']}, and {sent['content'][:200]}"}
        return httpx.Response(400, json={"code": 400, "errors": [told]})


async def test_the_words_of_the_pac_are_told_without_the_password_and_the_file() -> None:
    world = World()
    settings = settings_of(world)
    companies = AlanubePacCompanies(settings, AlanubeClient(settings, world.clock, transport=RepeatingPac(world)))
    shop = await world.open_shop()
    api = AdminApi(world=world, shop=shop, companies=companies)
    refused = (await api.run(ONBOARD, {"input": said()}))["onboardTaxpayer"]["errors"]
    assert [each["code"] for each in refused] == ["pac_refused"]
    assert "bad [...], and [...]" in refused[0]["message"]
    (onboarding,) = await world.stores.onboardings.everyone(limit=9)
    assert PASSWORD not in repr(onboarding)


@pytest.mark.parametrize(
    "query",
    [
        'mutation { replaceCertificates(tenantId: "x", certificates: "hunter2") { errors { code } } }',
        'mutation { replaceCertificates(tenantId: "x", certificates: {signature: {file: $f, "hunter2"',
        'mutation { replaceCertificates(tenantId: "x", certificates: {signature: {password: """hunter2"""}}) { x } }',
        'mutation ($p: Secret! = "hunter2") { resumeOnboarding(tenantId: "x") { errors { code } } }',
    ],
)
async def test_a_query_that_is_wrong_is_refused_without_its_texts(api: AdminApi, query: str) -> None:
    answer = await api.post(query)
    assert answer.status_code == 400
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(("message", "told"), TOLD)
def test_what_the_library_repeats_is_cut_off_and_the_rest_is_told(message: str, told: str) -> None:
    assert without_values(message) == told


async def test_a_file_may_be_sent_in_the_lines_that_the_command_of_that_name_prints(api: AdminApi) -> None:
    content = base64.b64decode(file()["file"])
    in_lines = {"file": base64.encodebytes(content).decode().replace("\n", "\r\n"), "password": PASSWORD}
    assert "\n" in in_lines["file"]
    begun = (await api.run(ONBOARD, {"input": said(certificates={"signature": in_lines})}))["onboardTaxpayer"]
    assert begun["errors"] == []


def with_points() -> dict[str, Any]:
    return {"office": said()["office"] | {"billingPoints": ["001", "0" * (TEXTS_MAX + 1)]}}


async def test_a_file_has_a_limit_and_every_other_text_a_smaller_one(api: AdminApi) -> None:
    large = said(certificates={"signature": file(bytes(FILE_CHARACTERS_MAX))})
    refused = (await api.post(ONBOARD, {"input": large})).json()["errors"][0]["extensions"]
    place = ["input", "certificates", "signature", "file"]
    assert (refused["code"], refused["path"][-4:]) == ("malformed_input", place)
    below = {"file": base64.b64encode(bytes(FILE_CHARACTERS_MAX * 3 // 4)).decode(), "password": PASSWORD}
    judged = (await api.run(ONBOARD, {"input": said(certificates={"signature": below})}))["onboardTaxpayer"]
    assert [each["code"] for each in judged["errors"]] == ["not_a_certificate"]
    too_many = {kind: file(bytes(FILE_CHARACTERS_MAX * 2)) for kind in ("signature", "authentication")}
    answer = await api.post(ONBOARD, {"input": said(certificates=too_many)})
    assert answer.json()["errors"][0]["extensions"]["code"] == "request_too_large"
    points = ["input", "office", "billingPoints", "1"]
    for changes, path in (({"name": "x" * (TEXTS_MAX + 1)}, ["input", "name"]), (with_points(), points)):
        refused = (await api.post(ONBOARD, {"input": said(**changes)})).json()["errors"][0]["extensions"]
        assert (refused["code"], refused["path"]) == ("malformed_input", path)
    assert companies_of(api) == []


async def test_nothing_is_issued_before_the_taxpayer_accepted_and_the_code_is_there(api: AdminApi) -> None:
    api.world.engine.behave(affiliation_accepted_after=timedelta(seconds=30))
    begun = (await api.run(ONBOARD, {"input": said()}))["onboardTaxpayer"]["onboarding"]
    secret = (await api.run(NEW_KEY, {"id": begun["tenantId"]}))["createApiKey"]["secret"]

    async def issue(key: str) -> list[str]:
        answer = await api.post(CREATE_INVOICE, {"input": AN_ORDER, "key": key}, key=secret, path="/graphql")
        return [each["code"] for each in answer.json()["data"]["createInvoice"]["errors"]]

    assert begun["mayIssue"] is False
    assert await issue("k-1") == ["company_not_ready"]
    api.world.clock.advance(60)
    api.world.engine.advance()
    done = (await api.run(RESUME, {"id": begun["tenantId"]}))["resumeOnboarding"]["onboarding"]
    assert done["mayIssue"] is True
    assert await issue("k-1") == []
