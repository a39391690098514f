"""Row-level security as the migrations write it (PostgreSQL). A migration that creates a table calls ``secure`` on it.

- ``one_tenant`` shows and takes the rows of the transaction's tenant alone; without a tenant it raises.
- ``owner_sees_all`` lets the role that migrates see everything, forced or not: doctor and admin commands, and the
  SECURITY DEFINER functions, which run as that role. A table of the installation itself (``secure_for_owner``) has
  this policy alone.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

# After a transaction-local set_config a reused session reads '' and not NULL: both mean that nobody said whose.
_CURRENT_TENANT = """
CREATE FUNCTION current_tenant() RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    tenant CONSTANT text NOT NULL DEFAULT coalesce(pg_catalog.current_setting('istmo.tenant_id', true), '');
BEGIN
    IF tenant OPERATOR(pg_catalog.=) '' THEN
        RAISE EXCEPTION 'no tenant is set in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN tenant;
END
$$
"""


def is_postgresql() -> bool:
    """SQLite has no roles and no row-level security: what is written for them is left out there."""
    return op.get_bind().dialect.name == "postgresql"


def create_current_tenant() -> None:
    """The function that every policy compares with. Anybody may run it: it only reads the caller's own setting."""
    op.execute(_CURRENT_TENANT)


def secure(tables: Iterable[str]) -> None:
    """Put tables with a ``tenant_id`` under row-level security, enabled and forced."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY one_tenant ON {table}"
            " USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
        )
        _let_owner_see(table)


def secure_for_owner(tables: Iterable[str]) -> None:
    """Put tables that belong to the installation under row-level security, enabled and forced: the owner's alone."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        _let_owner_see(table)


def _let_owner_see(table: str) -> None:
    op.execute(f"CREATE POLICY owner_sees_all ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def lay_open(tables: Iterable[str]) -> None:
    """The opposite of ``secure``."""
    for table in tables:
        op.execute(f"DROP POLICY owner_sees_all ON {table}")
        op.execute(f"DROP POLICY one_tenant ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def create_definer_function(signature: str, returns: str, body: str) -> None:
    """A read that crosses tenants: one SELECT as the owner, names resolved in this schema alone, nobody's to run until
    it is granted (``adapters.persistence.application_role``)."""
    replace_definer_function(signature, returns, body)
    op.execute(f"REVOKE ALL ON FUNCTION {signature.partition('(')[0]} FROM PUBLIC")


def replace_definer_function(signature: str, returns: str, body: str) -> None:
    """Another SELECT for a function of the same signature; who may run it stays as it is."""
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS TABLE ({returns}) LANGUAGE sql STABLE SECURITY DEFINER"
        f" SET search_path = {schema}, pg_temp AS $$ {body} $$"
    )
