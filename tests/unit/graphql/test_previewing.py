"""previewInvoice shows what createInvoice would make, and leaves nothing behind."""

import json
from typing import Any

from core.tenants import Role
from tests.builders import INVOICES
from tests.unit.graphql.api import AN_ORDER, CREATE_INVOICE, Api
from tests.world import tenant_of

PREVIEW = """
query($input: PreviewInvoiceInput!) { previewInvoice(input: $input) {
  isRefused findings { code severity message hint path rule } issuedAt
  receiver { name ruc dv country countryName }
  totals { netTotal itbmsTotal total } lines { position description netAmount totalAmount }
  trace { path field calculation exact rounded rule }
  payload payloadReason placeholders
  cufe { pattern places { name first last text } }
} }
"""


async def a_preview(api: Api, **changes: Any) -> dict[str, Any]:
    given = AN_ORDER | {"clientId": api.shop.client.client_id} | changes
    preview: dict[str, Any] = (await api.run(PREVIEW, {"input": given}))["previewInvoice"]
    return preview


async def test_shows_figures_with_their_arithmetic_payload_and_cufe(api: Api) -> None:
    preview = await a_preview(api)
    assert preview["isRefused"] is False
    assert preview["totals"] == {"netTotal": "37.50", "itbmsTotal": "2.63", "total": "40.13"}
    assert preview["lines"][0]["netAmount"] == "37.50"
    step = next(step for step in preview["trace"] if step["field"] == "dPrItem")
    assert (step["path"], step["calculation"], step["rounded"]) == (["lines", "0"], "3 × (12.50 - 0)", "37.50")
    payload = json.loads(preview["payload"])
    assert isinstance(payload, dict)
    assert "information.numeration" in preview["placeholders"]
    assert payload["information"]["numeration"].strip("0") == ""
    assert len(preview["cufe"]["pattern"]) == 66
    assert preview["cufe"]["pattern"].startswith("FE01")
    number = next(place for place in preview["cufe"]["places"] if place["name"] == "number")
    assert number["text"] is None
    assert preview["receiver"]["ruc"] == "155777777-2-2021"
    assert preview["receiver"]["dv"]


async def test_the_figures_and_the_receiver_are_those_of_the_invoice_that_follows(api: Api) -> None:
    preview = await a_preview(api)
    given = AN_ORDER | {"clientId": api.shop.client.client_id}
    issued = (await api.run(CREATE_INVOICE, {"input": given, "key": "k"}))["createInvoice"]["invoice"]
    assert issued["totals"]["total"] == preview["totals"]["total"]
    assert issued["number"] == "0000000001"
    pattern = preview["cufe"]["pattern"]
    assert all(shown in ("?", real) for shown, real in zip(pattern, issued["cufe"], strict=True))


async def test_takes_no_number_keeps_nothing_and_posts_nothing(api: Api) -> None:
    tenant_id = tenant_of(api.shop)
    for _ in range(3):
        await a_preview(api)
    assert await api.world.stores.series.find(tenant_id, INVOICES) is None
    assert (await api.run("{ invoices { edges { cursor } } }"))["invoices"]["edges"] == []
    assert list(api.world.engine.documents) == []
    assert await api.world.stores.marks.read(tenant_id, INVOICES) == 0


async def test_tells_every_finding_with_its_place_in_the_input_and_language(api: Api) -> None:
    lines = [{"description": "", "quantity": "0", "unitPrice": "1.00"}]
    preview = await a_preview(api, lines=lines)
    assert preview["isRefused"] is True
    paths = [tuple(found["path"]) for found in preview["findings"] if found["severity"] == "ERROR"]
    assert ("input", "lines", "0", "quantity") in paths
    given = AN_ORDER | {"lines": lines}
    spanish = (await api.run(PREVIEW, {"input": given}, headers={"Accept-Language": "es"}))["previewInvoice"]
    assert spanish["findings"][0]["message"] != preview["findings"][0]["message"]


async def test_a_registry_that_knows_better_is_a_finding_and_not_a_failure(api: Api) -> None:
    preview = await a_preview(api, receiver={"ruc": "155777777-2-2021", "contributorType": "JURIDICO", "dv": "00"})
    assert preview["isRefused"] is True
    assert "receiver_dv_mismatch" in {found["code"] for found in preview["findings"]}


async def test_a_country_that_is_not_listed_takes_its_name_from_the_input(api: Api) -> None:
    preview = await a_preview(api, receiver={"country": "ZZ", "countryName": "Tierra del Añil"})
    assert (preview["receiver"]["country"], preview["receiver"]["countryName"]) == ("ZZ", "Tierra del Añil")
    assert "country_name_wrong" not in {found["code"] for found in preview["findings"]}


async def test_a_viewer_may_preview(api: Api) -> None:
    key = await api.new_key(Role.VIEWER)
    data = await api.run(PREVIEW, {"input": AN_ORDER}, key=key)
    assert data["previewInvoice"]["isRefused"] is False


async def test_what_names_no_document_at_all_is_an_error(api: Api) -> None:
    answer = (await api.post(PREVIEW, {"input": AN_ORDER | {"clientId": "nobody"}})).json()
    assert answer["data"] == {"previewInvoice": None}
    assert answer["errors"][0]["extensions"]["code"] == "client_not_found"
