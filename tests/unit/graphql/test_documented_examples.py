"""The examples in docs/api.md fit the schema, and its limits are the program's."""

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from adapters.graphql.query_measure import measure
from adapters.graphql.schema_building import build_schema
from adapters.graphql.settings import GraphqlSettings
from tests.unit.graphql.api import PUBLIC_URL

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_valid_query_within_the_limits(example: str) -> None:
    settings = GraphqlSettings(public_url=PUBLIC_URL)
    document = parse(example)
    assert validate(build_schema(), document) == []
    costs = measure(build_schema(), document, depth_max=settings.depth_max, aliases_max=settings.aliases_max)
    for cost in costs.values():
        cost.refuse_above(settings.cost_max, {})


def test_the_documented_limits_are_the_defaults() -> None:
    settings = GraphqlSettings(public_url=PUBLIC_URL)
    for limit in (
        settings.query_characters_max,
        settings.tokens_max,
        settings.cost_max,
        settings.rows_max,
        settings.text_characters_max,
        settings.list_entries_max,
    ):
        assert f"{limit:,}" in PAGE
    assert f"{settings.depth_max} levels, {settings.aliases_max} aliases" in PAGE
    assert settings.body_bytes_max == 1024 * 1024
