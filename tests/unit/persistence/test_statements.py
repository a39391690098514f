"""Statements: what is compiled, what is bound, and what is refused before it reaches a driver."""

import enum
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from adapters.persistence.statements import DialectName, Statement, insert_into, one_of
from adapters.persistence.unique_keys import UniqueKeys
from tests.unit.persistence.schema import add_paper, counters, metadata, papers

BOTH: list[DialectName] = ["sqlite", "postgresql"]


class State(enum.StrEnum):
    OPEN = "open"


@pytest.mark.parametrize("dialect", BOTH)
def test_keeps_values_that_are_part_of_the_statement(dialect: DialectName) -> None:
    statement = Statement(
        sa.update(papers)
        .where(papers.c.state.in_(["open", "late"]), papers.c.id == sa.bindparam("id"))
        .values(number=papers.c.number + 7, state="100%")
    )
    compiled = statement.compiled(dialect)
    assert list(compiled.bind({"id": "a"})) == [7, "100%", "open", "late", "a"]
    assert compiled.sql.count("?" if dialect == "sqlite" else "%s") == 5


@pytest.mark.parametrize("dialect", BOTH)
def test_uses_the_default_of_a_parameter_unless_another_value_is_given(dialect: DialectName) -> None:
    compiled = add_paper.compiled(dialect)
    given_all = {"id": "a", "tenant_id": "t", "number": 1, "body": b"x", "follows": "b"}
    assert list(compiled.bind({"id": "a", "tenant_id": "t", "number": 1})) == ["a", "t", 1, None, None]
    assert list(compiled.bind(given_all)) == ["a", "t", 1, b"x", "b"]


@pytest.mark.parametrize("dialect", BOTH)
def test_names_missing_and_unknown_parameters(dialect: DialectName) -> None:
    with pytest.raises(TypeError, match=r"missing: \['number', 'tenant_id'\], unknown: \['nummer'\]"):
        add_paper.compiled(dialect).bind({"id": "a", "nummer": 1})


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("value", [Decimal("1.10"), 1.5, State.OPEN, {"a": 1}, object(), [1.5], [b"x"], [None]])
def test_refuses_parameters_that_drivers_would_store_differently(dialect: DialectName, value: object) -> None:
    with pytest.raises(TypeError, match="'id'"):
        add_paper.compiled(dialect).bind({"id": value, "tenant_id": "t", "number": 1})


def test_does_not_need_a_boolean_around_a_list_of_parameters() -> None:
    compiled = Statement(sa.select(papers.c.id).where(one_of(papers.c.id, "ids"), papers.c.number > 1))
    assert "papers.id IN (SELECT value FROM json_each(?)) AND" in compiled.compiled("sqlite").sql
    assert compiled.compiled("sqlite").bind({"ids": ["a"]})[0] == '["a"]'
    assert "papers.id = ANY (%s::TEXT[]) AND" in compiled.compiled("postgresql").sql
    assert compiled.compiled("postgresql").bind({"ids": ("a",)})[0] == ["a"]


def test_chooses_the_expression_by_engine_when_a_function_is_given() -> None:
    statement = Statement(
        lambda dialect: (
            insert_into(dialect, counters)
            .values(tenant_id="t", name="n", value=sa.bindparam("value"))
            .on_conflict_do_update(index_elements=["tenant_id", "name"], set_={"value": sa.bindparam("value")})
        )
    )
    for dialect in BOTH:
        assert "ON CONFLICT (tenant_id, name) DO UPDATE SET value = " in statement.compiled(dialect).sql


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(
    "kind", [sa.Numeric(), sa.Float(), sa.DateTime(), sa.JSON(), sa.Enum("a", "b", name="e")], ids=repr
)
def test_refuses_columns_that_need_a_result_processor(dialect: DialectName, kind: sa.types.TypeEngine[object]) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("x", kind))
    with pytest.raises(TypeError, match="INTEGER, TEXT and BLOB only"):
        Statement(sa.select(table)).compiled(dialect)
    with pytest.raises(TypeError, match="INTEGER, TEXT and BLOB only"):
        Statement(sa.insert(table)).compiled(dialect)


@pytest.mark.parametrize("dialect", BOTH)
def test_refuses_python_side_defaults(dialect: DialectName) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("x", sa.Text), sa.Column("y", sa.Text, default=lambda: "late"))
    with pytest.raises(TypeError, match="defaults"):
        Statement(sa.insert(table).values(x="a")).compiled(dialect)


@pytest.mark.parametrize("dialect", BOTH)
def test_refuses_an_expanding_list_parameter(dialect: DialectName) -> None:
    statement = Statement(sa.select(papers.c.id).where(papers.c.id.in_(sa.bindparam("ids", expanding=True))))
    with pytest.raises(TypeError, match="one_of"):
        statement.compiled(dialect)


def test_compiles_once_for_many_threads() -> None:
    calls: list[DialectName] = []

    def expression(dialect: DialectName) -> sa.Select[tuple[str]]:
        calls.append(dialect)
        return sa.select(papers.c.id)

    statement = Statement(expression)
    with ThreadPoolExecutor(8) as threads:
        compiled = set(threads.map(lambda _: statement.compiled("sqlite"), range(64)))
    assert len(compiled) == 1
    assert calls == ["sqlite"]


@given(st.dictionaries(st.sampled_from(["id", "tenant_id", "number", "body", "follows", "other"]), st.integers()))
def test_binds_exactly_when_each_required_parameter_is_there_and_no_other(params: dict[str, int]) -> None:
    complete = {"id", "tenant_id", "number"} <= params.keys() and "other" not in params
    for dialect in BOTH:
        compiled = add_paper.compiled(dialect)
        if complete:
            assert len(compiled.bind(params)) == 5
        else:
            with pytest.raises(TypeError):
                compiled.bind(params)


def test_refuses_a_schema_whose_unique_keys_sqlite_cannot_tell_apart() -> None:
    broken = sa.MetaData()
    table = sa.Table("t", broken, sa.Column("a", sa.Text), sa.UniqueConstraint("a", name="uq_one"))
    sa.Index("uq_two", table.c.a, unique=True, sqlite_where=table.c.a == "x")
    with pytest.raises(ValueError, match="same columns in the same order"):
        UniqueKeys(broken)


def test_names_keys_as_postgresql_does() -> None:
    keys = UniqueKeys(metadata)
    assert keys.broken("UNIQUE constraint failed: counters.tenant_id, counters.name") == "counters_pkey"
    assert keys.broken("UNIQUE constraint failed: papers.tenant_id, papers.number") == "uq_papers_number"
    assert keys.broken("UNIQUE constraint failed: index 'uq_by_expression'") == "uq_by_expression"
    assert keys.broken("UNIQUE constraint failed: strangers.id") == "strangers.id"
