"""Clients and orders over the API: replacing, putting away, calling off, and finding them."""

from typing import Any

import pytest

from core.tenants import Role
from tests.unit.graphql.api import AN_ORDER, GENERATE, Api

UPDATE_CLIENT = """
mutation Update($id: ID!, $input: CreateClientInput!, $version: Int) {
  updateClient(id: $id, input: $input, expectedVersion: $version) {
    client { id name ruc dv address emails receiverType version updatedAt archivedAt }
    errors { code message hint path }
  }
}
"""
UPDATE_ORDER = """
mutation Update($id: ID!, $input: CreateOrderInput!, $version: Int) {
  updateOrder(id: $id, input: $input, expectedVersion: $version) {
    order { id clientId externalId version updatedAt cancelledAt lines { description quantity } }
    errors { code message hint path }
  }
}
"""
CREATE_ORDER = "mutation($input: CreateOrderInput!) { createOrder(input: $input) { order { id } errors { code } } }"
ORDERS = "query($filter: OrderFilter) { orders(filter: $filter) { edges { node { id } } } }"
CLIENTS = "query($filter: ClientFilter) { clients(filter: $filter) { edges { node { id } } } }"
A_CLIENT = {
    "name": "Constructora Añil, S.A.",
    "receiverType": "TAXPAYER",
    "contributorType": "JURIDICO",
    "ruc": "155777777 - 2 - 2021",
    "address": "Vía España",
}


async def new_order(api: Api, **changes: Any) -> str:
    order_id: str = (await api.run(CREATE_ORDER, {"input": AN_ORDER | changes}))["createOrder"]["order"]["id"]
    return order_id


async def listed(api: Api, query: str, **conditions: Any) -> list[str]:
    (page,) = (await api.run(query, {"filter": conditions})).values()
    return [edge["node"]["id"] for edge in page["edges"]]


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_updating_a_client_replaces_all_that_it_says(api: Api) -> None:
    client_id = api.shop.client.client_id
    updated = (await api.run(UPDATE_CLIENT, {"id": client_id, "input": A_CLIENT, "version": 1}))["updateClient"]
    assert updated["errors"] == []
    assert updated["client"] == {
        "id": client_id,
        "name": "Constructora Añil, S.A.",
        "ruc": "155777777-2-2021",
        "dv": None,
        "address": "Vía España",
        "emails": [],
        "receiverType": "TAXPAYER",
        "version": 2,
        "updatedAt": updated["client"]["updatedAt"],
        "archivedAt": None,
    }
    again = (await api.run(UPDATE_CLIENT, {"id": client_id, "input": A_CLIENT, "version": 1}))["updateClient"]
    assert again == updated
    other = A_CLIENT | {"name": "Otra, S.A."}
    refused = (await api.run(UPDATE_CLIENT, {"id": client_id, "input": other, "version": 1}))["updateClient"]
    assert (codes(refused), refused["client"]) == (["client_changed"], None)
    assert refused["errors"][0]["path"] == ["expectedVersion"]
    short = (await api.run(UPDATE_CLIENT, {"id": client_id, "input": A_CLIENT | {"name": "x"}}))["updateClient"]
    assert (codes(short), short["errors"][0]["path"]) == (["malformed_client"], ["input", "name"])


async def test_updating_an_order_replaces_all_that_it_says_until_it_is_billed(api: Api) -> None:
    order_id = await new_order(api, externalId="POS-1", clientId=api.shop.client.client_id)
    lines = {"lines": [{"description": "Sierra", "quantity": "2", "unitPrice": "9.99"}]}
    updated = (await api.run(UPDATE_ORDER, {"id": order_id, "input": lines, "version": 1}))["updateOrder"]
    assert updated["errors"] == []
    assert updated["order"]["lines"] == [{"description": "Sierra", "quantity": "2"}]
    assert (updated["order"]["externalId"], updated["order"]["clientId"]) == (None, None)
    billed = (await api.run(GENERATE, {"orderId": order_id, "key": "k"}))["generateInvoice"]
    refused = (await api.run(UPDATE_ORDER, {"id": order_id, "input": AN_ORDER}))["updateOrder"]
    assert codes(refused) == ["order_already_invoiced"]
    assert billed["invoice"]["id"] in refused["errors"][0]["message"]
    renamed = (await api.run(UPDATE_ORDER, {"id": order_id, "input": lines | {"externalId": "POS-2"}}))["updateOrder"]
    assert renamed["order"]["externalId"] == "POS-2"
    again = (await api.run(GENERATE, {"orderId": order_id, "key": "k"}))["generateInvoice"]
    assert again["invoice"] == billed["invoice"]
    cancel = "mutation($id: ID!) { cancelOrder(id: $id) { order { id } errors { code } } }"
    assert codes((await api.run(cancel, {"id": order_id}))["cancelOrder"]) == ["order_already_invoiced"]


async def test_a_malformed_change_of_an_order_names_its_field(api: Api) -> None:
    order_id = await new_order(api)
    bad = {"lines": [{"description": "Sierra", "quantity": "0", "unitPrice": "9.99"}]}
    (error,) = (await api.run(UPDATE_ORDER, {"id": order_id, "input": bad}))["updateOrder"]["errors"]
    assert (error["code"], error["path"]) == ("malformed_order", ["input", "lines", "0", "quantity"])


async def test_a_cancelled_order_is_not_billed(api: Api) -> None:
    order_id = await new_order(api)
    cancel = "mutation($id: ID!) { cancelOrder(id: $id) { order { cancelledAt version } errors { code } } }"
    cancelled = (await api.run(cancel, {"id": order_id}))["cancelOrder"]
    assert (cancelled["order"]["version"], cancelled["errors"]) == (2, [])
    assert cancelled["order"]["cancelledAt"] is not None
    assert (await api.run(cancel, {"id": order_id}))["cancelOrder"] == cancelled
    refused = (await api.run(GENERATE, {"orderId": order_id, "key": "k"}))["generateInvoice"]
    assert (codes(refused), refused["errors"][0]["path"]) == (["order_cancelled"], ["orderId"])


async def test_an_archived_client_is_hidden_and_named_by_nothing_new(api: Api) -> None:
    client_id = api.shop.client.client_id
    archive = "mutation($id: ID!) { archiveClient(id: $id) { client { archivedAt } errors { code } } }"
    restore = "mutation($id: ID!) { restoreClient(id: $id) { client { archivedAt version } errors { code } } }"
    assert (await api.run(archive, {"id": client_id}))["archiveClient"]["client"]["archivedAt"] is not None
    assert await listed(api, CLIENTS) == []
    assert await listed(api, CLIENTS, archived=True) == [client_id]
    refused = (await api.run(CREATE_ORDER, {"input": AN_ORDER | {"clientId": client_id}}))["createOrder"]
    assert codes(refused) == ["client_archived"]
    preview = "query($input: PreviewInvoiceInput!) { previewInvoice(input: $input) { isRefused } }"
    answer = await api.post(preview, {"input": AN_ORDER | {"clientId": client_id}})
    assert answer.json()["errors"][0]["extensions"]["code"] == "client_archived"
    restored = (await api.run(restore, {"id": client_id}))["restoreClient"]
    assert restored == {"client": {"archivedAt": None, "version": 3}, "errors": []}
    assert await listed(api, CLIENTS, ruc="155777777 - 2 - 2021") == [client_id]


async def test_orders_are_found_by_the_callers_own_id_and_by_what_became_of_them(api: Api) -> None:
    billed, open_ = await new_order(api, externalId="POS-1"), await new_order(api, externalId="POS-2")
    await api.run(GENERATE, {"orderId": billed, "key": "k"})
    assert await listed(api, ORDERS) == [open_, billed]
    assert await listed(api, ORDERS, externalId="POS-1") == [billed]
    assert await listed(api, ORDERS, invoiced=False) == [open_]
    assert await listed(api, ORDERS, invoiced=True, cancelled=False) == [billed]
    assert await listed(api, ORDERS, cancelled=True) == []
    assert await listed(api, ORDERS, clientId=api.shop.client.client_id) == []
    assert await listed(api, ORDERS, createdSince="2030-01-01T00:00:00Z") == []


async def test_orders_are_paged_with_cursors_of_their_own(api: Api) -> None:
    orders = [await new_order(api) for _ in range(3)]
    query = """query($after: String) { orders(first: 2, after: $after) {
      edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
    first = (await api.run(query))["orders"]
    rest = (await api.run(query, {"after": first["pageInfo"]["endCursor"]}))["orders"]
    assert [edge["node"]["id"] for page in (first, rest) for edge in page["edges"]] == orders[::-1]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, rest)] == [True, False]
    answer = await api.post(
        "query($after: String) { clients(after: $after) { edges { cursor } } }",
        {"after": first["pageInfo"]["endCursor"]},
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "malformed_page"


@pytest.mark.parametrize("mutation", ["updateClient", "archiveClient", "restoreClient", "updateOrder", "cancelOrder"])
async def test_another_tenants_client_or_order_is_not_found(api: Api, mutation: str) -> None:
    stranger = await api.world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    theirs = await api.world.an_order(stranger)
    is_client = "Client" in mutation
    inputs: dict[str, Any] = {"updateClient": A_CLIENT, "updateOrder": AN_ORDER}
    declared = {"updateClient": ", $input: CreateClientInput!", "updateOrder": ", $input: CreateOrderInput!"}
    passed = ", input: $input" if mutation in inputs else ""
    query = f"""mutation($id: ID!{declared.get(mutation, "")}) {{
      {mutation}(id: $id{passed}) {{ errors {{ code message hint path }} }} }}"""
    theirs_id, nobodys_id = stranger.client.client_id if is_client else theirs.order_id, "01NOBODYNOBODYNOBODYNOBODY"
    answers = []
    for named in (theirs_id, nobodys_id):
        variables = {"id": named} | ({"input": inputs[mutation]} if mutation in inputs else {})
        answers.append((await api.run(query, variables))[mutation])
    assert codes(answers[0]) == ["client_not_found" if is_client else "order_not_found"]
    assert repr(answers[0]).replace(theirs_id, nobodys_id) == repr(answers[1])
    assert await api.world.stores.trade_book.get_order(theirs.tenant_id, theirs.order_id) == theirs
    assert await listed(api, ORDERS) == []
    strangers_key = await api.new_key(Role.VIEWER, stranger)
    mine = (await api.run(ORDERS, key=strangers_key))["orders"]["edges"]
    assert [edge["node"]["id"] for edge in mine] == [theirs.order_id]
