"""The number ledger of a series, page by page, over HTTP."""

from typing import Any

import pytest

from core.codes import DocumentType
from core.failures import BillingPointNotOfOfficeError
from core.use_cases.set_series import SetSeries
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, GENERATE, Api
from tests.world import tenant_of

LEDGER = """
query($office: ID!, $point: String!, $first: Int! = 100, $after: String) {
  numberLedger(officeId: $office, billingPoint: $point, type: DOMESTIC_INVOICE, first: $first, after: $after) {
    billingPoint documentType firstNumber nextNumber
    entries { first last count use reason documentId }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def an_invoice(api: Api, key: str) -> str:
    created = await api.run(CREATE_ORDER, {"input": AN_ORDER})
    issued = await api.run(GENERATE, {"orderId": created["createOrder"]["order"]["id"], "key": key})
    document_id: str = issued["generateInvoice"]["invoice"]["id"]
    return document_id


async def move(api: Api, to: int) -> None:
    await SetSeries(api.world.stores.tenants, api.world.stores.series, api.world.clock)(
        tenant_of(api.shop),
        billing_point="001",
        document_type=DocumentType.DOMESTIC_INVOICE,
        next_number=to,
        reason="venimos de otro PAC",
        actor="operator:k",
    )


def asked(api: Api, **more: Any) -> dict[str, Any]:
    return {"office": api.shop.office.office_id, "point": "001"} | more


async def test_every_number_is_accounted_for(api: Api) -> None:
    first = await an_invoice(api, "a")
    await api.world.sweep(times=12, every_seconds=60)
    await move(api, 500)
    second = await an_invoice(api, "b")
    ledger = (await api.run(LEDGER, asked(api)))["numberLedger"]
    assert ledger["billingPoint"] == "001"
    assert ledger["documentType"] == "DOMESTIC_INVOICE"
    assert (ledger["firstNumber"], ledger["nextNumber"]) == ("0000000001", "0000000501")
    assert [(one["first"], one["last"], one["count"], one["use"], one["documentId"]) for one in ledger["entries"]] == [
        ("0000000001", "0000000001", "1", "USED", first),
        ("0000000002", "0000000499", "498", "BURNT", None),
        ("0000000500", "0000000500", "1", "RESERVED", second),
    ]
    assert ledger["entries"][1]["reason"] == "moved by operator:k: venimos de otro PAC"
    assert ledger["pageInfo"]["hasNextPage"] is False


async def test_pages_follow_each_other(api: Api) -> None:
    for key in "abcde":
        await an_invoice(api, key)
    seen: list[str] = []
    after = None
    while True:
        page = (await api.run(LEDGER, asked(api, first=2, after=after)))["numberLedger"]
        seen.extend(entry["first"] for entry in page["entries"])
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"{number:010d}" for number in range(1, 6)]
    assert (await api.run(LEDGER, asked(api, after=after)))["numberLedger"]["entries"] == []


async def test_a_series_that_was_never_used_is_empty(api: Api) -> None:
    ledger = (await api.run(LEDGER, asked(api)))["numberLedger"]
    assert (ledger["entries"], ledger["nextNumber"]) == ([], "0000000001")
    assert ledger["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first": 0}, "malformed_page"),
        ({"first": 101}, "malformed_page"),
        ({"after": "nonsense"}, "malformed_page"),
        ({"after": "bnVtYmVyOmFiYw"}, "malformed_page"),  # number:abc
        ({"after": "bnVtYmVyOjk5OTk5OTk5OTk5OTk5OQ"}, "malformed_page"),  # number:99999999999999
        ({"point": "999"}, BillingPointNotOfOfficeError.code),
        ({"office": "nobody's"}, "office_not_found"),
    ],
)
async def test_refuses_what_is_none_of_the_tenants(api: Api, given: dict[str, Any], code: str) -> None:
    answer = (await api.post(LEDGER, asked(api, **given))).json()
    assert answer["data"] == {"numberLedger": None}
    assert answer["errors"][0]["extensions"]["code"] == code
