"""Who gets in, and what they see: keys, tenants, links and health, over HTTP."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import httpx
import psycopg
import pytest

from adapters.scheduler.manual_clock import ManualClock
from core.identifiers import DocumentId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.use_cases.api_keys import RevokeApiKey
from core.use_cases.download_file import DownloadLinks
from tests.integration.customer import INVOICE, INVOICES, Customer, until
from tests.integration.installation import Installation, Shop


async def document_with_pdf(customer: Customer) -> dict[str, object]:
    issued = await customer.issue()
    return await until(lambda: customer.invoice(issued["id"]), lambda seen: len(seen["attachments"]) == 2)


async def test_two_tenants_see_nothing_of_each_other(web: Installation) -> None:
    one, other = [web.customer_of(await web.open_shop(which)) for which in (0, 1)]
    ours, theirs = await one.issue(), await other.issue()
    assert ours["number"] == theirs["number"], "each tenant has series of its own"
    assert await one.invoice(theirs["id"]) is None
    assert await other.invoice(ours["id"]) is None
    for customer, document in ((one, ours), (other, theirs)):
        found = await customer.ask(INVOICES, f={})
        assert [edge["node"]["id"] for edge in found["edges"]] == [document["id"]]
    assert (await one.ask(INVOICES, f={"cufe": theirs["cufe"]}))["edges"] == []
    order = await other.order()
    refused = await one.generate(order, "k-2")
    assert [error["code"] for error in refused["errors"]] == ["order_not_found"]
    assert len(web.pac.engine.documents) == 2


async def test_a_revoked_a_foreign_and_a_missing_key_are_answered_alike(web: Installation) -> None:
    shop = await web.open_shop()
    customer = web.customer_of(shop)
    issued = await customer.issue()
    await (await web.container.get(RevokeApiKey))(shop.tenant_id, shop.key_id)
    answers = [await customer.post(INVOICE, {"id": issued["id"]})]
    answers.append(await Customer(web.http, "istmo_" + "x" * 43).post(INVOICE, {"id": issued["id"]}))
    answers.append(await web.http.post("/graphql", json={"query": INVOICE}))
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["errors"][0]["extensions"]["code"] == "not_authenticated"
    assert issued["number"] not in answers[0].text


async def test_a_download_link_opens_one_file_and_no_changed_link_opens_anything(web: Installation) -> None:
    document = await document_with_pdf(await web.customer())
    pdf, xml = sorted(document["attachments"], key=lambda each: each["kind"])
    for each, start in ((pdf, b"%PDF-"), (xml, b"<")):
        answer = await web.http.get(each["downloadUrl"])
        assert answer.status_code == 200
        assert answer.content.startswith(start)
        assert len(answer.content) == each["size"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    address, _, token = pdf["downloadUrl"].rpartition("/")
    payload, _, mac = token.partition(".")
    claims = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    later = claims.replace(b"]", b"0]")
    forged = urlsafe_b64encode(later).rstrip(b"=").decode()
    for bad in (f"{forged}.{mac}", f"{payload}.{mac[::-1]}", payload, f".{mac}", token[:-2], token + "A" * 2000, "x"):
        answer = await web.http.get(f"{address}/{bad}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "download_link_invalid"), bad


async def test_an_expired_download_link_is_refused(web: Installation) -> None:
    shop = await web.open_shop()
    document = await document_with_pdf(web.customer_of(shop))
    links = await links_of_an_hour_ago(web)
    stored = await (await web.container.get(DocumentRepository)).get(shop.tenant_id, DocumentId(str(document["id"])))
    token, expires_at = links.token(shop.tenant_id, stored.document_id, stored.files[0])
    assert expires_at < (await web.container.get(Clock)).now()
    answer = await web.http.get(f"/files/{token}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "download_link_invalid")


async def links_of_an_hour_ago(web: Installation) -> DownloadLinks:
    now = (await web.container.get(Clock)).now()
    clock = ManualClock(now - timedelta(hours=1))
    return DownloadLinks(web.settings.store.key_bytes, clock, lifetime_seconds=web.settings.web.link_seconds)


async def test_health_says_live_and_ready(web: Installation) -> None:
    live, ready = await web.http.get("/health/live"), await web.http.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "work": "ok"}},
    )


@pytest.mark.parametrize("web", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_without_its_database_it_is_live_not_ready_and_tells_callers_to_come_back(web: Installation) -> None:
    shop = await web.open_shop()
    url = web.environment["ISTMO_DATABASE_URL"]
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        ready = await until(lambda: web.http.get("/health/ready"), lambda answer: answer.status_code == 503)
        assert ready.json()["checks"]["database"] == "failed"
        assert (await web.http.get("/health/live")).status_code == 200
        refused = await web.customer_of(shop).post(INVOICE, {"id": "any"})
        assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        assert name not in refused.text
        told = await tell_webhook(web, shop)
        assert told.status_code == 503, "so that the PAC sends it again"
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    await until(lambda: web.http.get("/health/ready"), lambda answer: answer.status_code == 200)
    assert (await web.customer_of(shop).issue())["submission"] == "ACCEPTED"


async def tell_webhook(web: Installation, shop: Shop) -> httpx.Response:
    headers = {"X-Pac-Signature": shop.webhook_secret}
    return await web.http.post(f"/webhooks/pac/{shop.company_id}", content=b'{"id": "x"}', headers=headers)
