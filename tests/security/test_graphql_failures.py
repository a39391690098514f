"""What fails inside stays inside."""

from dataclasses import replace
from typing import Any

import pytest
import structlog

from adapters.persistence.connection import DatabaseUnavailable
from core.failures import StoreUnavailableError
from tests.unit.graphql.api import Api, operations_of, start_api

VIEWER = "{ viewer { role } }"


@pytest.fixture
async def api() -> Api:
    return await start_api()


class Broken:
    """A store that fails as no store should."""

    def __getattr__(self, name: str) -> Any:
        async def fail(*_: object, **__: object) -> None:
            raise ValueError("INSERT INTO documents (secret) VALUES ('hunter2')")

        return fail


async def broken(api: Api, **parts: Any) -> Api:
    return Api(api.world, api.shop, api.key, operations=replace(operations_of(api.world), **parts))


@pytest.mark.parametrize(
    ("part", "query"),
    [
        ("documents", '{ invoice(id: "x") { id } }'),
        ("documents", "{ invoices { edges { cursor } } }"),
        ("trade_book", "{ clients { edges { cursor } } }"),
        ("tenants", "{ viewer { role } }"),
        ("documents", 'mutation { attachPacPdf(sourceId: "x", sourceType: INVOICE) { outcome errors { code } } }'),
        ("create_order", "mutation { createOrder(input: {lines: []}) { errors { code message } } }"),
    ],
)
async def test_an_unforeseen_failure_tells_an_incident_and_nothing_else(api: Api, part: str, query: str) -> None:
    answer = await (await broken(api, **{part: Broken()})).post(query)
    error = answer.json()["errors"][0]
    assert error["extensions"]["code"] == "internal_error"
    for secret in ("hunter2", "INSERT", "ValueError", "Traceback", "File "):
        assert secret not in answer.text


async def test_a_failure_before_the_query_tells_an_incident_too(api: Api) -> None:
    answer = await (await broken(api, authenticate=Broken().anything)).post(VIEWER)
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"]["code"] == "internal_error"
    assert "hunter2" not in answer.text


class Away:
    """A store that cannot be reached."""

    async def __call__(self, *_: object, **__: object) -> None:
        raise StoreUnavailableError

    get = page = clients = __call__


async def test_a_store_that_is_away_is_told_as_unavailable(api: Api) -> None:
    away = await broken(api, authenticate=Away())
    answer = await away.post(VIEWER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    away = await broken(api, documents=Away(), create_order=Away())
    answer = await away.post("{ invoices { edges { cursor } } }")
    assert answer.json()["errors"][0]["extensions"]["code"] == "store_unavailable"
    answer = await away.post("mutation { createOrder(input: {lines: []}) { errors { code } } }")
    assert answer.json()["data"]["createOrder"]["errors"] == [{"code": "store_unavailable"}]


class Confiding:
    """A store whose failure knows more than a caller may."""

    async def __call__(self, *_: object, **__: object) -> None:
        raise DatabaseUnavailable("postgresql://istmo:hunter2@db.internal refused")


async def test_what_an_operator_must_know_is_logged_and_not_told(api: Api) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await (await broken(api, create_order=Confiding())).post(
            "mutation { createOrder(input: {lines: []}) { errors { code message hint } } }"
        )
    assert answer.json()["data"]["createOrder"]["errors"][0]["code"] == "database_unavailable"
    assert "hunter2" not in answer.text
    (noted,) = logs
    assert noted["event"] == "graphql_unavailable"
    assert "db.internal" in noted["reason"]


async def test_every_answer_carries_its_security_headers(api: Api) -> None:
    answer = await api.post(VIEWER)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
