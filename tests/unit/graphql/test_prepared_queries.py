"""What is prepared once, and what a query may cost."""

from typing import Any

import pytest
from graphql import parse

from adapters.graphql.prepared_queries import PreparedQueries
from adapters.graphql.query_measure import measure
from adapters.graphql.request_context import RowBudget
from adapters.graphql.request_failures import InvalidQueryError, QueryLimitExceededError
from adapters.graphql.schema_building import build_schema
from adapters.graphql.settings import GraphqlSettings
from tests.unit.graphql.api import AN_ORDER, CREATE_ORDER, PUBLIC_URL, Api, start_api

SCHEMA = build_schema()


def prepared(**settings: Any) -> PreparedQueries:
    return PreparedQueries(SCHEMA, GraphqlSettings(public_url=PUBLIC_URL, **settings))


def cost_of(query: str, **variables: object) -> int:
    (formula,) = measure(SCHEMA, parse(query), depth_max=50, aliases_max=50).values()
    return formula.evaluate(variables)


def test_the_same_text_is_prepared_once() -> None:
    queries = prepared()
    assert queries.get("{ viewer { role } }") is queries.get("{ viewer { role } }")


def test_what_validation_says_is_kept_with_the_query() -> None:
    queries = prepared()
    first = queries.get("{ nothing }")
    assert len(first.errors) == 1
    assert queries.get("{ nothing }") is first


def test_syntax_errors_take_no_room() -> None:
    queries = prepared()
    for _ in range(2):
        with pytest.raises(InvalidQueryError):
            queries.get("{")
    assert len(queries._prepared) == 0


def test_the_least_recently_used_query_goes_first() -> None:
    queries = prepared(prepared_queries_max=2)
    first = queries.get("{ viewer { role } }")
    queries.get("{ viewer { keyId } }")
    assert queries.get("{ viewer { role } }") is first
    queries.get("{ offices { id } }")
    assert queries.get("{ viewer { role } }") is first
    assert set(queries._prepared) == {"{ viewer { role } }", "{ offices { id } }"}


def test_long_queries_push_out_more_than_one() -> None:
    queries = prepared(prepared_characters_max=100)
    for place in range(10):
        queries.get("{ viewer { role } } #" + str(place))
    queries.get("{ viewer { role } } #" + "x" * 70)
    assert sum(map(len, queries._prepared)) <= 100
    assert sum(map(len, queries._prepared)) == queries._characters


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ viewer { role keyId } }", 1),
        ("{ viewer { tenant { name } } }", 2),
        ('{ invoice(id: "x") { id events { at } } }', 26),
        ("{ invoices(first: 10) { edges { node { id } } } }", 21),
        ("{ invoices { edges { node { id } } } }", 41),
        ("{ invoices(first: 99999999999) { edges { node { id } } } }", 201),
        ("{ ...A } fragment A on Query { viewer { role } }", 1),
        ("{ ... on Query { viewer { role } } }", 1),
        ("{ ...A } fragment A on Query { ...A }", 0),
        ("mutation { createOrder(input: {lines: []}) { order { id } } }", 251),
        ("{ previewInvoice(input: {lines: []}) { isRefused totals { total } } }", 251),
        (
            '{ numberLedger(officeId: "x", billingPoint: "001", type: REIMBURSEMENT, first: 10) { entries { use } } }',
            11,
        ),
        ("{ invoices(first: 10) { edges { node { diagnosis { cause } } } } }", 31),
        ("{ unknown { field } }", 0),
    ],
)
def test_the_cost_of_a_query(query: str, cost: int) -> None:
    assert cost_of(query) == cost


@pytest.mark.parametrize(("size", "cost"), [(1, 3), (50, 101), (None, 201), (-5, 201), (10**9, 201), ("x", 201)])
def test_a_page_size_from_a_variable_counts_and_nonsense_counts_most(size: object, cost: int) -> None:
    assert cost_of("query($n: Int!) { invoices(first: $n) { edges { node { id } } } }", n=size) == cost


def test_a_page_size_by_default_of_the_operation_counts() -> None:
    assert cost_of("query($n: Int! = 5) { invoices(first: $n) { edges { node { id } } } }") == 11


def test_a_full_document_and_a_useful_page_are_within_the_default_limits() -> None:
    everything = "id lines { description } events { at } attachments { kind } totals { total } receiver { name }"
    settings = GraphqlSettings(public_url=PUBLIC_URL)
    assert cost_of(f"{{ invoices(first: 50) {{ edges {{ node {{ {everything} }} }} }} }}") <= settings.cost_max
    assert cost_of(f"{{ invoices(first: 100) {{ edges {{ node {{ {everything} }} }} }} }}") > settings.cost_max


def test_depth_is_measured_through_fragments() -> None:
    query = "{ ...A } fragment A on Query { viewer { tenant { name } } }"
    assert measure(SCHEMA, parse(query), depth_max=3, aliases_max=0)
    with pytest.raises(QueryLimitExceededError):
        measure(SCHEMA, parse(query), depth_max=2, aliases_max=0)


def test_a_request_shows_no_more_rows_than_its_budget() -> None:
    rows = RowBudget(10)
    rows.spend(10)
    with pytest.raises(QueryLimitExceededError):
        rows.spend(1)


async def test_a_page_of_large_documents_ends_at_the_row_budget() -> None:
    api: Api = await (await start_api()).with_settings(rows_max=1)
    order = {"lines": [AN_ORDER["lines"][0]] * 2}
    created = await api.run(CREATE_ORDER, {"input": order})
    query = """mutation($id: ID!) { generateInvoice(orderId: $id, mode: DGI, idempotencyKey: "k") {
        invoice { id lines { description } } errors { code } } }"""
    answer = (await api.post(query, {"id": created["createOrder"]["order"]["id"]})).json()
    assert answer["errors"][0]["extensions"]["code"] == "query_limit_exceeded"
    listed = await api.run("{ invoices { edges { node { submission } } } }")
    assert listed["invoices"]["edges"] == [{"node": {"submission": "ACCEPTED"}}]
