"""The zero-difference statement through the API: an operator's own day, in the caller's language."""

from core.issue_time import panama_date
from core.tenants import Role
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api

STATEMENT = """
query Day($day: Date!) {
  zeroDifferenceStatement(day: $day) {
    isZero isComplete invisible csv
    series { billingPoint documentType oursTotal pacTotal totalDifference }
    differences { code meaning whatToDo documentId billingPoint }
  }
}
"""


async def sell(api: Api) -> str:
    order = (await api.run(CREATE_ORDER, {"input": AN_ORDER}))["createOrder"]["order"]
    invoice = (await api.run(GENERATE, {"orderId": order["id"], "key": "one"}))["generateInvoice"]["invoice"]
    return str(invoice["id"])


async def test_an_operator_reads_its_own_day_and_nobody_elses(api: Api) -> None:
    invoice = await sell(api)
    day = {"day": panama_date(api.world.clock.now()).isoformat()}
    api.world.wait(hours=1)
    early = (await api.run(STATEMENT, day, headers={"Accept-Language": "es"}))["zeroDifferenceStatement"]
    (difference,) = early["differences"]
    assert (difference["code"], difference["documentId"]) == ("STATUS_DIFFERS", invoice)
    assert difference["meaning"] == "El PAC muestra un estado posterior al de aquí."
    assert "invisible" in early["invisible"]
    await api.world.sweep(times=30, every_seconds=60)
    late = (await api.run(STATEMENT, day))["zeroDifferenceStatement"]
    assert (late["isZero"], late["isComplete"]) == (True, True)
    (line,) = late["series"]
    assert (line["oursTotal"], line["pacTotal"], line["totalDifference"]) == ("40.13", "40.13", "0.00")
    assert line["documentType"] == "DOMESTIC_INVOICE"
    stranger = await api.new_key(Role.OPERATOR, await api.world.open_shop("155000002-2-2020", "Otra, S.A."))
    other = (await api.run(STATEMENT, day, key=stranger))["zeroDifferenceStatement"]
    assert (other["series"], other["differences"]) == ([], [])


async def test_a_day_out_of_the_calendar_is_said(api: Api) -> None:
    error = (await api.post(STATEMENT, {"day": "9999-12-31"})).json()["errors"][0]
    assert error["extensions"]["code"] == "malformed_input"
