"""Writes docs/errors.md from the error classes and the rules: ``python -m tests.architecture.error_catalogue``."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import adapters
import core
from adapters.graphql import error_table as graphql_table
from adapters.http_webhooks import error_table as http_table
from core.errors import IstmoError, every_error
from core.preflight import every_rule

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"

_HEAD = """# Errors

This page is made from the program by `python -m tests.architecture.error_catalogue`; a test keeps it in step.

A code is part of the API: it is never renamed. Messages are for people, come in English and Spanish
(`Accept-Language`), and may be reworded.

- **GraphQL**: *data* stands in the payload's `errors` of a mutation; *error* is a GraphQL error with
  `extensions.code`. A failing query field is always a GraphQL error.
- **HTTP**: the status of a request that is refused as a whole: at the webhook and file routes, and at /graphql when
  the request itself is at fault. Once fields of a query are executed the status is 200.

| Code | Category | GraphQL | HTTP | Message | What to do |
| --- | --- | --- | --- | --- | --- |
"""
_RULES = """
## Findings of preflight

A draft that would be refused is refused before a number is taken. Each finding is one entry of `errors`, with the
path of the field and the DGI's number of the rule where there is one. *Confidence*: H official, M documented by a
vendor or by two sources, L inferred; the severity of M and L rules can be set.

| Code | DGI rule | Severity | Confidence | Message | What to do |
| --- | --- | --- | --- | --- | --- |
"""
_SPANISH = """
## En español

Lo que recibe quien pide `Accept-Language: es`: los errores y, después, los hallazgos del examen previo.

| Código | Mensaje | Qué hacer |
| --- | --- | --- |
"""


def import_everything() -> None:
    """An error counts once its module is imported; migrations hold none and want a database."""
    for package in (core, adapters):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                importlib.import_module(found.name)


def all_errors() -> list[type[IstmoError]]:
    """Every error of the program, by code."""
    import_everything()
    ours = (error for error in every_error() if error.__module__.startswith(("core.", "adapters.")))
    return sorted(ours, key=lambda error: (error.code, error.__qualname__))


def page() -> str:
    """The whole page."""
    return "".join([_HEAD, *_error_rows(), _RULES, *_rule_rows(), _SPANISH, *_spanish_rows()])


def _error_rows() -> Iterator[str]:
    for error in all_errors():
        told = (error.code, error.category.value, _in_graphql(error), _over_http(error))
        yield _row(*told, error.wording.english, error.advice.english)


def _in_graphql(error: type[IstmoError]) -> str:
    if error.__module__.startswith("adapters.http_webhooks"):
        return "-"
    return graphql_table.presentation_of(error).value


def _over_http(error: type[IstmoError]) -> str:
    belongs_to_graphql = error.__module__.startswith("adapters.graphql") or error.code in graphql_table.STATUS_OF_CODE
    return str((graphql_table if belongs_to_graphql else http_table).status_of(error))


def _rule_rows() -> Iterator[str]:
    for rule in sorted(every_rule(), key=lambda rule: rule.code):
        told = (rule.code, rule.dgi or "", rule.severity.value, rule.confidence.value)
        yield _row(*told, rule.message.english, rule.hint.english)


def _spanish_rows() -> Iterator[str]:
    for error in all_errors():
        yield _row(error.code, error.wording.spanish, error.advice.spanish)
    for rule in sorted(every_rule(), key=lambda rule: rule.code):
        yield _row(rule.code, rule.message.spanish, rule.hint.spanish)


def _row(code: str, *cells: str) -> str:
    shown = (cell.replace("{{", "{").replace("}}", "}").replace("|", "\\|") for cell in cells)
    return f"| `{code}` | " + " | ".join(shown) + " |\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
