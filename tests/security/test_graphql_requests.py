"""HTTP requests that are no GraphQL request: methods, addresses, content types, bodies."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.unit.graphql.api import Api, start_api

VIEWER = "{ viewer { role } }"


@pytest.fixture
async def api() -> Api:
    return await start_api()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_is_served(api: Api, method: str) -> None:
    answer = await api.http.request(
        method, "/graphql", params={"query": VIEWER}, headers={"Authorization": f"Bearer {api.key}"}
    )
    assert answer.status_code == 405


@pytest.mark.parametrize("path", ["/graphqlc", "/graphql-admin", "/graphql/x", "/GRAPHQL", "//graphql"])
async def test_no_other_address_is_the_endpoint(api: Api, path: str) -> None:
    answer = await api.http.post(path, json={"query": VIEWER}, headers={"Authorization": f"Bearer {api.key}"})
    assert answer.status_code == 404


async def test_the_address_with_a_slash_is_the_endpoint_too(api: Api) -> None:
    answer = await api.http.post("/graphql/", json={"query": VIEWER}, headers={"Authorization": f"Bearer {api.key}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/plain;application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonx",
        "text/json",
        "application/json, text/plain",
    ],
)
async def test_content_types_that_a_form_can_send_are_refused(api: Api, content_type: str | None) -> None:
    headers = {"Authorization": f"Bearer {api.key}"} | ({} if content_type is None else {"Content-Type": content_type})
    answer = await api.http.post("/graphql", content=json.dumps({"query": VIEWER}), headers=headers)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "content_type_refused"


async def code_of(api: Api, body: bytes) -> str:
    """The code of a request that must be refused."""
    answer = await raw(api, body)
    assert answer.status_code == 400
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


async def raw(api: Api, body: bytes | AsyncIterator[bytes], **headers: str) -> Any:
    known = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json; charset=UTF-8"}
    return await api.http.post("/graphql", content=body, headers=known | headers)


def with_variable(value: bytes) -> bytes:
    """A request whose one variable is this JSON."""
    return b'{"query": "{ viewer { role } }", "variables": {"x": ' + value + b"}}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b"null",
        b'"query"',
        b"{}",
        b'{"query": 5}',
        b'{"query": ""}',
        b'{"query": "  "}',
        b'{"query": "{ viewer { role } }", "variables": []}',
        b'{"query": "{ viewer { role } }", "variables": "x"}',
        b'{"query": "{ viewer { role } }", "operationName": 1}',
        b'{"query": "{ viewer { role } }", "operationName": "Nope"}',
        with_variable(b"NaN"),
        with_variable(b"1e999"),
        with_variable(b"9" * 5_000),
        b"[" * 100_000,
        b'{"variables": ' * 5_000,
    ],
)
async def test_a_body_that_is_no_request_is_refused(api: Api, body: bytes) -> None:
    assert await code_of(api, body) == "malformed_request"


@pytest.mark.parametrize("body", [b"[]", b"[" + b",".join([b'{"query": "{ viewer { role } }"}'] * 1_000) + b"]"])
async def test_a_batch_is_refused_whole(api: Api, body: bytes) -> None:
    assert await code_of(api, body) == "batch_refused"


@pytest.mark.parametrize(
    "body",
    [
        with_variable(b"9" * 25),
        with_variable(b'"\\u0000"'),
        with_variable(b'"' + b"x" * 20_000 + b'"'),
        with_variable(b"[" + b",".join([b"1"] * 2_000) + b"]"),
        with_variable(b"[" * 200 + b"]" * 200),
        b'{"query": "{ invoice(id: \\"\\\\u0000\\") { id } }"}',
    ],
)
async def test_values_that_no_store_can_keep_are_refused(api: Api, body: bytes) -> None:
    assert await code_of(api, body) == "malformed_input"


async def test_a_body_of_ten_megabytes_is_cut_at_the_limit(api: Api) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10 * 1024 * 1024:
            sent += 65_536
            yield b"x" * 65_536

    answer = await raw(api, endless())
    assert answer.status_code == 413
    assert sent < 2 * 1024 * 1024


@pytest.mark.parametrize("length", ["10000000", "9" * 30])
async def test_an_announced_length_over_the_limit_is_refused_unread(api: Api, length: str) -> None:
    assert (await raw(api, b"{}", **{"Content-Length": length})).status_code == 413


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd"])
async def test_a_compressed_body_is_refused(api: Api, encoding: str) -> None:
    assert (await raw(api, b"x", **{"Content-Encoding": encoding})).status_code == 415
