"""A taxpayer is onboarded once, however often the way is cut off: one company, one tenant, one office."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alanube.client import AlanubeClient
from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.settings import AlanubeSettings
from adapters.scheduler.manual_clock import ManualClock
from core.certificates import CertificateKind
from core.errors import IstmoError
from core.failures import (
    CompanyAmbiguousError,
    CompanyTakenError,
    OnboardingInDoubtError,
    OnboardingOvertakenError,
    PacNotReachedError,
    PacUnavailableError,
)
from core.identifiers import TenantId
from core.onboarding import Onboarding, Step
from core.ports.pac_accounts import NewPacCompany
from core.use_cases.create_tenant import CreateTenant
from tests.builders import NOW
from tests.unit.onboarding.certificates import RUC, both
from tests.unit.onboarding.incorporating import (
    OFFICE,
    SETTLING_SECONDS,
    TAXPAYER,
    CutOffError,
    Incorporating,
    Scissors,
    until_finished,
)

POST_OF_COMPANY = RequestMatch(method="POST", path_contains="companies")


def without_times(onboarding: Onboarding) -> Onboarding:
    """What must not depend on how often it was cut off."""
    certificates = tuple(replace(each, sent_at=NOW) for each in onboarding.certificates)
    return replace(
        onboarding,
        tenant_id=TenantId("any"),
        version=0,
        started_at=NOW,
        company_asked_at=NOW,
        pac_company_id="any",
        certificates=certificates,
        tenant_made_at=NOW,
        affiliation_asked_at=NOW,
        affiliation_address="any",
        affiliation_seen_at=NOW,
        security_code="any",
        office_id=None,
    )


async def test_every_step_is_done_and_the_taxpayer_may_issue() -> None:
    installation = Incorporating()
    first = await installation.run()
    assert first.next_step() is Step.CUSTOMER
    assert first.affiliation_address is not None
    assert first.affiliation_address.startswith("http")
    assert not first.may_issue
    installation.wait(60)
    done = await installation.onboard.resume(first.tenant_id)
    assert done.next_step() is None
    assert done.may_issue
    (company,) = installation.engine.companies
    assert done.security_code == company.qr
    assert (company.id, company.ruc, company.dv, company.kind) == (done.pac_company_id, RUC, "40", "associated")
    assert company.logo == TAXPAYER.logo
    assert set(company.certificates) == {"signature", "authentication"}
    assert [each.kind for each in done.certificates] == [CertificateKind.AUTHENTICATION, CertificateKind.SIGNATURE]
    tenant = await installation.stores.tenants.get(done.tenant_id)
    assert (tenant.pac_company_id, tenant.ruc, tenant.dv) == (company.id, RUC, "40")
    (office,) = await installation.stores.directory.offices(done.tenant_id)
    assert office.office_id == done.office_id
    assert office.pac_office_id in company.offices


@settings(max_examples=100, deadline=None)
@given(plan=st.frozensets(st.integers(1, 40), max_size=12), losses=st.frozensets(st.integers(1, 15), max_size=6))
def test_any_plan_of_interruptions_ends_in_the_same_state_with_one_company(
    plan: frozenset[int], losses: frozenset[int]
) -> None:
    async def play() -> None:
        plain = await until_finished(Incorporating())
        cut = Incorporating(scissors=Scissors(plan=plan, losses=losses))
        done = await until_finished(cut)
        assert without_times(done) == without_times(plain)
        assert len(cut.engine.companies) == 1
        assert len(cut.engine.companies[0].offices) == 1
        assert cut.engine.companies[0].id == done.pac_company_id
        assert [tenant.tenant_id for tenant in await cut.stores.directory.tenants(limit=9)] == [done.tenant_id]
        assert len(await cut.stores.directory.offices(done.tenant_id)) == 1

    asyncio.run(play())


async def test_the_scissors_cut_at_every_moment_that_the_property_names() -> None:
    for moment in range(1, 16):
        installation = Incorporating(scissors=Scissors(plan=frozenset({moment})))
        with pytest.raises(CutOffError):
            await installation.run()


@pytest.mark.parametrize("seconds", [1, 60, SETTLING_SECONDS - 1])
async def test_a_company_that_the_pac_makes_late_is_found_and_not_made_twice(seconds: float) -> None:
    installation = Incorporating()
    late = FaultRule(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, match=POST_OF_COMPANY, seconds=seconds)
    installation.engine.set_faults(FaultPlan(rules=(late,)))
    with pytest.raises(PacUnavailableError):
        await installation.run()
    installation.engine.set_faults(FaultPlan(rules=()))
    if seconds > 1:
        with pytest.raises(OnboardingInDoubtError):
            await installation.run()
    installation.wait(seconds)
    await until_finished(installation)
    assert len(installation.engine.companies) == 1


async def test_a_lost_request_that_the_pac_never_got_is_sent_again_after_the_settling_time() -> None:
    installation = Incorporating()
    lost = FaultRule(kind=FaultKind.ERROR_503_BEFORE, match=POST_OF_COMPANY)
    installation.engine.set_faults(FaultPlan(rules=(lost,)))
    with pytest.raises(PacUnavailableError):
        await installation.run()
    installation.engine.set_faults(FaultPlan(rules=()))
    with pytest.raises(OnboardingInDoubtError):
        await installation.run()
    assert installation.engine.companies == ()
    installation.wait(SETTLING_SECONDS)
    await installation.run()
    assert len(installation.engine.companies) == 1


async def test_of_two_runs_at_once_one_gives_way_and_one_company_is_made() -> None:
    installation = Incorporating()
    results = await asyncio.gather(*(installation.run() for _ in range(6)), return_exceptions=True)
    for result in results:
        assert isinstance(result, Onboarding | OnboardingOvertakenError | OnboardingInDoubtError), result
    await until_finished(installation)
    assert len(installation.engine.companies) == 1


async def test_a_refusal_leaves_nothing_in_doubt() -> None:
    installation = Incorporating()
    installation.engine.register_company(ruc="155777777-2-2021", name="The main one")
    main = replace(TAXPAYER, is_main=True)
    with pytest.raises(IstmoError, match="a main company already exists"):
        await installation.onboard(main, OFFICE, both())
    done = await installation.run()  # said otherwise, at once
    assert done.pac_company_id is not None


async def test_nothing_is_in_doubt_when_nothing_left_this_machine() -> None:
    clock = ManualClock()
    wordless = AlanubeSettings(base_url="https://pac.example", token="no header\n")
    companies = AlanubePacCompanies(wordless, AlanubeClient(wordless, clock))
    with pytest.raises(PacNotReachedError):
        await companies.create_company(_a_new_company())


async def test_a_company_that_the_pac_has_already_is_taken_as_it_is() -> None:
    installation = Incorporating()
    company = installation.engine.register_company(ruc=RUC, name="By hand", qr=None, affiliated="PENDING")
    first = await installation.run()
    assert (first.pac_company_id, first.certificates) == (company.id, ())
    assert len(installation.engine.companies) == 1


async def test_an_inactive_company_is_taken_rather_than_made_again_and_an_active_one_goes_first() -> None:
    installation = Incorporating()
    inactive = installation.engine.register_company(ruc=RUC, name="By hand", is_active=False)
    assert (await installation.run()).pac_company_id == inactive.id
    other = Incorporating()
    other.engine.register_company(ruc=RUC, name="Before", is_active=False)
    active = other.engine.register_company(ruc=RUC, name="Now", affiliated="PENDING")
    assert (await other.run()).pac_company_id == active.id
    assert len(other.engine.companies) == 2


async def test_several_companies_of_one_ruc_are_left_to_a_person() -> None:
    installation = Incorporating()
    for _ in range(2):
        installation.engine.register_company(ruc=RUC, name="By hand")
    with pytest.raises(CompanyAmbiguousError):
        await installation.run()


async def test_a_company_of_another_tenant_is_not_taken() -> None:
    installation = Incorporating()
    company = installation.engine.register_company(ruc=RUC, name="By hand")
    await CreateTenant(installation.stores.directory, installation.clock, installation.identifiers)(
        name="Another tenant",
        ruc=RUC,
        ruc_type=TAXPAYER.ruc_type,
        dv="40",
        environment=TAXPAYER.environment,
        pac_company_id=company.id,
    )
    with pytest.raises(CompanyTakenError):
        await installation.run()


def _a_new_company() -> NewPacCompany:
    return NewPacCompany(
        name="n",
        trade_name="t",
        ruc=RUC,
        ruc_type=TAXPAYER.ruc_type,
        dv="40",
        is_main=False,
        logo=None,
        certificates=both(),
    )
