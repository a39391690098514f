"""Every operation of the API has an example, and each example does what the page says."""

import json

import pytest

from adapters.graphql.permissions import needed_roles
from adapters.graphql.schema_building import build_schema
from tests.docs.api_examples import (
    EXPLORER,
    PAGE,
    Example,
    as_text,
    examples_in,
    for_the_explorer,
    run,
    with_answers,
    without_chance,
)
from tests.docs.example_scenes import SCENES

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = examples_in(TEXT)
REMEDY = "run `python -m tests.docs.api_examples`"

# Operations without an example, each with the reason why none can run.
EXCEPTIONS: dict[str, str] = {}


def test_every_operation_has_an_example() -> None:
    shown = {name for example in EXAMPLES for name in example.operations}
    missing = [name for name in needed_roles(build_schema()) if name not in shown | EXCEPTIONS.keys()]
    assert missing == [], "give each an example in docs/api-examples.md; its first lines say how"


def test_no_exception_outlives_its_reason() -> None:
    shown = {name for example in EXAMPLES for name in example.operations}
    assert EXCEPTIONS.keys() <= needed_roles(build_schema()).keys() - shown
    assert all(len(reason) >= 20 for reason in EXCEPTIONS.values())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
async def test_an_example_answers_what_the_page_says(example: Example) -> None:
    answer = await run(example)
    assert "errors" not in answer, answer
    assert without_chance(answer) == without_chance(json.loads(example.answer or "null")), REMEDY


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
async def test_an_example_succeeds_unless_it_shows_a_refusal(example: Example) -> None:
    data = json.loads(example.answer)["data"]
    codes = [
        error["code"] for payload in data.values() if isinstance(payload, dict) for error in payload.get("errors", ())
    ]
    assert codes == ([example.refused] if example.refused else []), (
        "name a refusal that is meant: <!-- refused: code -->"
    )
    assert all(payload is not None for payload in data.values()), "it shows nothing"


def test_a_mutation_selects_what_can_go_wrong() -> None:
    mutations = build_schema().mutation_type
    assert mutations
    for example in EXAMPLES:
        for name in set(example.operations) & mutations.fields.keys():
            assert "errors" in json.loads(example.answer)["data"][name], example.title


def test_every_scene_is_used() -> None:
    assert {example.scene for example in EXAMPLES} == SCENES.keys()


def test_the_explorer_offers_the_same_examples() -> None:
    assert EXPLORER.read_text(encoding="utf-8") == for_the_explorer(TEXT), REMEDY


def test_a_heading_without_an_example_is_refused() -> None:
    whole = '### `a`\n\n```graphql\n{ a }\n```\n\nAnswer:\n\n```json\n{"data": 1}\n```\n'
    assert [example.query for example in examples_in(whole)] == ["{ a }\n"]
    with pytest.raises(ValueError, match="`b`"):
        examples_in(f"{whole}\n### `b`\n\n```graphql\n{{ b }}\n```\n")


def test_answers_go_to_their_own_examples() -> None:
    part = "### `{}`\n\n```graphql\n{{ {} }}\n```\n\nAnswer:\n\n```json\n{{}}\n```\n"
    page = part.format("a", "a") + "\n" + part.format("b", "b")
    filled = examples_in(with_answers(page, [{"data": {"a": 1}}, {"data": {"b": 2}}]))
    assert [json.loads(example.answer) for example in filled] == [{"data": {"a": 1}}, {"data": {"b": 2}}]


def test_what_chance_does_not_decide_is_compared() -> None:
    answer = {"id": "01KF0RDQG0SM3JSP5YDYFP42E6", "at": "2026-01-15T12:00:00Z", "total": "40.13", "endCursor": "x"}
    assert without_chance(answer) == {"id": "<an id>", "at": "<a moment>", "total": "40.13", "endCursor": "str"}


def test_json_is_shown_in_short() -> None:
    shown = as_text({"data": {"a": {"b": 1, "c": "d"}, "errors": [], "long": ["x" * 50, "y" * 50]}})
    assert '"a": {"b": 1, "c": "d"}' in shown
    assert json.loads(shown) == {"data": {"a": {"b": 1, "c": "d"}, "errors": [], "long": ["x" * 50, "y" * 50]}}
