"""Archives and evidence through the API: made, linked, fetched at the route, and nobody else's."""

import hashlib
import io
import zipfile
from typing import Any

import httpx
import pytest
from litestar import Litestar

from adapters.bundles.archive_writer import ZipArchiveWriter
from adapters.bundles.zip_files import read_zip
from adapters.cafe.renderer import ReportlabCafeRenderer
from adapters.http_webhooks.file_route import build_file_handlers
from core.evidence_check import check
from core.failures import ArchiveTooLargeError
from core.months import read_month
from core.tenants import Role
from core.use_cases.archive_month import ArchiveMonth
from core.use_cases.download_file import DownloadFile, DownloadLinks
from core.use_cases.offer_bundle import BundleLinks, MakeArchive, OpenBundle
from core.use_cases.render_cafe import CafeLinks, RenderCafe
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, DOWNLOAD_KEY, GENERATE, PUBLIC_URL, Api
from tests.world import tenant_of

ARCHIVE = """
mutation Month($month: String!) {
  makeArchive(month: $month) {
    archive { downloadUrl expiresAt fileName size sha256 documentCount }
    errors { code path hint }
  }
}
"""
EVIDENCE = """
mutation Proof($id: ID!) {
  makeEvidence(documentId: $id) { evidence { downloadUrl fileName size sha256 fileCount } errors { code } }
}
"""


async def sold(api: Api) -> str:
    order = (await api.run(CREATE_ORDER, {"input": AN_ORDER}))["createOrder"]["order"]
    invoice = (await api.run(GENERATE, {"orderId": order["id"], "key": "one"}))["generateInvoice"]["invoice"]
    await api.world.sweep(times=30, every_seconds=60)
    return str(invoice["id"])


async def fetch(api: Api, url: str) -> httpx.Response:
    world = api.world
    stores, clock = world.stores, world.clock
    handlers = build_file_handlers(
        DownloadFile(DownloadLinks(DOWNLOAD_KEY, clock), stores.documents, stores.files),
        RenderCafe(CafeLinks(DOWNLOAD_KEY, clock), stores.documents, ReportlabCafeRenderer()),
        OpenBundle(BundleLinks(DOWNLOAD_KEY, clock), stores.files),
    )
    app = Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC_URL) as http:
        return await http.get(url)


def month_of(api: Api) -> dict[str, Any]:
    return {"month": f"{api.world.clock.now():%Y-%m}"}


async def test_an_issuer_fetches_the_archive_of_its_own_month(api: Api) -> None:
    await sold(api)
    issuer = await api.new_key(Role.ISSUER)
    made = (await api.run(ARCHIVE, month_of(api), key=issuer))["makeArchive"]
    archive = made["archive"]
    assert (made["errors"], archive["documentCount"]) == ([], 1)
    answer = await fetch(api, archive["downloadUrl"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{archive["fileName"]}"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (archive["size"], archive["sha256"])
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {name.partition("/")[0] for name in names} == {"pdf", "xml", "index.csv", "authorizations.csv"}
    again = (await api.run(ARCHIVE, month_of(api), key=issuer))["makeArchive"]["archive"]
    assert again["sha256"] == archive["sha256"]


async def test_another_taxpayers_archive_is_empty_and_its_link_opens_its_own(api: Api) -> None:
    await sold(api)
    other = await api.new_key(Role.ISSUER, await api.world.open_shop("155000002-2-2020", "Otra, S.A."))
    archive = (await api.run(ARCHIVE, month_of(api), key=other))["makeArchive"]["archive"]
    assert archive["documentCount"] == 0
    names = zipfile.ZipFile(io.BytesIO((await fetch(api, archive["downloadUrl"])).content)).namelist()
    assert names == ["authorizations.csv", "index.csv"]


async def test_a_link_lives_for_a_while_and_opens_one_thing(api: Api) -> None:
    url = (await api.run(ARCHIVE, month_of(api)))["makeArchive"]["archive"]["downloadUrl"]
    assert (await fetch(api, url.replace("/bundles/", "/files/"))).status_code == 403
    assert (await fetch(api, url[:-2])).status_code == 403
    api.world.wait(seconds=901)
    assert (await fetch(api, url)).status_code == 403


async def test_an_operator_fetches_evidence_that_verifies(api: Api, tmp_path: Any) -> None:
    invoice = await sold(api)
    made = (await api.run(EVIDENCE, {"id": invoice}))["makeEvidence"]["evidence"]
    path = tmp_path / made["fileName"]
    path.write_bytes((await fetch(api, made["downloadUrl"])).content)
    entries = read_zip(path)
    assert len(entries) == made["fileCount"]
    assert not [each.problem for each in check(entries) if each.problem]


async def test_evidence_of_a_foreign_document_is_not_found(api: Api) -> None:
    invoice = await sold(api)
    other = await api.new_key(Role.OPERATOR, await api.world.open_shop("155000002-2-2020", "Otra, S.A."))
    made = (await api.run(EVIDENCE, {"id": invoice}, key=other))["makeEvidence"]
    assert (made["evidence"], made["errors"]) == (None, [{"code": "document_not_found"}])


async def test_what_is_no_month_is_said(api: Api) -> None:
    made = (await api.run(ARCHIVE, {"month": "March"}))["makeArchive"]
    assert (made["archive"], made["errors"][0]["code"], made["errors"][0]["path"]) == (
        *(None, "malformed_input", ["month"]),
    )


@pytest.mark.parametrize("limits", [{"documents_max": 0}, {"megabytes_max": 0}])
async def test_a_month_that_is_too_large_names_the_command(api: Api, limits: dict[str, int]) -> None:
    await sold(api)
    stores, clock = api.world.stores, api.world.clock
    make = MakeArchive(
        ArchiveMonth(stores.documents, stores.files),
        ZipArchiveWriter(),
        stores.files,
        BundleLinks(DOWNLOAD_KEY, clock),
        **limits,
    )
    with pytest.raises(ArchiveTooLargeError) as refused:
        await make(tenant_of(api.shop), read_month(month_of(api)["month"]))
    assert "istmo archive" in refused.value.hint.english
