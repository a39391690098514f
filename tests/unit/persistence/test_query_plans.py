"""No statement of the stores walks a whole table or a whole tenant: SQLite says which index each one uses."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.persistence import (
    sql_document_statements,
    sql_intents,
    sql_number_book,
    sql_payment_book,
    sql_series_ledger,
    sql_tenant_statements,
    sql_trade_statements,
    sql_webhook_inbox,
)
from adapters.persistence.migration import migrate
from adapters.persistence.sql_document_statements import page_of
from adapters.persistence.sql_trade_statements import page_of_clients, page_of_orders
from adapters.persistence.statements import Statement

MODULES = (
    sql_document_statements,
    sql_intents,
    sql_number_book,
    sql_payment_book,
    sql_series_ledger,
    sql_tenant_statements,
    sql_trade_statements,
    sql_webhook_inbox,
)
SELECTIVE = (
    *("submission", "legal_status", "cufe", "number", "external_id", "receiver_ruc", "updated_since", "after"),
    "overdue_before",
)
STATEMENTS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Statement) and not value.compiled("sqlite").sql.startswith("INSERT")
}
STATEMENTS |= {f"page by {name}": page_of(frozenset([name])) for name in SELECTIVE}
STATEMENTS |= {"notes of an invoice": page_of(frozenset({"parent", "document_types", "after"}))}
LISTS_OF_NOTES = {
    f"{kind}{' after one' if more else ''}": page_of(frozenset([kind, *more]))
    for kind in ("credit_notes", "debit_notes")
    for more in ([], ["after"])
}
STATEMENTS |= LISTS_OF_NOTES
STATEMENTS |= {
    f"clients by {' and '.join(names) or 'nothing'}": page_of_clients(frozenset(names))
    for names in ((), ("archived",), ("archived", "external_id"), ("archived", "ruc"), ("archived", "after"))
}
STATEMENTS |= {
    f"orders by {name or 'nothing'}": page_of_orders(frozenset([name] if name else []))
    for name in ("", "external_id", "client", "cancelled", "invoiced", "created_since", "after")
}

# One key column beyond the tenant, or a key of its own: anything less grows with the installation.
NARROW = re.compile(
    r"SEARCH tenants USING |SEARCH \w+ USING (COVERING )?INDEX \w+ \((tenant_id=\? AND |(?!tenant_id)\w+[=<>])"
)
WHOLE_ON_PURPOSE = {
    "page by overdue_before": "SEARCH documents USING INDEX ix_documents_waiting",  # it holds those that wait alone
    "credit_notes": "SEARCH documents USING INDEX ix_documents_credit_notes",  # the newest of those that it holds alone
    "debit_notes": "SEARCH documents USING INDEX ix_documents_debit_notes",
    "sql_tenant_statements.all_tenants": "SCAN tenants",
    "sql_tenant_statements.all_offices": "SEARCH offices",
    "sql_tenant_statements.all_api_keys": "SEARCH api_keys",
    "clients by nothing": "SEARCH clients",  # the newest first, up to the limit
    "orders by nothing": "SEARCH orders",  # likewise
    "orders by cancelled": "SEARCH orders",  # few are cancelled, and few wait to be billed: the newest are looked at
    "orders by invoiced": "SEARCH orders",
    "orders by created_since": "SEARCH orders",
    "sql_webhook_inbox._waiting": "SEARCH webhook_deliveries",  # a partial index holds those that wait alone
    "sql_webhook_inbox._waiting_tenants": "SCAN webhook_deliveries",  # the same
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "istmo.db"
    migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_goes_by_an_index(database: sqlite3.Connection, name: str) -> None:
    sql = STATEMENTS[name].compiled("sqlite").sql
    plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))]
    touching = [step for step in plan if step.startswith(("SEARCH", "SCAN")) and "json_each" not in step]
    allowed = WHOLE_ON_PURPOSE.get(name)
    wide = [
        step
        for step in touching
        if not NARROW.match(step)
        and step not in {"SCAN chosen", "SCAN free"}
        and not (allowed and step.startswith(allowed))
    ]
    assert touching
    assert wide == []


def test_the_notes_of_an_invoice_are_read_from_an_index_that_holds_notes_alone(database: sqlite3.Connection) -> None:
    sql = STATEMENTS["notes of an invoice"].compiled("sqlite").sql
    plan = str(database.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall())
    assert "ix_documents_parent" in plan


@pytest.mark.parametrize("name", LISTS_OF_NOTES)
def test_a_list_of_notes_is_read_from_an_index_that_holds_them_alone(database: sqlite3.Connection, name: str) -> None:
    sql = STATEMENTS[name].compiled("sqlite").sql
    plan = str(database.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall())
    assert f"ix_documents_{name.partition(' ')[0]} (tenant_id=?" in plan
    assert "TEMP B-TREE" not in plan, "in its order, up to the limit"


def test_those_that_wait_are_read_from_an_index_that_holds_nothing_else(database: sqlite3.Connection) -> None:
    for name in ("_waiting", "_waiting_tenants"):
        sql = STATEMENTS[f"sql_webhook_inbox.{name}"].compiled("sqlite").sql
        plan = str(database.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?")).fetchall())
        assert "ix_webhook_deliveries_waiting" in plan
