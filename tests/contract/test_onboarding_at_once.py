"""Several administrators onboard one RUC at the same moment: the PAC gets one company, whoever keeps the book."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.persistence.stores import Stores
from core.ports.pac_accounts import PacCompany
from tests.unit.graphql.admin_api import AdminApi, client_of, settings_of
from tests.unit.graphql.test_admin_onboarding import ONBOARD, RUC, said
from tests.unit.onboarding.incorporating import CutCompanies, Scissors
from tests.world import World

AT_ONCE = 4


class MeetingCompanies(CutCompanies):
    """Tells nobody that the PAC has no company before so many have asked: then all of them are about to make it."""

    meeting: asyncio.Barrier | None = None

    async def find_companies(self, ruc: str) -> Sequence[PacCompany]:
        found = await super().find_companies(ruc)
        if self.meeting is not None:
            await self.meeting.wait()
        return found


async def an_api(stores: Stores) -> tuple[AdminApi, MeetingCompanies]:
    world = World(stores=stores)
    settings = settings_of(world)
    companies = MeetingCompanies(AlanubePacCompanies(settings, client_of(world, settings)), Scissors())
    api = AdminApi(world=world, shop=await world.open_shop(), companies=companies)
    world.engine.behave(affiliation_accepted_after=timedelta(seconds=30))
    return api, companies


async def ask(api: AdminApi) -> list[str]:
    """The codes of the errors of one call; none: it got as far as it could."""
    answer: Any = (await api.run(ONBOARD, {"input": said()}))["onboardTaxpayer"]
    return [each["code"] for each in answer["errors"]]


def companies_at_pac(api: AdminApi) -> int:
    return sum(each.ruc == RUC for each in api.world.engine.companies)


async def test_of_several_that_saw_no_company_one_makes_it(operator_stores: Stores) -> None:
    api, companies = await an_api(operator_stores)
    looking = RequestMatch(method="GET", path_contains="companies")
    api.world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.ERROR_503_BEFORE, match=looking),)))
    assert await ask(api) == ["pac_unavailable"]  # begun, and the PAC has nothing
    api.world.engine.set_faults(FaultPlan(rules=()))
    companies.meeting = asyncio.Barrier(AT_ONCE)
    outcomes = await asyncio.gather(*(ask(api) for _ in range(AT_ONCE)))
    assert companies_at_pac(api) == 1
    assert sorted(outcomes) == [[]] + [["onboarding_overtaken"]] * (AT_ONCE - 1)
    companies.meeting = None
    assert await ask(api) == []
    assert companies_at_pac(api) == 1


async def test_of_several_that_begin_at_once_one_company_and_one_taxpayer_are_made(operator_stores: Stores) -> None:
    api, _ = await an_api(operator_stores)
    outcomes = await asyncio.gather(*(ask(api) for _ in range(AT_ONCE)))
    allowed: list[list[str]] = [[], ["onboarding_overtaken"], ["onboarding_in_doubt"]]
    assert all(codes in allowed for codes in outcomes), outcomes
    assert await ask(api) == []
    assert companies_at_pac(api) == 1
    assert [each.ruc for each in await operator_stores.directory.tenants(limit=9)].count(RUC) == 1
