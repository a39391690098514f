"""Every failure is told in both deliveries, in both languages, under one stable code."""

import re
import string
from collections import Counter

import pytest

from adapters.graphql import error_table as graphql_table
from adapters.http_webhooks import error_table as http_table
from core.errors import Category, IstmoError, Wording
from core.preflight import every_rule
from tests.architecture.error_catalogue import PAGE, all_errors, page

ERRORS = all_errors()
CODES = {error.code for error in ERRORS}


def placeholders(text: str) -> set[str]:
    """The names of a text's format fields; a detail with a Spanish twin of its own is called ``..._es``."""
    return {name.removesuffix("_es") for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_errors_at_all() -> None:
    assert {"not_authenticated", "preflight_refused", "query_limit_exceeded", "webhook_refused"} <= CODES


def test_no_code_is_used_twice() -> None:
    twice = [code for code, times in Counter(error.code for error in ERRORS).items() if times > 1]
    assert twice == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_is_worded_in_both_languages(error: type[IstmoError]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{2,50}", error.code)
    assert isinstance(error.category, Category)
    for wording in (error.wording, error.advice):
        assert wording.english.strip()
        assert wording.spanish.strip()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_both_languages_fill_the_same_placeholders(error: type[IstmoError]) -> None:
    for wording in (error.wording, error.advice):
        names = placeholders(wording.english)
        assert names == placeholders(wording.spanish)
        assert all(name.isidentifier() for name in names)
        details = dict.fromkeys([*names, *(f"{name}_es" for name in names)], "x")
        filled = Wording(wording.english, wording.spanish).filled(details)
        assert "{" not in filled.english or "{{" in wording.english
        assert "{" not in filled.spanish or "{{" in wording.spanish


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_both_deliveries_know_what_to_say(error: type[IstmoError]) -> None:
    assert graphql_table.presentation_of(error) in graphql_table.Presentation
    assert 400 <= graphql_table.status_of(error) <= 599
    assert 400 <= http_table.status_of(error) <= 599


def test_every_category_is_in_both_tables() -> None:
    assert set(graphql_table.PRESENTATION_OF_CATEGORY) == set(Category)
    assert set(graphql_table.STATUS_OF_CATEGORY) == set(Category)
    assert set(http_table.STATUS_OF_CATEGORY) == set(Category)


@pytest.mark.parametrize(
    "table", [graphql_table.PRESENTATION_OF_CODE, graphql_table.STATUS_OF_CODE, http_table.STATUS_OF_CODE]
)
def test_no_table_names_a_code_that_does_not_exist(table: dict[str, object]) -> None:
    assert set(table) <= CODES


def test_nobody_is_told_to_mend_what_only_time_mends() -> None:
    for error in ERRORS:
        if error.category is Category.UNAVAILABLE:
            assert graphql_table.status_of(error) >= 500, error.code
            assert http_table.status_of(error) >= 500, error.code


def test_findings_and_errors_share_no_code() -> None:
    assert CODES.isdisjoint(rule.code for rule in every_rule())


def test_the_published_table_is_in_step_with_the_program() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.architecture.error_catalogue`"
