"""Who may read the metrics."""

import httpx
import pytest
from litestar import Litestar

from adapters.http_webhooks.exception_handlers import build_exception_handlers
from adapters.http_webhooks.metrics_route import build_metrics_handlers

TOKEN = "a token for the tests"


async def page() -> bytes:
    return b"istmo_work_due 3\n"


async def broken() -> bytes:
    raise RuntimeError("postgresql://istmo:password@db.internal")


def http(token: str | None, render: object = page) -> httpx.AsyncClient:
    handlers = build_metrics_handlers(render, media_type="text/plain; version=1.0.0", token=token)  # type: ignore[arg-type]
    app = Litestar(handlers, exception_handlers=build_exception_handlers(), openapi_config=None, logging_config=None)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


async def test_gives_the_page_to_whoever_has_the_token() -> None:
    answer = await http(TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.content) == (200, b"istmo_work_due 3\n")
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", f"Bearer {TOKEN} ", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}", "Bearer ñ"]
)
async def test_gives_nothing_without_the_token(given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    answer = await http(TOKEN).get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "istmo_work" not in answer.text


async def test_without_a_token_on_loopback_a_forwarded_request_finds_nothing() -> None:
    assert (await http(None).get("/metrics")).status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert (await http(None).get("/metrics", headers={header: "203.0.113.9"})).status_code == 404


async def test_a_failure_tells_its_incident_and_nothing_of_its_insides() -> None:
    answer = await http(None, broken).get("/metrics")
    assert answer.status_code == 500
    assert "password" not in answer.text
