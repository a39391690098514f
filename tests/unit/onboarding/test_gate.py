"""Nothing is issued, and no number taken, before the PAC says that the company may emit."""

from dataclasses import replace

import pytest

from core.codes import DocumentType
from core.documents import DocumentMode, SeriesKey, Submission
from core.failures import CompanyNotReadyError
from core.onboarding import Onboarding, Step
from tests.builders import NOW
from tests.shop import Shop
from tests.unit.onboarding.incorporating import OFFICE, TAXPAYER
from tests.world import World, tenant_of

SERIES = SeriesKey(billing_point="001", document_type=DocumentType.DOMESTIC_INVOICE)


def on_the_way(shop: Shop) -> Onboarding:
    return Onboarding(
        tenant_id=shop.tenant.tenant_id,
        taxpayer=replace(TAXPAYER, ruc=shop.tenant.ruc),
        office=OFFICE,
        started_at=NOW,
        pac_company_id=shop.tenant.pac_company_id,
        tenant_made_at=NOW,
        affiliation_asked_at=NOW,
        affiliation_state="REQUESTED",
    )


@pytest.mark.parametrize(
    ("change", "step", "said"),
    [
        ({}, Step.CUSTOMER, "eTax"),
        ({"affiliation_asked_at": None, "affiliation_state": "PENDING"}, Step.AFFILIATION, "affiliation"),
        ({"affiliation_state": "SUBSCRIBED"}, Step.SECURITY_CODE, "qr"),
        ({"security_code": "123456789"}, Step.CUSTOMER, "eTax"),
    ],
)
async def test_an_unfinished_taxpayer_issues_nothing_and_burns_no_number(
    change: dict[str, object], step: Step, said: str
) -> None:
    world = World()
    shop = await world.open_shop()
    order = await world.an_order(shop)
    onboarding = replace(on_the_way(shop), **change)  # type: ignore[arg-type]
    await world.stores.onboardings.begin(onboarding)
    assert onboarding.next_step() is step
    with pytest.raises(CompanyNotReadyError, match=said):
        await world.invoice(shop, order, "key-1")
    assert world.engine.documents == ()
    assert await world.stores.series.find(tenant_of(shop), SERIES) is None
    ready = replace(onboarding, affiliation_state="SUBSCRIBED", security_code="123456789")
    await world.stores.onboardings.advance(ready)
    issued = await world.invoice(shop, order, "key-1")
    assert (issued.number, issued.submission) == (1, Submission.ACCEPTED)


async def test_a_draft_goes_nowhere_and_needs_no_company() -> None:
    world = World()
    shop = await world.open_shop()
    order = await world.an_order(shop)
    await world.stores.onboardings.begin(on_the_way(shop))
    draft = await world.generate_invoice(
        tenant_of(shop),
        order.order_id,
        mode=DocumentMode.PROFORM,
        idempotency_key="key-1",
        wait_seconds=0,
        actor="test",
    )
    assert draft.mode is DocumentMode.PROFORM


async def test_a_taxpayer_that_was_not_onboarded_here_issues_as_before() -> None:
    world = World()
    shop = await world.open_shop()
    order = await world.an_order(shop)
    other = replace(on_the_way(shop), tenant_id="01ANOTHER")  # type: ignore[arg-type]
    await world.stores.onboardings.begin(other)
    assert (await world.invoice(shop, order, "key-1")).submission is Submission.ACCEPTED
