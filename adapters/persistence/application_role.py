"""The two roles on PostgreSQL: the owner migrates and administers; the application serves, works and owns nothing."""

import sqlalchemy as sa

from adapters.persistence.schema_connection import schema_connection
from adapters.persistence.tables import metadata

# History is written once: not even the application can change or drop what it wrote there.
# (What a draft says may change: a policy of migration 0009 lets nothing else of ``document_contents`` be updated.)
APPEND_ONLY = frozenset(
    {
        "document_bodies",
        "document_events",
        "document_exchanges",
        "document_payments",
        "intents",
        "payment_reversals",
        "series_moves",
    }
)
# They belong to the installation: the application neither reads nor writes them.
OWNERS_ALONE = frozenset({"administration_events", "administration_head"})
DELETED_FROM = frozenset({"ruc_answers", "tenant_secrets"})
FUNCTIONS = (
    "due_tenants(bigint, bigint)",
    "waiting_tenants(bigint)",
    "tenant_of_company(text)",
    "tenant_of_key(text)",
    "work_gauges(bigint, bigint)",
    "census_gauges()",
)

_SUPERUSER = "is a superuser"
_BYPASSES = "has BYPASSRLS"
_OWNS = "owns the tables, or is a member of the role that does"
_CREATES = "may create objects in the schema"
_OPEN = "meets tables without forced row-level security: {tables}"


def grant_to_application(owner_url: str, role: str) -> bool:
    """Give the application role what it needs on the schema as it is now; False when there is no such role.

    Call it after every migration; it may be called again. On SQLite, which has no roles, it is True and does nothing.
    Raises StoreUnavailableError and ValueError (the URL).
    """
    with schema_connection(owner_url) as connection:
        if connection.dialect.name != "postgresql":
            return True
        named = connection.execute(
            sa.text("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = :role"), {"role": role}
        ).scalar()
        if named is None:
            return False
        schema = connection.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA {schema} TO {named}"))
        connection.execute(sa.text(f"GRANT SELECT ON alembic_version TO {named}"))
        for table in metadata.sorted_tables:
            privileges = _privileges(table.name)
            connection.execute(sa.text(f"REVOKE ALL ON {table.name} FROM {named}"))
            if privileges:
                connection.execute(sa.text(f"GRANT {privileges} ON {table.name} TO {named}"))
        for signature in FUNCTIONS:
            connection.execute(sa.text(f"GRANT EXECUTE ON FUNCTION {signature} TO {named}"))
    return True


def row_security_gaps(database_url: str) -> list[str]:
    """Why row-level security does not bind the role of this URL, in words; empty when it does, and on SQLite.

    Raises StoreUnavailableError and ValueError (the URL).
    """
    with schema_connection(database_url) as connection:
        if connection.dialect.name != "postgresql":
            return []
        role = connection.execute(_ROLE).one()
        tables = connection.execute(_TABLES, {"tables": sorted(metadata.tables)}).all()
    gaps = [_SUPERUSER] * role.is_superuser + [_BYPASSES] * role.bypasses + [_CREATES] * role.creates
    if any(table.is_own for table in tables):
        gaps.append(_OWNS)
    unbound = [table.relname for table in tables if not table.is_forced]
    return gaps + ([_OPEN.format(tables=", ".join(unbound))] if unbound else [])


def _privileges(table: str) -> str:
    if table in OWNERS_ALONE:
        return ""
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in DELETED_FROM else "SELECT, INSERT, UPDATE"


_ROLE = sa.text(
    "SELECT rolsuper AS is_superuser, rolbypassrls AS bypasses,"
    " NOT rolsuper AND has_schema_privilege(current_schema(), 'CREATE') AS creates"
    " FROM pg_roles WHERE rolname = current_user"
)
_TABLES = sa.text(
    "SELECT relname, relrowsecurity AND relforcerowsecurity AS is_forced,"
    " pg_has_role(current_user, relowner, 'MEMBER') AS is_own"
    " FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p')"
    " AND relname = ANY (CAST(:tables AS text[])) ORDER BY relname"
)
