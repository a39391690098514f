"""TradeBook and TenantDirectory: what is added with an intent is made once, however often and by how many."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from adapters.persistence.stores import Stores
from core.failures import IdempotencyConflictError, OfficeCodeTakenError
from core.identifiers import TenantId
from core.intents import Intent
from core.tenants import Office
from tests.builders import a_client, a_tenant, an_office, an_order
from tests.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One of the things that an intent can make."""

    operation: str
    sample: Callable[..., Any]
    add: Callable[..., Awaitable[Any]]
    find: Callable[..., Awaitable[Any]]
    count: Callable[[TenantId], Awaitable[int]]

    def intent(self, key: str = "mine", meaning: str = "x") -> Intent:
        return Intent(key=key, fingerprint=hashlib.sha256(meaning.encode()).hexdigest(), operation=self.operation)


@pytest.fixture(params=["client", "order", "office"])
def making(request: pytest.FixtureRequest, stores: Stores) -> Making:
    book, directory = stores.trade_book, stores.directory

    async def clients(tenant_id: TenantId) -> int:
        return len(await book.clients(tenant_id, limit=101, after=None))

    async def offices(tenant_id: TenantId) -> int:
        return len(await directory.offices(tenant_id))

    async def orders(tenant_id: TenantId) -> int:
        return len(await book.orders(tenant_id, limit=101, after=None))

    makings = {
        "client": Making(
            operation="createClient",
            sample=a_client,
            add=book.add_client,
            find=book.find_made_client,
            count=clients,
        ),
        "order": Making(
            operation="createOrder", sample=an_order, add=book.add_order, find=book.find_made_order, count=orders
        ),
        "office": Making(
            operation="createOffice",
            sample=an_office,
            add=directory.add_office,
            find=directory.find_made_office,
            count=offices,
        ),
    }
    return makings[request.param]


async def test_the_same_intent_gives_back_what_it_made(making: Making, tenant_id: TenantId) -> None:
    assert await making.find(tenant_id, making.intent()) is None
    first = making.sample(tenant_id)
    assert await making.add(first, intent=making.intent()) == first
    for _ in range(2):
        assert await making.add(making.sample(tenant_id), intent=making.intent()) == first
    assert await making.find(tenant_id, making.intent()) == first
    assert await making.count(tenant_id) == 1


async def test_another_meaning_under_the_same_key_is_a_conflict(making: Making, tenant_id: TenantId) -> None:
    first = making.sample(tenant_id)
    await making.add(first, intent=making.intent())
    with pytest.raises(IdempotencyConflictError):
        await making.add(making.sample(tenant_id), intent=making.intent(meaning="y"))
    with pytest.raises(IdempotencyConflictError):
        await making.find(tenant_id, making.intent(meaning="y"))
    assert await making.find(tenant_id, making.intent()) == first
    assert await making.count(tenant_id) == 1


async def test_without_an_intent_every_call_makes_its_own(making: Making, tenant_id: TenantId) -> None:
    first, second = making.sample(tenant_id), making.sample(tenant_id)
    if making.operation == "createOffice":
        second = replace(second, code="0002", billing_points=("002",))
    assert await making.add(first) == first
    assert await making.add(second) == second


async def test_keys_belong_to_a_tenant_and_an_operation(
    making: Making, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    mine, theirs = making.sample(tenant_id), making.sample(stranger_id)
    await making.add(mine, intent=making.intent())
    assert await making.find(stranger_id, making.intent()) is None
    assert await making.add(theirs, intent=making.intent(meaning="y")) == theirs
    other = replace(making.intent(meaning="y"), operation="somethingElse")
    assert await making.find(tenant_id, other) is None


async def test_of_many_who_come_at_once_one_makes_it_and_all_get_it(making: Making, tenant_id: TenantId) -> None:
    samples = [making.sample(tenant_id) for _ in range(12)]
    kept = await asyncio.gather(*(making.add(sample, intent=making.intent()) for sample in samples))
    assert len(set(map(repr, kept))) == 1
    assert kept[0] in samples
    assert await making.find(tenant_id, making.intent()) == kept[0]
    assert await making.count(tenant_id) == 1


async def test_of_two_meanings_that_come_at_once_one_is_refused(making: Making, tenant_id: TenantId) -> None:
    answers = await asyncio.gather(
        *(making.add(making.sample(tenant_id), intent=making.intent(meaning=str(place % 2))) for place in range(6)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, IdempotencyConflictError)]
    kept = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert (len(refused), len(kept)) == (3, 3)
    assert len(set(map(repr, kept))) == 1


@pytest.mark.parametrize("key", ["k" * 200, "clave ñ €", "'; DROP TABLE intents; --", "\x00", "\ud800"])
async def test_any_key_is_only_a_key(making: Making, tenant_id: TenantId, key: str) -> None:
    first = making.sample(tenant_id)
    await making.add(first, intent=making.intent(key))
    assert await making.add(making.sample(tenant_id), intent=making.intent(key)) == first


async def test_an_intent_whose_creation_failed_made_nothing(stores: Stores, tenant_id: TenantId) -> None:
    intent = Intent(key="mine", fingerprint="f" * 64, operation="createOffice")
    await stores.directory.add_office(an_office(tenant_id, code="0001"))
    with pytest.raises(OfficeCodeTakenError):
        await stores.directory.add_office(an_office(tenant_id, code="0001", billing_points=("007",)), intent=intent)
    assert await stores.directory.find_made_office(tenant_id, intent) is None
    office = an_office(tenant_id, code="0007", billing_points=("007",))
    assert await stores.directory.add_office(office, intent=intent) == office


async def test_a_tenant_who_does_not_exist_has_no_intents(stores: Stores) -> None:
    nobody = a_tenant().tenant_id
    intent = Intent(key="mine", fingerprint="f" * 64, operation="createOffice")
    assert await stores.directory.find_made_office(nobody, intent) is None


async def test_an_office_that_many_ask_for_at_once_is_one_here_and_at_the_pac(stores: Stores) -> None:
    world = World(stores=stores)
    shop = await world.open_shop()

    async def create() -> Office:
        return await world.create_office(
            shop.tenant.tenant_id,
            code="0007",
            address="Vía España",
            coordinates="+8.9892,-79.5201",
            location_code="8-8-7",
            telephone="200-0107",
            idempotency_key="mine",
        )

    offices = await asyncio.gather(*(create() for _ in range(10)))
    assert len(set(map(repr, offices))) == 1
    assert [office.code for office in await stores.directory.offices(shop.tenant.tenant_id)] == ["0000", "0007"]
    (company,) = world.engine.companies
    assert sorted(office.code for office in company.offices.values()) == ["0000", "0007"]
