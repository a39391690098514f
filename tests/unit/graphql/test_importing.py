"""Uploading and importing through the API, as a caller does it."""

from typing import Any

import httpx
from litestar import Litestar

from adapters.http_webhooks.upload_route import build_upload_handlers
from core.tenants import Role
from core.use_cases.upload_file import UploadFile
from tests.unit.graphql.api import Api
from tests.unit.imports.received_files import issued_by

IMPORT = """
mutation Import($input: CreateInvoiceFromFileInput!, $key: String!) {
  createInvoiceFromFile(input: $input, idempotencyKey: $key) {
    invoice {
      id mode submission expectedCufe cufe issuer { name } totals { total }
      received { number billingPoint issuedOn branch amountsSource }
      attachments { kind fileName }
    }
    errors { code path }
  }
}
"""


async def upload(api: Api, content: bytes, *, key: str, **headers: str) -> httpx.Response:
    operations = api.operations_in_use
    handlers = build_upload_handlers(
        operations.authenticate, UploadFile(api.world.stores.files, operations.upload_tokens)
    )
    app = Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://istmo.test") as http:
        return await http.post("/uploads", content=content, headers={"Authorization": f"Bearer {key}"} | headers)


async def imported(api: Api, token: str, *, key: str, sale: str = "k", **more: Any) -> dict:
    given = {"input": {"uploadToken": token, "sourceType": "INVOICE", **more}, "key": sale}
    return (await api.run(IMPORT, given, key=key))["createInvoiceFromFile"]


async def test_a_received_pdf_becomes_a_document(api: Api) -> None:
    seller = await api.world.open_shop("155000002-2-2020", "Vendedora, S.A.")
    original, pdf = await issued_by(api.world, seller)
    key = await api.new_key(Role.ISSUER)
    stored = await upload(api, pdf, key=key)
    assert stored.status_code == 201
    payload = await imported(api, stored.json()["uploadToken"], key=key, issuerName="Vendedora, S.A.")
    invoice = payload["invoice"]
    assert (payload["errors"], invoice["mode"], invoice["submission"]) == ([], "DGI_IMPORT", "IMPORTED")
    assert (invoice["cufe"], invoice["expectedCufe"]) == (original.cufe, None)
    assert invoice["received"] == {
        "number": "0000000001",
        "billingPoint": "001",
        "issuedOn": original.issued_at.date().isoformat(),
        "branch": "0000",
        "amountsSource": "FILE",
    }
    assert invoice["attachments"] == [{"kind": "PDF", "fileName": f"{original.cufe}.pdf"}]
    again = await imported(api, stored.json()["uploadToken"], key=key, issuerName="Vendedora, S.A.")
    assert again["invoice"]["id"] == invoice["id"]


async def test_amounts_of_the_caller_are_marked_as_such(api: Api) -> None:
    seller = await api.world.open_shop("155000002-2-2020", "Vendedora, S.A.")
    _, pdf = await issued_by(api.world, seller)
    key = await api.new_key(Role.ISSUER)
    token = (await upload(api, pdf, key=key)).json()["uploadToken"]
    amounts = {"net": "100.00", "itbms": "7.00", "total": "107.00"}
    invoice = (await imported(api, token, key=key, amounts=amounts))["invoice"]
    assert (invoice["received"]["amountsSource"], invoice["totals"]["total"]) == ("CALLER", "107.00")


async def test_an_upload_of_another_tenant_is_not_found(api: Api) -> None:
    seller = await api.world.open_shop("155000002-2-2020", "Vendedora, S.A.")
    _, pdf = await issued_by(api.world, seller)
    theirs = await upload(api, pdf, key=await api.new_key(Role.ISSUER, seller))
    payload = await imported(api, theirs.json()["uploadToken"], key=await api.new_key(Role.ISSUER))
    assert payload["invoice"] is None
    assert payload["errors"] == [{"code": "upload_not_found", "path": ["input", "uploadToken"]}]


async def test_an_upload_needs_a_key_of_an_issuer_and_a_file(api: Api) -> None:
    pdf = b"%PDF-1.4 something"
    assert (await upload(api, pdf, key="nobody")).status_code == 401
    assert (await upload(api, pdf, key=await api.new_key(Role.VIEWER))).status_code == 403
    key = await api.new_key(Role.ISSUER)
    for content, headers in ((b"hello", {}), (b"", {}), (pdf, {"Content-Encoding": "gzip"})):
        answer = await upload(api, content, key=key, **headers)
        assert answer.status_code in (400, 415), answer.text
        assert answer.json()["error"]["hint"]
