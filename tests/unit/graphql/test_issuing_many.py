"""issueInvoices: a result for each, in order, and a call that makes no sense is refused as a whole."""

from core.tenants import Role
from tests.unit.graphql.api import Api

MANY = """
mutation Many($invoices: [BulkInvoiceInput!]!, $wait: Int! = 0) {
  issueInvoices(invoices: $invoices, waitSeconds: $wait) {
    results { idempotencyKey invoice { id number submission } errors { code path } }
    errors { code path }
  }
}
"""


def one(key: str, quantity: str = "1", **more: object) -> dict[str, object]:
    line = {"description": "Martillo", "quantity": quantity, "unitPrice": "12.50"}
    return {"idempotencyKey": key, "invoice": {"lines": [line], **more}}


async def many(api: Api, *invoices: dict[str, object], **options: object) -> dict:
    return (await api.run(MANY, {"invoices": list(invoices)} | options))["issueInvoices"]


async def test_each_invoice_has_its_result_in_the_order_of_the_input(api: Api) -> None:
    payload = await many(api, one("a"), one("b", "0"), one("c", clientId="01NOBODY"), one("d"), wait=10)
    assert payload["errors"] == []
    assert [result["idempotencyKey"] for result in payload["results"]] == ["a", "b", "c", "d"]
    assert [bool(result["invoice"]) for result in payload["results"]] == [True, False, False, True]
    refused = payload["results"][1]["errors"][0]
    assert refused["path"] == ["invoices", "1", "invoice", "lines", "0", "quantity"]
    assert payload["results"][2]["errors"][0]["code"] == "client_not_found"


async def test_a_repeated_call_gives_the_same_documents(api: Api) -> None:
    first = await many(api, one("a"), one("b"))
    again = await many(api, one("b"), one("a"))
    assert [result["invoice"]["id"] for result in again["results"]] == [
        result["invoice"]["id"] for result in reversed(first["results"])
    ]
    assert {result["invoice"]["submission"] for result in first["results"]} == {"QUEUED"}


async def test_none_too_many_and_one_key_twice_are_refused_as_a_whole(api: Api) -> None:
    for invoices, path in (
        ([], ["invoices"]),
        ([one(str(place)) for place in range(101)], ["invoices"]),
        ([one("a"), one("b"), one("a")], ["invoices", "2", "idempotencyKey"]),
    ):
        payload = await many(api, *invoices)
        assert payload["results"] is None
        assert (payload["errors"][0]["code"], payload["errors"][0]["path"]) == ("malformed_input", path)
    assert api.world.engine.documents == ()


async def test_a_viewer_issues_nothing(api: Api) -> None:
    answer = await api.post(MANY, {"invoices": [one("a")]}, key=await api.new_key(Role.VIEWER))
    assert answer.json()["errors"][0]["extensions"]["code"] == "not_allowed"
