"""TradeBook: clients and orders come back as they were given, to their own tenant."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.persistence.stores import Stores
from core.codes import ItbmsRate, OtiCode, PaymentForm, PaymentTime, ReceiverType, RetentionCode
from core.drafts import DraftInstalment, DraftPayment, ForeignIdentity, OtiCharge
from core.failures import ClientNotFoundError, MalformedPageError, OrderNotFoundError
from core.identifiers import ClientId, OfficeId, OrderId, TenantId
from core.trade import Client
from tests.builders import a_client, a_line, an_order


async def test_clients_come_back_as_they_were_given(stores: Stores, tenant_id: TenantId) -> None:
    full = a_client(tenant_id, retention=RetentionCode.CARD_MERCHANT, external_id="crm-1", emails=("a@b.pa", "ñ@c.pa"))
    foreign = a_client(
        tenant_id,
        receiver_type=ReceiverType.FOREIGNER,
        contributor_type=None,
        ruc=None,
        dv=None,
        country="CO",
        foreign_identity=ForeignIdentity(kind="01", number="AB 1", country="CO"),
        emails=(),
        phones=(),
    )
    for client in (full, foreign):
        await stores.trade_book.add_client(client)
        assert await stores.trade_book.get_client(tenant_id, client.client_id) == client


async def test_clients_are_listed_newest_first_page_by_page(stores: Stores, tenant_id: TenantId) -> None:
    clients = [a_client(tenant_id) for _ in range(5)]
    for client in clients:
        await stores.trade_book.add_client(client)
    seen: list[Client] = []
    while len(seen) < len(clients):
        after = seen[-1].client_id if seen else None
        seen.extend(await stores.trade_book.clients(tenant_id, limit=2, after=after))
    assert seen == clients[::-1]
    assert list(await stores.trade_book.clients(tenant_id, limit=2, after=clients[0].client_id)) == []


@pytest.mark.parametrize("limit", [0, 102])
async def test_a_page_of_clients_has_its_limits(stores: Stores, tenant_id: TenantId, limit: int) -> None:
    with pytest.raises(MalformedPageError):
        await stores.trade_book.clients(tenant_id, limit=limit, after=None)


async def test_orders_come_back_as_they_were_given(stores: Stores, tenant_id: TenantId) -> None:
    plain = an_order(tenant_id)
    full = an_order(
        tenant_id,
        lines=(
            a_line(quantity=Decimal("0.000001"), unit_price=Decimal("1.10"), itbms=ItbmsRate.SPECIAL_15),
            a_line(isc_rate=Decimal("0.0500"), oti=(OtiCharge(code=OtiCode.SUME_911, amount=Decimal("0.25")),)),
        ),
        client_id=ClientId("client"),
        office_id=OfficeId("office"),
        billing_point="002",
        payments=(DraftPayment(form=PaymentForm.OTHER, amount=Decimal("10.00"), description="Vale de la casa"),),
        payment_time=PaymentTime.INSTALMENTS,
        instalments=(DraftInstalment(due_on=date(2026, 4, 30), amount=Decimal("5.00"), note="primera cuota"),),
        prices_include_itbms=True,
        retention=RetentionCode.STATE_GOODS_OR_SERVICES,
        information="ñ",
        external_id="shop-1",
    )
    for order in (plain, full):
        await stores.trade_book.add_order(order)
        assert await stores.trade_book.get_order(tenant_id, order.order_id) == order
    found = await stores.trade_book.get_order(tenant_id, full.order_id)
    assert str(found.lines[1].isc_rate) == "0.0500"


async def test_another_tenants_clients_and_orders_are_not_found(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    client, order = a_client(tenant_id), an_order(tenant_id)
    await stores.trade_book.add_client(client)
    await stores.trade_book.add_order(order)
    for owner, client_id in ((stranger_id, client.client_id), (tenant_id, ClientId("unknown"))):
        with pytest.raises(ClientNotFoundError):
            await stores.trade_book.get_client(owner, client_id)
    for owner, order_id in ((stranger_id, order.order_id), (tenant_id, OrderId("\x00"))):
        with pytest.raises(OrderNotFoundError):
            await stores.trade_book.get_order(owner, order_id)
    assert list(await stores.trade_book.clients(stranger_id, limit=10, after=None)) == []
