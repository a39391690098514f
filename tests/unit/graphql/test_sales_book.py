"""The sales book through the API: the caller's own month, and nobody else's."""

from core.tenants import Role
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api

BOOK = """query Book($month: String!) { salesBook(month: $month) {
  isFinal openReasons { reason count until message } countedCount netItbms total csv
} }"""


async def sell(api: Api, key: str) -> None:
    order = (await api.run(CREATE_ORDER, {"input": AN_ORDER}))["createOrder"]["order"]
    await api.run(GENERATE, {"orderId": order["id"], "key": key})


async def test_a_viewer_reads_the_book_of_its_own_tenant(api: Api) -> None:
    await sell(api, "one")
    month = f"{api.world.clock.now():%Y-%m}"
    before = (await api.run(BOOK, {"month": month}))["salesBook"]
    assert (before["isFinal"], before["countedCount"], before["total"]) == (False, 0, "0.00")
    await api.world.sweep(times=30, every_seconds=60)
    key = await api.new_key(Role.VIEWER)
    book = (await api.run(BOOK, {"month": month}, key=key))["salesBook"]
    assert (book["isFinal"], book["countedCount"]) == (False, 1)
    assert (book["netItbms"], book["total"]) == ("2.63", "40.13")
    assert book["csv"].count("\r\n") == 2
    assert [(why["reason"], why["count"]) for why in book["openReasons"]] == [
        ("MONTH_RUNNING", 0),
        ("VOID_WINDOW_OPEN", 1),
    ]
    assert "2026-02-01T00:00:00-05:00" in book["openReasons"][0]["message"]
    stranger = await api.new_key(Role.VIEWER, await api.world.open_shop("155000002-2-2020", "Otra, S.A."))
    empty = (await api.run(BOOK, {"month": month}, key=stranger))["salesBook"]
    assert (empty["countedCount"], empty["csv"].count("\r\n")) == (0, 1)


async def test_a_month_that_is_over_and_can_be_voided_no_more_is_final(api: Api) -> None:
    await sell(api, "one")
    month = f"{api.world.clock.now():%Y-%m}"
    await api.world.sweep(times=30, every_seconds=60)
    api.world.wait(hours=24 * 40)
    book = (await api.run(BOOK, {"month": month}))["salesBook"]
    assert (book["isFinal"], book["openReasons"], book["countedCount"]) == (True, [], 1)


async def test_what_is_no_month_is_said(api: Api) -> None:
    error = (await api.post(BOOK, {"month": "March"})).json()["errors"][0]
    assert error["extensions"]["code"] == "malformed_input"
