"""createOffice, createClient and createOrder with an idempotency key: made once, and nobody is asked again."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.persistence.in_memory_store import InMemoryStore
from core.codes import RucType
from core.failures import (
    ClientNotFoundError,
    IdempotencyConflictError,
    MalformedIdempotencyKeyError,
    OfficeCodeTakenError,
    PacRefusedError,
)
from core.identifiers import ClientId, OrderId, TenantId
from core.ports.pac_accounts import NewPacOffice, PacAccounts, PacOffice
from core.ports.pac_gateway import PacAccount
from core.tenants import Office
from core.trade import Client, Order
from core.use_cases.create_office import CreateOffice
from tests.builders import a_client, a_line
from tests.world import Shop, World, memory_of, tenant_of


def asked(world: World) -> int:
    """How many requests the PAC got."""
    return len(world.engine.exchanges)


async def an_office(world: World, shop: Shop, key: str | None, code: str = "0007", **changes: str) -> Office:
    given = {"address": "Vía España", "coordinates": "+8.9892,-79.5201", "location_code": "8-8-7"}
    return await world.create_office(
        tenant_of(shop), code=code, telephone="200-0107", idempotency_key=key, **(given | changes)
    )


async def test_a_repeated_office_is_given_back_without_a_word_to_the_pac() -> None:
    world = World()
    shop = await world.open_shop()
    first = await an_office(world, shop, "mine")
    before = asked(world)
    assert await an_office(world, shop, "mine") == first
    assert asked(world) == before
    with pytest.raises(IdempotencyConflictError):
        await an_office(world, shop, "mine", address="Calle 50")
    assert asked(world) == before


async def test_without_a_key_or_with_another_one_the_code_is_taken() -> None:
    world = World()
    shop = await world.open_shop()
    await an_office(world, shop, "mine")
    for key in (None, "other"):
        with pytest.raises(OfficeCodeTakenError):
            await an_office(world, shop, key)


async def test_an_office_that_the_pac_has_and_we_do_not_is_made_by_the_repetition() -> None:
    """As after a crash between the PAC's answer and our own commit."""
    memory = InMemoryStore()
    world = World(stores=memory_of(memory))
    shop = await world.open_shop()
    made = await an_office(world, shop, "mine")
    del memory.offices[made.tenant_id, made.office_id]
    memory.made.clear()
    again = await an_office(world, shop, "mine")
    assert again.pac_office_id == made.pac_office_id
    assert again.office_id != made.office_id


async def test_offices_that_are_asked_for_at_once_are_one() -> None:
    world = World()
    shop = await world.open_shop()
    offices = await asyncio.gather(*(an_office(world, shop, "mine") for _ in range(8)))
    assert len({office.office_id for office in offices}) == 1
    assert [office.code for office in await world.stores.directory.offices(tenant_of(shop))] == ["0000", "0007"]


class OvertakenPacAccounts(PacAccounts):
    """A PAC at which another task registers the code between our look and our request."""

    def __init__(self, code_after_refusal: str | None) -> None:
        self.code_after_refusal = code_after_refusal
        self.was_refused = False

    async def find_office(self, account: PacAccount, code: str) -> PacOffice | None:
        is_there = self.was_refused and code == self.code_after_refusal
        return PacOffice(pac_office_id="theirs", code=code) if is_there else None

    async def create_office(self, account: PacAccount, office: NewPacOffice) -> PacOffice:
        self.was_refused = True
        raise PacRefusedError(reason="code exists")


async def test_an_office_that_another_task_registered_meanwhile_is_taken_as_it_is() -> None:
    world = World()
    shop = await world.open_shop()
    stores = world.stores

    def creating(accounts: PacAccounts) -> CreateOffice:
        return CreateOffice(stores.directory, world.find_account, accounts, world.clock, world.identifiers)

    world.create_office = creating(OvertakenPacAccounts("0007"))
    assert (await an_office(world, shop, "mine")).pac_office_id == "theirs"
    world.create_office = creating(OvertakenPacAccounts(None))
    with pytest.raises(PacRefusedError):
        await an_office(world, shop, "other", code="0008")


async def test_a_repeated_client_is_given_back_without_asking_the_registry() -> None:
    world = World()
    shop = await world.open_shop()
    asked_for = a_client(tenant_of(shop), ruc="155777777-2-2021", contributor_type=RucType.LEGAL, dv=None)
    first = await world.create_client(tenant_of(shop), asked_for, receiver_type=None, idempotency_key="c-1")
    before = asked(world)
    again = replace(asked_for, client_id=ClientId("other"), ruc=" 155777777 - 2 - 2021 ", created_at=world.clock.now())
    assert await world.create_client(tenant_of(shop), again, receiver_type=None, idempotency_key="c-1") == first
    assert asked(world) == before


@pytest.mark.parametrize("changed", [{"name": "Otra"}, {"emails": ()}, {"withholds": True}, {"receiver_type": None}])
async def test_another_client_under_the_same_key_is_refused(changed: dict[str, object]) -> None:
    world = World()
    shop = await world.open_shop()
    given = a_client(tenant_of(shop), dv=None)
    said = given.receiver_type
    await world.create_client(tenant_of(shop), given, receiver_type=said, idempotency_key="c-1")
    other = replace(given, **{name: value for name, value in changed.items() if name != "receiver_type"})
    with pytest.raises(IdempotencyConflictError):
        await world.create_client(
            tenant_of(shop),
            other,
            receiver_type=None if "receiver_type" in changed else said,
            idempotency_key="c-1",
        )


def an_order(world: World, tenant_id: TenantId, quantity: str = "1.0", client_id: str | None = None) -> Order:
    return Order(
        tenant_id=tenant_id,
        order_id=OrderId(""),
        lines=(a_line(quantity=Decimal(quantity)),),
        created_at=world.clock.now(),
        client_id=ClientId(client_id) if client_id is not None else None,
    )


async def test_a_repeated_order_is_given_back_however_its_amounts_are_written() -> None:
    world = World()
    tenant_id = tenant_of(await world.open_shop())
    first = await world.create_order(an_order(world, tenant_id), idempotency_key="o-1")
    world.wait(hours=24 * 400)
    assert await world.create_order(an_order(world, tenant_id, "1.00"), idempotency_key="o-1") == first
    with pytest.raises(IdempotencyConflictError):
        await world.create_order(an_order(world, tenant_id, "1.01"), idempotency_key="o-1")
    assert (await world.create_order(an_order(world, tenant_id))).order_id != first.order_id


async def test_a_refused_order_leaves_its_key_free() -> None:
    world = World()
    shop = await world.open_shop()
    tenant_id = tenant_of(shop)
    with pytest.raises(ClientNotFoundError):
        await world.create_order(an_order(world, tenant_id, client_id="nobody"), idempotency_key="o-1")
    mended = an_order(world, tenant_id, client_id=shop.client.client_id)
    assert (await world.create_order(mended, idempotency_key="o-1")).client_id == shop.client.client_id


async def test_one_key_may_name_a_client_and_an_order_and_belong_to_two_tenants() -> None:
    world = World()
    mine, theirs = await world.open_shop(), await world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    made: list[Client | Order] = []
    for shop in (mine, theirs):
        client = a_client(tenant_of(shop), dv=None)
        made.append(
            await world.create_client(
                tenant_of(shop), client, receiver_type=client.receiver_type, idempotency_key="same"
            )
        )
        made.append(await world.create_order(an_order(world, tenant_of(shop)), idempotency_key="same"))
    assert len({repr(one) for one in made}) == 4


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb"])
async def test_a_malformed_key_is_refused_before_anything_is_made(key: str) -> None:
    world = World()
    tenant_id = tenant_of(await world.open_shop())
    with pytest.raises(MalformedIdempotencyKeyError):
        await world.create_order(an_order(world, tenant_id), idempotency_key=key)
