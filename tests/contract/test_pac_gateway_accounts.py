"""What every PAC gateway makes of trouble with the account, of throttling, and of its own promises."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.ports.pac_gateway import (
    Accepted,
    Misconfigured,
    NoAnswer,
    PacAccount,
    PacCapabilities,
    Throttled,
)
from tests.contract.pac_fixtures import GATEWAYS, TOKEN, PacWorld, pac_world

A_WHILE = timedelta(seconds=3)


@pytest.fixture(params=GATEWAYS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[PacWorld]:
    async with pac_world(request.param) as made:
        yield made


def once(kind: FaultKind, seconds: float | None = None, match: RequestMatch | None = None) -> FaultPlan:
    return FaultPlan(rules=(FaultRule(kind=kind, times=1, seconds=seconds, match=match),))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FaultKind.UNAUTHORIZED_401, "HTTP_401"),
        (FaultKind.FORBIDDEN_403, "HTTP_403"),
        (FaultKind.MISCONFIGURED_AP1010, "AP1010"),
    ],
)
async def test_trouble_with_the_account_is_no_rejection(world: PacWorld, kind: FaultKind, code: str) -> None:
    world.engine.set_faults(once(kind))
    answer = await world.submit(world.document())
    assert isinstance(answer, Misconfigured), answer
    assert answer.code == code


async def test_a_wrong_token_and_a_company_without_affiliation_are_misconfigured(world: PacWorld) -> None:
    wrong = PacAccount(company_id=world.company.id, token="another-token")
    assert isinstance(await world.submit(world.document(), wrong), Misconfigured)
    looked_up = await world.look_up("01JA0B1C2D3E4F5G6H7J8K9M0N", account=wrong)
    assert isinstance(looked_up, NoAnswer)
    world.company.affiliated = "REQUESTED"
    assert isinstance(await world.submit(world.document()), Misconfigured)


async def test_a_tenants_own_token_is_used(world: PacWorld) -> None:
    world.engine.register_token("own", account_of=TOKEN)
    own = PacAccount(company_id=world.company.id, token="own")
    assert isinstance(await world.submit(world.document(), own), Accepted)
    assert world.engine.exchanges[-1].request.headers["authorization"] == "Bearer own"


@pytest.mark.parametrize("seconds", [7.0, None])
async def test_a_throttled_request_says_how_long_to_wait(world: PacWorld, seconds: float | None) -> None:
    world.engine.set_faults(once(FaultKind.THROTTLED_429, seconds))
    answer = await world.submit(world.document())
    assert isinstance(answer, Throttled), answer
    assert answer.retry_after_seconds == seconds
    everywhere = RequestMatch(method="GET")
    world.engine.set_faults(once(FaultKind.THROTTLED_429, seconds, everywhere))
    looked_up = await world.look_up("01JA0B1C2D3E4F5G6H7J8K9M0N")
    assert isinstance(looked_up, NoAnswer)
    assert looked_up.retry_after_seconds == seconds


async def test_a_document_goes_to_the_company_that_is_named_and_not_to_the_tokens_main_one(world: PacWorld) -> None:
    sister = world.engine.register_company(ruc="155888888-2-2022", name="Hermana, S.A.", token=TOKEN)
    document = world.document(company=sister)
    answer = await world.submit(document, PacAccount(company_id=sister.id))
    assert isinstance(answer, Accepted), answer
    assert world.engine.documents[0].company_id == sister.id


async def test_a_gateway_promises_no_more_than_the_pac_can(world: PacWorld) -> None:
    assert world.gateway.capabilities == PacCapabilities()


async def test_the_same_document_gives_the_same_bytes_and_another_does_not(world: PacWorld) -> None:
    document = world.document()
    assert world.gateway.encode(document) == world.gateway.encode(replace(document))
    assert world.gateway.encode(document) != world.gateway.encode(replace(document, number=2))
