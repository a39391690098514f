"""OnboardingBook: how far a taxpayer is, kept exactly, and only one of two runs goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.certificates import CertificateKind, KeptCertificate
from core.codes import Environment, RucType
from core.failures import OnboardingOvertakenError
from core.identifiers import OfficeId, TenantId
from core.onboarding import FirstOffice, Onboarding, Taxpayer
from tests.builders import NOW

OFFICE = FirstOffice(
    code="0000",
    address="Avenida Central 1",
    coordinates="+8.9892,-79.5201",
    location_code="8-8-7",
    telephone="200-0101",
    billing_points=("001", "002"),
)


def an_onboarding(tenant: str = "01TENANT", ruc: str = "155000001-2-2020") -> Onboarding:
    taxpayer = Taxpayer(
        name="Ferretería Uno, S.A.",
        trade_name="Ferretería Uno",
        ruc=ruc,
        ruc_type=RucType.LEGAL,
        dv="40",
        environment=Environment.TEST,
    )
    return Onboarding(tenant_id=TenantId(tenant), taxpayer=taxpayer, office=OFFICE, started_at=NOW)


def far_on(onboarding: Onboarding) -> Onboarding:
    certificate = KeptCertificate(
        kind=CertificateKind.SIGNATURE,
        subject="CN=Ferretería Uno",
        not_before=NOW,
        not_after=NOW + timedelta(days=700),
        sent_at=NOW,
    )
    return replace(
        onboarding,
        company_asked_at=NOW,
        pac_company_id="01COMPANY",
        certificates=(certificate,),
        tenant_made_at=NOW,
        affiliation_asked_at=NOW,
        affiliation_address="https://etax.example/1",
        affiliation_state="SUBSCRIBED",
        affiliation_seen_at=NOW,
        security_code="012345678",
        office_id=OfficeId("01OFFICE"),
    )


async def test_what_was_done_is_read_back_exactly(stores: Stores) -> None:
    begun = an_onboarding()
    assert await stores.onboardings.find(begun.tenant_id) is None
    await stores.onboardings.begin(begun)
    assert await stores.onboardings.find(begun.tenant_id) == begun
    kept = await stores.onboardings.advance(far_on(begun))
    assert kept == replace(far_on(begun), version=1)
    assert await stores.onboardings.find(begun.tenant_id) == kept


async def test_a_ruc_is_onboarded_once(stores: Stores) -> None:
    await stores.onboardings.begin(an_onboarding())
    for another in (an_onboarding("01OTHER"), an_onboarding(ruc="155000009-2-2020")):
        with pytest.raises(OnboardingOvertakenError):
            await stores.onboardings.begin(another)
    assert await stores.onboardings.find(TenantId("01OTHER")) is None


async def test_of_two_runs_that_read_one_version_the_second_gives_way(stores: Stores) -> None:
    begun = an_onboarding()
    await stores.onboardings.begin(begun)
    first = await stores.onboardings.advance(replace(begun, company_asked_at=NOW))
    with pytest.raises(OnboardingOvertakenError):
        await stores.onboardings.advance(replace(begun, pac_company_id="01LATE"))
    with pytest.raises(OnboardingOvertakenError):
        await stores.onboardings.advance(an_onboarding("01NOBODY", "8-8-8"))
    assert await stores.onboardings.find(begun.tenant_id) == first


async def test_operators_see_everyone_oldest_first_and_find_by_ruc(stores: Stores, operator_stores: Stores) -> None:
    older = replace(an_onboarding("01OLD", "8-442-445"), started_at=NOW - timedelta(days=1))
    newer = an_onboarding()
    for each in (newer, older):
        await stores.onboardings.begin(each)
    assert await operator_stores.onboardings.everyone(limit=10) == (older, newer)
    assert await operator_stores.onboardings.everyone(limit=1) == (older,)
    assert await operator_stores.onboardings.find_by_ruc("8-442-445") == older
    assert await operator_stores.onboardings.find_by_ruc("8-442-446") is None
