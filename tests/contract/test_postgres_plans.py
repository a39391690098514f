"""Under row-level security every statement still goes by an index, on PostgreSQL's own word."""

import re

import psycopg
import pytest
from psycopg import sql

from tests.services import PostgresRoles
from tests.unit.persistence.test_query_plans import STATEMENTS, WHOLE_ON_PURPOSE

pytestmark = pytest.mark.postgres

# What EXPLAIN cannot look into (a function's body), and what one tenant's whole list is wanted of.
OPAQUE = {
    *("sql_tenant_statements.tenant_of_company", "sql_tenant_statements.tenant_of_key"),
    *("sql_document_statements.due_tenants", "sql_webhook_inbox._waiting_tenants"),
}


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - OPAQUE - WHOLE_ON_PURPOSE.keys()))
def test_a_statement_goes_by_an_index_under_row_level_security(empty_postgres_roles: PostgresRoles, name: str) -> None:
    text = STATEMENTS[name].compiled("postgresql").sql
    count = text.count("%s")
    for place in range(1, count + 1):
        text = text.replace("%s", f"${place}", 1)
    with psycopg.connect(empty_postgres_roles.superuser_url) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(empty_postgres_roles.application_role)))
        connection.execute("SELECT set_config('istmo.tenant_id', '01MINE', true)")
        connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan")
        connection.execute(f"PREPARE one AS {text}".encode(), prepare=False)
        arguments = f"({', '.join(['NULL'] * count)})" if count else ""
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN EXECUTE one{arguments}".encode()).fetchall())
    assert "Seq Scan" not in plan, plan
    conditions = re.findall(r"Index Cond: (.*)", plan)
    assert conditions, plan
    assert all("tenant_id" in condition for condition in conditions), plan
    assert "current_tenant()" in plan, plan
