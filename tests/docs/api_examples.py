"""Runs the examples of docs/api-examples.md and puts their answers into it: ``python -m tests.docs.api_examples``.

An example is a heading, a query, its variables where it has some, and the answer. Each runs in a world of its own,
which its scene prepares; ids that the scene knows stand in the page as words, such as ``<invoice>``.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, parse

from adapters.graphql.permissions import needed_roles
from adapters.graphql.schema_building import build_schema
from core.tenants import Role
from tests.docs.example_scenes import SCENES
from tests.docs.marked_places import DOCS, ROOT
from tests.unit.graphql.api import start_api

PAGE = DOCS / "api-examples.md"
EXPLORER = ROOT / "adapters" / "graphql" / "explorer" / "examples.json"

_EXAMPLE = re.compile(
    r"^### (?P<title>[^\n]+)\n"
    r"(?P<text>(?:(?!#|```)[^\n]*\n)*)"
    r"^```graphql\n(?P<query>.*?)^```\n"
    r"(?:\n^```json\n(?P<variables>.*?)^```\n)?"
    r"\nAnswer:\n\n^```json\n(?P<answer>.*?)^```\n",
    re.MULTILINE | re.DOTALL,
)
_SCENE = re.compile(r"<!-- scene: (.+?) -->")
_REFUSED = re.compile(r"<!-- refused: (.+?) -->")
_ID = r"01[0-9A-HJKMNP-TV-Z]{24}"
_DIFFERENT_EACH_TIME = (
    (re.compile(rf"\b{_ID}\b"), "<an id>"),
    (re.compile(r"FE[0-9A-Z-]{64}"), "<a CUFE>"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)"), "<a moment>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<a digest>"),
    (re.compile(r"/files/[\w.~-]+"), "/files/<a token>"),
    (re.compile(r"/cafe/[\w.~-]+"), "/cafe/<a token>"),
    (re.compile(r"/bundles/[\w.~-]+"), "/bundles/<a token>"),
    (re.compile(r"jwt=[\w.-]+"), "jwt=<a token>"),
)
_OPAQUE = frozenset({"cursor", "endCursor", "size", "authorizationProtocol"})
_TOKEN = re.compile(r"((?:/files|/cafe|/bundles)/[\w-]{12})[\w.-]+")


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example as the page has it. ``refused``: the code that it shows, None for one that succeeds."""

    part: str
    title: str
    text: str
    query: str
    variables: dict[str, Any]
    answer: str
    scene: str
    refused: str | None

    @cached_property
    def operations(self) -> list[str]:
        """The queries and mutations that it calls, by name."""
        definitions = [each for each in parse(self.query).definitions if isinstance(each, OperationDefinitionNode)]
        return [
            selected.name.value
            for definition in definitions
            for selected in definition.selection_set.selections
            if isinstance(selected, FieldNode)
        ]

    @property
    def role(self) -> Role:
        """The weakest role that may call it: a key of that role runs it."""
        needed, roles = needed_roles(build_schema()), list(Role)
        return max((needed[name] for name in self.operations), key=roles.index)


def examples_in(page: str) -> list[Example]:
    """The examples of the page, in order. Raises ValueError for a heading without a complete one."""
    found = [_read(match) for match in _EXAMPLE.finditer(page)]
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    incomplete = [heading for heading in headings if heading not in {example.title for example in found}]
    if incomplete:
        raise ValueError(f"without query, `Answer:` and ```json block, or twice: {incomplete}")
    return found


async def run(example: Example) -> dict[str, Any]:
    """What the service answers, with the ids that the scene knows as words. Raises KeyError for an unknown scene."""
    api = await start_api()
    known = {f"<{word}>": value for word, value in (await SCENES[example.scene](api)).items()}
    variables = replaced(example.variables, known)
    answer = await api.post(example.query, variables, key=await api.new_key(example.role))
    shown = json.loads(_TOKEN.sub(r"\1...", answer.text))
    content: dict[str, Any] = replaced(shown, {value: word for word, value in known.items()})
    return content


def replaced(value: Any, words: Mapping[str, str]) -> Any:
    """The same JSON with whole strings replaced."""
    if isinstance(value, dict):
        return {name: replaced(entry, words) for name, entry in value.items()}
    if isinstance(value, list):
        return [replaced(entry, words) for entry in value]
    return words.get(value, value) if isinstance(value, str) else value


def without_chance(value: Any, name: str = "") -> Any:
    """An answer with what depends on time and chance replaced by what it is."""
    if isinstance(value, dict):
        return {each: without_chance(entry, each) for each, entry in value.items()}
    if isinstance(value, list):
        return [without_chance(entry, name) for entry in value]
    if name in _OPAQUE and value is not None:
        return type(value).__name__
    if isinstance(value, str):
        for pattern, word in _DIFFERENT_EACH_TIME:
            value = pattern.sub(word, value)
    return value


def as_text(value: Any) -> str:
    """JSON as the page shows it: short lists and objects on one line."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub(r"([\[{])\s+([^\[\]{}\n]{1,80}(?:,\s+[^\[\]{}\n]{1,60}){0,2})\s+([\]}])", _on_one_line, text)


def _on_one_line(match: re.Match[str]) -> str:
    inner = re.sub(r"\n\s+", " ", match[2])
    return f"{match[1]}{inner}{match[3]}" if len(inner) <= 90 else match[0]


def with_answers(page: str, answers: list[dict[str, Any]]) -> str:
    """The page with other answers, one for each example in order."""
    pieces, end = [], 0
    for match, answer in zip(_EXAMPLE.finditer(page), answers, strict=True):
        pieces += [page[end : match.start("answer")], as_text(answer), "\n"]
        end = match.end("answer")
    return "".join([*pieces, page[end:]])


def for_the_explorer(page: str) -> str:
    """What the explorer offers of each example: everything but its answer."""
    offered = [
        {
            "part": example.part,
            "title": example.title.replace("`", ""),
            "about": _as_plain_text(example.text),
            "role": example.role.name,
            "query": example.query.strip(),
            "variables": example.variables,
        }
        for example in examples_in(page)
    ]
    return json.dumps(offered, indent=1, ensure_ascii=False) + "\n"


def _as_plain_text(text: str) -> str:
    """Without comments, backticks and the targets of links."""
    text = re.sub(r"<!--.*?-->|`", "", text, flags=re.DOTALL)
    return " ".join(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text).split())


def _read(match: re.Match[str]) -> Example:
    scene, refused = _SCENE.search(match["text"]), _REFUSED.search(match["text"])
    parts = re.findall(r"^## (.+)$", match.string[: match.start()], re.MULTILINE)
    return Example(
        part=parts[-1] if parts else "",
        title=match["title"],
        text=match["text"],
        query=match["query"],
        variables=json.loads(match["variables"] or "{}"),
        answer=match["answer"],
        scene=scene[1] if scene else "a shop",
        refused=refused[1] if refused else None,
    )


async def _all(examples: list[Example]) -> list[dict[str, Any]]:
    return [await run(example) for example in examples]


def main() -> None:
    """Write the answers that changed into the page, and the examples into the explorer."""
    page = PAGE.read_text(encoding="utf-8")
    examples = examples_in(page)
    answers = [
        shown if without_chance(shown) == without_chance(answer) else answer
        for answer, shown in zip(asyncio.run(_all(examples)), map(_shown, examples), strict=True)
    ]
    page = with_answers(page, answers)
    PAGE.write_text(page, encoding="utf-8")
    EXPLORER.write_text(for_the_explorer(page), encoding="utf-8")


def _shown(example: Example) -> Any:
    return json.loads(example.answer) if example.answer.strip() else None


if __name__ == "__main__":
    main()
