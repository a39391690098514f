"""What is older than the retention is counted by taxpayer and fiscal year, and stays where it is."""

from datetime import UTC, datetime, timedelta

import pytest

from core.ports.document_repository import DocumentFilter
from core.retention import PastRetention, kept_since
from core.use_cases.list_past_retention import ListPastRetention
from tests.world import World, tenant_of

YEAR = timedelta(days=365)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 6, 1, tzinfo=UTC), datetime(2021, 1, 1, 5, tzinfo=UTC)),
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), datetime(2021, 1, 1, 5, tzinfo=UTC)),  # still 2026 in Panama
        (datetime(2027, 1, 1, 5, 0, tzinfo=UTC), datetime(2022, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_document_is_kept_for_five_whole_years_after_its_own(now: datetime, since: datetime) -> None:
    assert kept_since(now, 5) == since


async def test_older_documents_are_listed_by_year_and_none_is_deleted() -> None:
    world = World()
    mine, theirs = await world.open_shop(), await world.open_shop("155000002-2-2020", "Otra, S.A.")
    started = world.clock.now()
    for shop in (mine, mine, theirs):
        await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=30, every_seconds=60)
    world.wait(days=366)
    await world.invoice(mine, await world.an_order(mine))
    list_past = ListPastRetention(world.stores.directory, world.stores.documents, world.clock, years=5)
    assert (await list_past()).past == ()
    world.clock.advance((6 * YEAR).total_seconds())
    made = await list_past()
    found = {(each.tenant_id, each.year): each for each in made.past}
    first, second = started.year, started.year + 1
    assert set(found) == {(tenant_of(mine), first), (tenant_of(mine), second), (tenant_of(theirs), first)}
    assert [found[tenant_of(mine), year].documents for year in (first, second)] == [2, 1]
    assert found[tenant_of(mine), first].file_bytes > 0
    assert isinstance(found[tenant_of(theirs), first], PastRetention)
    for shop, count in ((mine, 3), (theirs, 1)):
        page = await world.stores.documents.page(tenant_of(shop), DocumentFilter(), limit=100, after=None)
        assert len(page.documents) == count
