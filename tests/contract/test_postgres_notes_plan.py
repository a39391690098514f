"""On PostgreSQL a list of notes goes by the index that holds them alone, also among many invoices."""

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from adapters.persistence.tables import metadata
from tests.services import PostgresRoles
from tests.unit.persistence.rows import a_row_of_everything
from tests.unit.persistence.test_query_plans import LISTS_OF_NOTES, STATEMENTS

pytestmark = pytest.mark.postgres

MANY = 3_000
_TYPE = "(ARRAY['04', '05', '06', '07'])[n % 500 + 1]"  # NULL but for the first four of each 500
_DIFFERING = {
    "document_id": "lpad(n::text, 26, '0')",
    "number": "n",
    "idempotency_key": "n::text",
    "expected_cufe": "'CUFE' || n",
    "pac_document_id": "NULL",
    "order_id": "NULL",
    "holds_order": "0",
    "document_type": f"coalesce({_TYPE}, '01')",
}


@pytest.fixture
def filled(empty_postgres_roles: PostgresRoles) -> PostgresRoles:
    """One tenant with thousands of invoices and a few notes among them."""
    row = a_row_of_everything("01MINE")["documents"]
    tenant = a_row_of_everything("01MINE")["tenants"]
    url = empty_postgres_roles.superuser_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.insert(metadata.tables["tenants"]), tenant)
        values = ", ".join(_DIFFERING.get(name, f":{name}") for name in row)
        fixed = {name: value for name, value in row.items() if name not in _DIFFERING}
        connection.execute(
            sa.text(f"INSERT INTO documents ({', '.join(row)}) SELECT {values} FROM generate_series(1, :many) AS n"),  # noqa: S608 - names of columns
            fixed | {"many": MANY},
        )
        contents = "INSERT INTO document_contents SELECT tenant_id, document_id, '{}', '{}', '{}' FROM documents"
        connection.execute(sa.text(contents))
        connection.execute(sa.text("ANALYZE documents, document_contents"))
    engine.dispose()
    return empty_postgres_roles


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
@pytest.mark.parametrize("name", LISTS_OF_NOTES)
def test_a_list_of_notes_goes_by_its_own_index_in_its_order(filled: PostgresRoles, name: str, mode: str) -> None:
    text = STATEMENTS[name].compiled("postgresql").sql
    count = text.count("%s")
    for place in range(1, count + 1):
        text = text.replace("%s", f"${place}", 1)
    arguments = ["'01MINE'", "'9'", "21"] if "after" in name else ["'01MINE'", "21"]
    with psycopg.connect(filled.superuser_url) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(filled.application_role)))
        connection.execute("SELECT set_config('istmo.tenant_id', '01MINE', true)")
        connection.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
        connection.execute(f"PREPARE one AS {text}".encode(), prepare=False)
        rows = connection.execute(f"EXPLAIN EXECUTE one({', '.join(arguments)})".encode()).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert f"ix_documents_{name.partition(' ')[0]} on documents" in plan, plan
    assert "Sort" not in plan, plan
