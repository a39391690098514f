"""The schema keeps the conventions of docs/api-conventions.md, and each rule can fail."""

import pytest
from graphql import GraphQLSchema
from graphql import build_schema as read_schema

from adapters.graphql.schema_building import build_schema
from tests.architecture import schema_rules as rules

RULES = [
    rules.mutations_answer_with_payloads,
    rules.lists_of_things_are_connections,
    rules.pages_have_one_shape,
    rules.creating_takes_a_key,
    rules.everything_is_described,
    rules.names_keep_their_form,
    rules.money_and_time_have_their_types,
    rules.lists_have_no_holes,
    rules.deprecations_say_what_next,
]

# Named one by one, each with its reason; a test keeps the list from outliving them.
_OPTIONAL_KEY = "older than the rule; a required key would break callers who send none"
EXCEPTIONS = {
    (rules.lists_of_things_are_connections, "Query.offices"): "a taxpayer has few; the DGI lists them all as well",
    (
        rules.lists_of_things_are_connections,
        "Document.recordedPayments",
    ): "a document has at most 200, and its balance is understood from all of them",
    (rules.pages_have_one_shape, "Query.numberLedger"): "its entries are runs of numbers, which have no id",
    (rules.creating_takes_a_key, "Mutation.createOffice"): _OPTIONAL_KEY,
    (rules.creating_takes_a_key, "Mutation.createClient"): _OPTIONAL_KEY,
    (rules.creating_takes_a_key, "Mutation.createOrder"): _OPTIONAL_KEY,
}

CLEAN = """
"A moment." scalar DateTime
"An amount." scalar Decimal
type Query {
  "One." sale(id: ID!): Sale
  "Many." sales(first: Int! = 20, after: String): SaleConnection
}
type Mutation {
  "Sells." createSale(input: SaleInput!, idempotencyKey: String!): CreateSalePayload
  "Sells many." createSales(sales: [EntryInput!]!): CreateSalesPayload
}
"One of many." input EntryInput { idempotencyKey: String!  price: Decimal! }
type CreateSalesPayload { sales: [Sold!]  errors: [UserError!]! }
"One that was sold." type Sold { number: String! }
"A sale." type Sale { id: ID!  total: Decimal!  soldAt: DateTime!  tags: [String!]! }
type SaleConnection { edges: [SaleEdge!]!  pageInfo: PageInfo! }
type SaleEdge { node: Sale!  cursor: String! }
"An end." type PageInfo { hasNextPage: Boolean! }
"What is sold." input SaleInput { price: Decimal!  state: State }
"How it stands." enum State { OPEN IN_DOUBT }
"What is wrong." type UserError { code: String! }
type CreateSalePayload { sale: Sale  errors: [UserError!]! }
"""

PLANTED = [
    (rules.mutations_answer_with_payloads, ": CreateSalePayload\n", ": Sale\n"),
    (rules.mutations_answer_with_payloads, ": CreateSalePayload\n", ": CreateSalePayload!\n"),
    (rules.mutations_answer_with_payloads, "errors: [UserError!]!", "errors: [UserError]"),
    (rules.mutations_answer_with_payloads, "sale: Sale  errors", "sale: Sale!  errors"),
    (rules.lists_of_things_are_connections, ": SaleConnection", ": [Sale!]"),
    (rules.lists_of_things_are_connections, "tags: [String!]!", "parts: [Sale!]!"),
    (rules.pages_have_one_shape, "first: Int! = 20, ", ""),
    (rules.pages_have_one_shape, "after: String", "offset: Int"),
    (rules.pages_have_one_shape, "pageInfo: PageInfo! }", "total: Int! }"),
    (rules.pages_have_one_shape, "cursor: String!", "at: Int"),
    (rules.pages_have_one_shape, "sale(id: ID!)", "sale(id: ID!, after: String)"),
    (rules.creating_takes_a_key, ", idempotencyKey: String!", ""),
    (rules.creating_takes_a_key, "idempotencyKey: String!", "idempotencyKey: String"),
    (rules.creating_takes_a_key, "createSale(", "conjureSale("),
    (rules.creating_takes_a_key, "sales: [EntryInput!]!", "sales: [EntryInput!]"),
    (rules.creating_takes_a_key, "idempotencyKey: String!  price", "idempotencyKey: String  price"),
    (rules.creating_takes_a_key, "idempotencyKey: String!  price", "price"),
    (rules.everything_is_described, '"What is sold."', ""),
    (rules.everything_is_described, '"Sells."', ""),
    (rules.everything_is_described, '"A moment."', ""),
    (rules.names_keep_their_form, "SaleInput", "SaleData"),
    (rules.names_keep_their_form, "IN_DOUBT", "inDoubt"),
    (rules.names_keep_their_form, "soldAt", "sold_at"),
    (rules.names_keep_their_form, "UserError", "user_error"),
    (rules.money_and_time_have_their_types, "total: Decimal!", "total: Float!"),
    (rules.money_and_time_have_their_types, "price: Decimal!", "price: Int!"),
    (rules.money_and_time_have_their_types, "soldAt: DateTime!", "soldAt: String!"),
    (rules.lists_have_no_holes, "tags: [String!]!", "tags: [String]!"),
    (rules.lists_have_no_holes, "tags: [String!]!", "tags: [String!]"),
    (rules.lists_have_no_holes, "sales: [Sold!]", "sales: [Sold]"),
    (rules.deprecations_say_what_next, "tags: [String!]!", "tags: [String!]! @deprecated"),
    (
        rules.deprecations_say_what_next,
        "tags: [String!]!",
        'tags: [String!]! @deprecated(reason: "Use `Sale.gone`. Deprecated since 1.2.0, removed in 2.0.0.")',
    ),
    (
        rules.deprecations_say_what_next,
        "OPEN",
        'OPEN @deprecated(reason: "Use `State.IN_DOUBT`. Deprecated since 1.2.0, removed in 1.9.0.")',
    ),
    (
        rules.deprecations_say_what_next,
        "state: State",
        'state: State @deprecated(reason: "Use `SaleInput.price`. Deprecated since 0.4.0, removed in 0.5.0.")',
    ),
]


def found_by(rule: rules.Rule, schema: GraphQLSchema) -> list[str]:
    return [problem for problem in rule(schema) if (rule, problem.partition(": ")[0]) not in EXCEPTIONS]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps(rule: rules.Rule) -> None:
    assert found_by(rule, build_schema()) == []


@pytest.mark.parametrize(("rule", "kept", "broken"), PLANTED)
def test_a_planted_violation_is_found(rule: rules.Rule, kept: str, broken: str) -> None:
    assert kept in CLEAN
    assert found_by(rule, read_schema(CLEAN.replace(kept, broken))), "the rule cannot fail"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_keeps_the_conventions_is_left_alone(rule: rules.Rule) -> None:
    assert found_by(rule, read_schema(CLEAN)) == []


@pytest.mark.parametrize(
    "reason",
    [
        "Use `Sale.total`. Deprecated since 1.2.0, removed in 2.0.0.",
        "Use `sale`. Deprecated since 0.4.0, removed in 0.6.0.",
        "Use `Query.sales(after:)`. Deprecated since 0.4.0, removed in 1.0.0.",
        "Use `State.IN_DOUBT`. Deprecated since 1.0.0, removed in 3.0.0.",
    ],
)
def test_a_deprecation_that_keeps_the_policy_is_left_alone(reason: str) -> None:
    text = CLEAN.replace("tags: [String!]!", f'tags: [String!]! @deprecated(reason: "{reason}")')
    assert list(rules.deprecations_say_what_next(read_schema(text))) == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.__name__ for rule, _, _ in PLANTED} == {rule.__name__ for rule in RULES}


def test_no_exception_outlives_its_reason() -> None:
    needed = {(rule, problem.partition(": ")[0]) for rule in RULES for problem in rule(build_schema())}
    assert EXCEPTIONS.keys() - needed == set()
    assert all(len(reason) >= 20 for reason in EXCEPTIONS.values())
