"""The explorer needs no network beyond its own server: nothing on the page names another host."""

import json
import re
from html.parser import HTMLParser

import httpx
import pytest
from graphql import parse, validate
from litestar import Litestar

from adapters.graphql.explorer_routes import EXPLORER_HEADERS, PAGE, build_explorer_handlers, explorer_assets
from adapters.graphql.schema_building import build_schema
from tests.unit.graphql.api import Api

ASSETS = {name: content.decode() for name, (_, content) in explorer_assets().items()}
SCRIPTS = sorted(name for name in ASSETS if name.endswith(".js"))
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'  # a name, which nobody opens


class Elements(HTMLParser):
    """The tags of a page with their attributes, and the text between script and style tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.lasttag in {"script", "style"} and data.strip():
            self.inline.append(data)


def foreign_addresses(text: str) -> list[str]:
    """Whatever could make a browser ask another host: a scheme, or an address that begins with two slashes."""
    text = text.replace(NAMESPACE, "")
    comments = r"(?:^|(?<=\s))//[^\n]*"
    return re.findall(r"\b(?:https?|wss?|ftp|data|blob):[^\s\"')]*", text) + re.findall(
        r"[\"'(=]\s*//[\w.-]+", re.sub(comments, "", text)
    )


def web() -> httpx.AsyncClient:
    app = Litestar(route_handlers=build_explorer_handlers(), openapi_config=None, logging_config=None)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://istmo.test")


@pytest.mark.parametrize("name", ASSETS)
def test_nothing_names_another_host(name: str) -> None:
    assert foreign_addresses(ASSETS[name]) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/graphiql.js">',
        "@import '//fonts.example/a.css'",
        "url(//cdn.example/x.png)",
        'fetch("wss://x.example")',
        'import("http://x")',
        '<img src="data:image/png;base64,AA">',
    ],
)
def test_a_planted_address_is_found(planted: str) -> None:
    assert foreign_addresses(planted)


def test_the_page_loads_its_own_files_and_no_inline_code() -> None:
    page = Elements(ASSETS[PAGE])
    loaded = [value for tag, found in page.found for name, value in found.items() if name in {"src", "href"}]
    assert {f"/explorer/{name}" for name in ("explorer.js", "explorer.css", "icon.svg")} == set(loaded)
    assert page.inline == []
    assert not any(name == "style" or name.startswith("on") for _, found in page.found for name in found)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_imports_only_what_is_served_and_builds_no_markup(name: str) -> None:
    imported = re.findall(r"(?:from|import\()\s*[\"']([^\"']+)[\"']", ASSETS[name])
    assert {path.removeprefix("./") for path in imported} <= set(SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", ASSETS[name])


async def test_each_file_is_served_under_a_strict_policy() -> None:
    async with web() as http:
        answers = [await http.get("/explorer"), *[await http.get(f"/explorer/{name}") for name in ASSETS]]
        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["content-security-policy"].startswith("default-src 'self';")
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert {name.lower(): value for name, value in EXPLORER_HEADERS.items()}.items() <= answer.headers.items()
        assert answers[0].headers["content-type"] == "text/html; charset=utf-8"
        for missing in ("no.js", "../settings.py", "..%2fsettings.py", "%2e%2e"):
            assert (await http.get(f"/explorer/{missing}")).status_code == 404


def test_both_languages_say_the_same_things() -> None:
    words = {
        language: set(re.findall(r"(?:^ *|, )(\w+): \"", body, re.MULTILINE))
        for language, body in re.findall(r"^  (en|es): \{\n(.*?)^  \},", ASSETS["words.js"], re.MULTILINE | re.DOTALL)
    }
    assert words.keys() == {"en", "es"}
    assert words["en"] == words["es"]
    used = set(re.findall(r'data-text="(\w+)"', ASSETS[PAGE]))
    used |= {word for name in SCRIPTS for word in re.findall(r"words\(\)\.(\w+)", ASSETS[name])}
    assert used <= words["en"]


def test_every_place_that_a_script_reaches_for_is_on_the_page() -> None:
    places = {found.get("id") for _, found in Elements(ASSETS[PAGE]).found}
    reached = {each for name in SCRIPTS for each in re.findall(r"\$\(\"([\w-]+)\"\)", ASSETS[name])}
    assert reached <= places


async def test_the_page_can_read_the_schema_within_the_limits(api: Api) -> None:
    reference = re.search(r'const REFERENCE = "(.+?)"', ASSETS["schema_browser.js"])
    argument = re.search(r"const INPUT = `(.+?)`", ASSETS["schema_browser.js"])
    query = re.search(r"const INTROSPECTION = `(.+?)`", ASSETS["schema_browser.js"], re.DOTALL)
    assert reference
    assert argument
    assert query
    text = query[1].replace("${INPUT}", argument[1]).replace("${REFERENCE}", reference[1])
    schema = (await (await api.with_settings(introspection=True)).run(text))["__schema"]
    assert {"Document", "UserError", "Decimal"} <= {kind["name"] for kind in schema["types"]}


def test_its_own_question_fits_the_schema() -> None:
    asked = re.search(r'const VIEWER = "(.+?)"', ASSETS["explorer.js"])
    assert asked
    assert validate(build_schema(), parse(asked[1])) == []


def test_it_offers_examples() -> None:
    offered = json.loads(ASSETS["examples.json"])
    assert offered[0]["title"] == "viewer"
    assert all(each.keys() == {"part", "title", "about", "role", "query", "variables"} for each in offered)
