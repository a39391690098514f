"""The published schema is the program's, and what changed since the last release is in the changelog by name."""

import hashlib
import tomllib
from functools import cache

import pytest
from graphql import GraphQLSchema, build_schema, find_breaking_changes

from adapters.graphql.admin.schema_building import published_admin_schema
from adapters.graphql.schema_building import build_schema as build_own_schema
from adapters.graphql.schema_building import published_schema
from tests.docs.marked_places import ROOT
from tests.docs.published_schema import (
    BEFORE_THE_FIRST_RELEASE,
    CHANGELOG,
    PUBLISHED,
    PUBLISHED_ADMIN,
    RELEASED,
    baseline,
    baseline_name,
    released_versions,
    unreleased,
)
from tests.docs.schema_changes import Kind, broken_promises, changes_between, parts_of, unsaid, worth_saying

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOG = CHANGELOG.read_text(encoding="utf-8")

OLD = """
type Query { sale(id: ID!): Sale  sales(first: Int = 20): [Sale!]!  gone: Gone }
type Mutation { createSale(input: SaleInput!): Sale }
type Sale { id: ID!  total: String!  state: State!  old: Int }
type Gone { x: Int }
input SaleInput { price: String!  note: String }
enum State { OPEN PAID }
"""


@cache
def old() -> GraphQLSchema:
    return build_schema(OLD)


def said(edit: tuple[str, str]) -> list[tuple[str, str]]:
    """The kind and the spelling of each change that one edit of the old schema makes."""
    assert edit[0] in OLD
    new = build_schema(OLD.replace(*edit))
    return [(change.kind.name, change.spelling) for change in worth_saying(parts_of(old()), parts_of(new))]


def test_the_published_file_is_the_programs_schema() -> None:
    text = PUBLISHED.read_text(encoding="utf-8")
    assert text == published_schema(), "run `python -m tests.docs.published_schema`"
    assert PUBLISHED_ADMIN.read_text(encoding="utf-8") == published_admin_schema()


def test_the_published_text_says_all_that_the_running_schema_says() -> None:
    assert parts_of(build_schema(published_schema())) == parts_of(build_own_schema())


def test_the_changelog_names_every_change_since_the_last_release() -> None:
    changes = worth_saying(parts_of(baseline()), parts_of(build_own_schema()))
    assert unsaid(changes, unreleased(LOG)) == []


def test_callers_of_the_last_release_were_told_in_time() -> None:
    since = baseline_name(LOG)
    if since == BEFORE_THE_FIRST_RELEASE:
        assert released_versions(LOG) == []  # nothing was promised to anybody yet
    else:
        assert broken_promises(baseline(), build_own_schema(), since, PROJECT["version"]) == []


@pytest.mark.parametrize(
    ("gone", "since", "version", "problems"),
    [
        (None, "1.2.0", "2.0.0", ["Sale.old goes in 2.0.0 and was not deprecated for it"]),
        ("3.0.0", "1.2.0", "2.0.0", ["Sale.old goes in 2.0.0 and was not deprecated for it"]),
        ("2.0.0", "1.2.0", "2.0.0", []),
        ("0.6.0", "0.5.0", "0.6.0", []),
        ("1.3.0", "1.2.0", "1.3.0", ["breaks callers within version 1: Field Sale.old was removed."]),
    ],
)
def test_what_goes_was_announced(gone: str | None, since: str, version: str, problems: list[str]) -> None:
    notice = f'old: Int @deprecated(reason: "Use `Sale.total`. Deprecated since 0.4.0, removed in {gone}.")'
    before = build_schema(OLD.replace("old: Int", notice) if gone else OLD)
    assert broken_promises(before, build_schema(OLD.replace("  old: Int", "")), since, version) == problems


def test_a_release_keeps_its_schema_for_ever() -> None:
    kept = {path.stem for path in RELEASED.glob("*.graphql")}
    assert kept == {BEFORE_THE_FIRST_RELEASE, *released_versions(LOG)}
    sums = dict(reversed(line.split()) for line in (RELEASED / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in RELEASED.glob("*.graphql")}


def test_the_newest_release_is_the_one_to_compare_with() -> None:
    assert baseline_name("## [Unreleased]\n") == BEFORE_THE_FIRST_RELEASE
    assert baseline_name("## [Unreleased]\n## [1.9.0] - 2027\n## [1.10.0] - 2028\n") == "1.10.0"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("total: String!", "total: String!  paid: Boolean!"), [("ADDED", "Sale.paid")]),
        (("OPEN PAID", "OPEN PAID VOID"), [("ADDED", "State.VOID")]),
        (("  note: String", "  note: String  memo: String"), [("ADDED", "SaleInput.memo")]),
        (("sale(id: ID!)", "sale(id: ID!, at: String)"), [("ADDED", "sale(at:)")]),
        (("  note: String", "  note: String  memo: String!"), [("CHANGED", "SaleInput.memo")]),
        (("sale(id: ID!)", "sale(id: ID!, at: String!)"), [("CHANGED", "sale(at:)")]),
        (("total: String!", "total: Int!"), [("CHANGED", "Sale.total")]),
        (("first: Int = 20", "first: Int = 50"), [("CHANGED", "sales(first:)")]),
        (("first: Int = 20", "first: Int! = 20"), [("CHANGED", "sales(first:)")]),
        (("old: Int", 'old: Int @deprecated(reason: "Use x")'), [("DEPRECATED", "Sale.old")]),
        (("  old: Int", ""), [("REMOVED", "Sale.old")]),
        (("(first: Int = 20)", ""), [("REMOVED", "sales(first:)")]),
        (("OPEN PAID", "OPEN"), [("REMOVED", "State.PAID")]),
        (
            ("enum State { OPEN PAID }", "scalar State"),
            [("CHANGED", "State"), *[("REMOVED", f"State.{each}") for each in ("OPEN", "PAID")]],
        ),
        (("type Gone {", "interface Gone {"), [("CHANGED", "Gone")]),
        (("type Mutation {", "directive @x(a: Int) on FIELD\ntype Mutation {"), [("ADDED", "@x")]),
    ],
)
def test_a_change_has_to_be_said(edit: tuple[str, str], expected: list[tuple[str, str]]) -> None:
    assert said(edit) == expected


def test_a_new_operation_brings_the_types_that_it_needs() -> None:
    made = "type Mutation { pay(input: PayInput!): PayPayload"
    new = "type PayPayload { by: Payer }\ntype Payer { id: ID! }\ninput PayInput { how: How! }\nenum How { CASH }\n"
    assert said(("type Mutation {", f"{new}{made}")) == [("ADDED", "pay")]


def test_a_type_that_nothing_new_leads_to_is_said_itself() -> None:
    assert said(("enum State {", "type Alone { of: Company }\ntype Company { id: ID! }\nenum State {")) == [
        ("ADDED", "Alone"),
        ("ADDED", "Company"),
    ]


def test_a_type_goes_with_the_last_field_that_led_to_it() -> None:
    smaller = OLD.replace("  gone: Gone", "").replace("type Gone { x: Int }", "")
    found = worth_saying(parts_of(old()), parts_of(build_schema(smaller)))
    assert [change.spelling for change in found] == ["gone"]


@pytest.mark.parametrize(
    "edit",
    [
        ("total: String!", "total: String"),
        ("note: String", "note: String!"),
        ("price: String!", "price: String!  x: Int!"),
        ("OPEN PAID", "PAID"),
        ("sale(id: ID!)", "sale"),
        ("sale(id: ID!)", "sale(id: ID!, x: Int!)"),
        ("  gone: Gone", ""),
        ("sales(first: Int = 20): [Sale!]!", "sales(first: Int = 20): Sale"),
        ("enum State { OPEN PAID }", "scalar State"),
    ],
)
def test_whatever_breaks_a_caller_stands_under_changed_or_removed(edit: tuple[str, str]) -> None:
    new = build_schema(OLD.replace(*edit))
    assert find_breaking_changes(old(), new), "the case shows nothing"
    kinds = {change.kind for change in worth_saying(parts_of(old()), parts_of(new))}
    assert kinds & {Kind.CHANGED, Kind.REMOVED}


def test_descriptions_may_be_mended_at_any_time() -> None:
    assert said(("type Sale {", '"A sale."\ntype Sale {')) == []
    assert changes_between(parts_of(old()), parts_of(old())) == []


def test_a_name_counts_where_it_stands_under_the_right_heading() -> None:
    new = build_schema(OLD.replace("  old: Int", "").replace("OPEN PAID", "OPEN PAID VOID"))
    changes = worth_saying(parts_of(old()), parts_of(new))
    told = unsaid(changes, "### Added\n\n- `State.VOID`, and `Sale.old` is gone.\n")
    assert told == ["REMOVED: say `Sale.old` under Removed"]
    assert unsaid(changes, "### Added\n- `State.VOID`\n### Removed\n- `Sale.old`: use `x`\n") == []
    assert len(unsaid(changes, "Sale.old and State.VOID")) == 2


def test_only_the_unreleased_part_of_the_changelog_counts() -> None:
    assert unreleased("# C\n## [Unreleased]\n### Added\n- a\n## [1.0.0]\n- b\n") == "### Added\n- a\n"
    assert "[Unreleased]:" not in unreleased(LOG)
    with pytest.raises(ValueError, match="no section"):
        unreleased("# C\n")
