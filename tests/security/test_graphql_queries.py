"""Queries that ask for too much or do not fit the schema: a defined 400, no execution, no leak."""

from typing import Any

import pytest

from tests.unit.graphql.api import Api, start_api

ISSUE = 'generateInvoice(orderId: "x", mode: DGI, idempotencyKey: "k") { errors { code } }'


@pytest.fixture
async def api() -> Api:
    return await start_api()


@pytest.mark.parametrize(
    "query",
    [
        "{ invoic { id } }",
        "{ invoices(firs: 1) { edges { cursor } } }",
        "{ viewer { rol } }",
        "{ viewer { role } ... on Documen { id } }",
        "mutation { attachPacPdf(sourceId: 1, sourceType: INVOIC) { reason } }",
    ],
)
async def test_no_answer_suggests_what_was_meant(api: Api, query: str) -> None:
    answer = await api.post(query)
    assert answer.status_code == 400
    assert "Did you mean" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer " * 10_000 + "}" * 10_000,
        "{" + "viewer { tenant { name } } " * 1_000 + "}",
        "query { " + " ".join(f"a{place}: viewer {{ role }}" for place in range(1_000)) + " }",
        "mutation { " + " ".join(f"a{place}: {ISSUE}" for place in range(1_000)) + " }",
        "mutation { " + " ".join(f"a{place}: {ISSUE}" for place in range(11)) + " }",
        "{ " + " ".join(f'a{place}: invoice(id: "{place}") {{ id }}' for place in range(21)) + " }",
        "{ a: invoices(first: 100) { edges { node { id events { at } } } } }",
        "query($n: Int!) { invoices(first: $n) { edges { node { id events { at } } } } }",
        "query($n: Int! = 100) { invoices(first: $n) { edges { node { id events { at } } } } }",
        "{ ...A } "
        + " ".join(
            f"fragment {n} on Query {{ ...{m} ...{m} }}"
            for n, m in zip("ABCDEFGHIJKLMNOPQRSTUVW", "BCDEFGHIJKLMNOPQRSTUVWX", strict=True)
        )
        + " fragment X on Query { a: viewer { role } }",
        "#" + "x" * 30_000 + "\n{ viewer { role } }",
        "#\n" * 5_000 + "{ viewer { role } }",
        '{ invoice(id: "' + "x" * 25_000 + '") { id } }',
        "{ viewer { role } } " + " ".join(f"query Q{place} {{ a: viewer {{ role }} }}" for place in range(100)),
    ],
    ids=[
        "depth 10,000",
        "1,000 repetitions",
        "1,000 aliases",
        "1,000 aliased mutations",
        "11 mutations",
        "alias brute force",
        "100 histories",
        "100 histories by variable",
        "100 histories by default",
        "fragments that double",
        "a long comment",
        "5,000 comments",
        "a long text",
        "100 operations",
    ],
)
async def test_a_query_that_asks_for_too_much_is_refused(api: Api, query: str) -> None:
    answer = await api.post(query, {"n": 100} if "$n: Int!)" in query else None)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "query_limit_exceeded"


@pytest.mark.parametrize(
    "query",
    [
        "query A { viewer { role } } query A { viewer { role } }",
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { viewer { role } ...A }",
        "{ viewer { role } } fragment Unused on Query { " + "viewer { role } " * 100 + " }",
        "{ ...Missing }",
        "{ viewer }",
        "subscription { viewer { role } }",
        "type Query { evil: String }",
        "{ viewer { role } } type Evil { id: ID }",
        '{ viewer(tenantId: "x") { role } }',
        "{ viewer @skip { role } }",
        "{",
        "}{",
        "query($x: Nope) { viewer { role } }",
        "{ viewer @defer { role } }",
    ],
)
async def test_a_query_that_does_not_fit_the_schema_is_refused(api: Api, query: str) -> None:
    assert (await api.refused(query))["extensions"]["code"] in ("invalid_query", "malformed_request")


@pytest.mark.parametrize("first", [0, -1, 101, 99_999_999])
async def test_a_page_beyond_its_limits_is_refused(api: Api, first: int) -> None:
    for query in ("invoices", "clients"):
        answer = await api.post(f"query($n: Int!) {{ {query}(first: $n) {{ edges {{ cursor }} }} }}", {"n": first})
        assert answer.status_code == 200
        error = answer.json()["errors"][0]
        assert error["extensions"] == {
            "code": "malformed_page",
            "hint": "Give `first` within the limit and `after` as endCursor gave it.",
            "path": ["first"],
        }


@pytest.mark.parametrize("first", [None, "10", 1.5, 2**40, [10], {}, True])
async def test_a_page_size_of_another_type_is_refused(api: Api, first: Any) -> None:
    answer = await api.post("query($n: Int) { invoices(first: $n) { edges { cursor } } }", {"n": first})
    assert answer.status_code in (200, 400)
    assert answer.json()["errors"][0]["extensions"]["code"] in ("invalid_variable", "invalid_query")


@pytest.mark.parametrize("cursor", ["", "x", "é", "%", "ZG9jdW1lbnQ6", "ZG9jdW1lbnQ6Jzs", "a" * 10_000, "Y2xpZW50OjAx"])
async def test_a_cursor_that_we_did_not_write_is_refused(api: Api, cursor: str) -> None:
    answer = await api.post("query($c: String) { invoices(after: $c) { edges { cursor } } }", {"c": cursor})
    assert answer.json()["errors"][0]["extensions"]["code"] == "malformed_page"
