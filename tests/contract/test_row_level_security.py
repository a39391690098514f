"""Row-level security on PostgreSQL: what the database itself refuses, whatever SQL the program would send."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql

from adapters.persistence.application_role import (
    APPEND_ONLY,
    FUNCTIONS,
    OWNERS_ALONE,
    grant_to_application,
    row_security_gaps,
)
from adapters.persistence.stores import Stores, open_stores
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from tests.contract.conftest import KEY
from tests.services import PostgresRoles
from tests.unit.persistence.rows import a_row_of_everything

pytestmark = pytest.mark.postgres

MINE, THEIRS = TenantId("01MINE"), TenantId("01THEIRS")
EVERY_TABLE = sorted(metadata.tables)
TABLES = [table for table in EVERY_TABLE if table not in OWNERS_ALONE]  # of tenants


@pytest.fixture
def filled(empty_postgres_roles: PostgresRoles) -> PostgresRoles:
    """One row of each table for each of two tenants."""
    with psycopg.connect(empty_postgres_roles.superuser_url) as connection:
        for tenant_id in (MINE, THEIRS):
            for table, row in a_row_of_everything(tenant_id).items():
                columns = sql.SQL(", ").join(map(sql.Identifier, row))
                values = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), columns, values)
                connection.execute(insert, list(row.values()))
    return empty_postgres_roles


@pytest.fixture
def application(filled: PostgresRoles) -> Iterator[psycopg.Connection]:
    with psycopg.connect(filled.application_url) as connection:
        yield connection


def speak_for(connection: psycopg.Connection, tenant_id: str) -> None:
    connection.rollback()
    connection.execute("SELECT set_config('istmo.tenant_id', %s, true)", (tenant_id,))


def owners_in(connection: psycopg.Connection, table: str) -> list[str]:
    query = sql.SQL("SELECT tenant_id FROM {}").format(sql.Identifier(table))
    return [row[0] for row in connection.execute(query).fetchall()]


def test_every_table_of_the_database_is_one_of_the_models(application: psycopg.Connection) -> None:
    found = application.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    ).fetchall()
    assert {row[0] for row in found} == {*EVERY_TABLE, "alembic_version"}


def test_every_table_is_enabled_forced_and_has_the_tenants_policy(application: psycopg.Connection) -> None:
    found = application.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity, count(polname) FILTER ("
        "   WHERE polname = 'one_tenant' AND polpermissive AND polcmd = '*' AND polroles = '{0}'"
        "   AND pg_get_expr(polqual, polrelid) = '(tenant_id = current_tenant())'"
        "   AND pg_get_expr(polwithcheck, polrelid) = '(tenant_id = current_tenant())')"
        " FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'alembic_version'"
        " GROUP BY 1, 2, 3"
    ).fetchall()
    assert sorted(found) == [(table, True, True, int(table not in OWNERS_ALONE)) for table in EVERY_TABLE]


@pytest.mark.parametrize("table", sorted(OWNERS_ALONE))
@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 FROM {}", "INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET digest = ''", "DELETE FROM {}", "TRUNCATE {}"],
)
def test_what_belongs_to_the_installation_is_closed_to_the_application(
    application: psycopg.Connection, table: str, statement: str
) -> None:
    for tenant_id in (None, MINE):
        if tenant_id is not None:
            speak_for(application, tenant_id)
        with pytest.raises(pg.InsufficientPrivilege, match="permission denied"):
            application.execute(sql.SQL(statement).format(sql.Identifier(table)))  # type: ignore[arg-type]
        application.rollback()


@pytest.mark.parametrize("table", sorted(OWNERS_ALONE))
def test_a_grant_by_mistake_does_not_open_what_belongs_to_the_installation(filled: PostgresRoles, table: str) -> None:
    name = sql.Identifier(table)
    with psycopg.connect(filled.superuser_url) as connection:
        connection.execute(
            sql.SQL("GRANT SELECT, UPDATE ON {} TO {}").format(name, sql.Identifier(filled.application_role))
        )
    try:
        with psycopg.connect(filled.application_url) as connection:
            speak_for(connection, MINE)
            assert connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchall() == [(0,)]
            assert connection.execute(sql.SQL("UPDATE {} SET digest = ''").format(name)).rowcount == 0
    finally:
        grant_to_application(filled.owner_url, filled.application_role)


def test_the_application_is_no_superuser_bypasses_nothing_and_owns_nothing(filled: PostgresRoles) -> None:
    assert row_security_gaps(filled.application_url) == []
    with psycopg.connect(filled.application_url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid), (SELECT count(*) FROM pg_auth_members"
            " WHERE member = r.oid) FROM pg_roles AS r WHERE rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, False, False, 0, 0)


@pytest.mark.parametrize("table", TABLES)
def test_without_a_tenant_every_statement_raises(application: psycopg.Connection, table: str) -> None:
    statements = [
        sql.SQL("SELECT * FROM {}"),
        sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = '01MINE'"),
        sql.SQL("SELECT 1 FROM {} WHERE tenant_id = 'nobody'"),
    ]
    for unset in (False, True):
        if unset:  # a session that had a tenant reads '' afterwards, and not NULL
            speak_for(application, MINE)
            application.commit()
        for statement in statements:
            with pytest.raises(pg.InsufficientPrivilege, match="no tenant is set"):
                application.execute(statement.format(sql.Identifier(table)))
            application.rollback()


@pytest.mark.parametrize("table", TABLES)
def test_a_tenant_sees_its_own_rows_alone(application: psycopg.Connection, table: str) -> None:
    for tenant_id in (MINE, THEIRS):
        speak_for(application, tenant_id)
        assert owners_in(application, table) == [tenant_id]
    speak_for(application, "01NOBODY")
    assert owners_in(application, table) == []


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_written_for_another_tenant(application: psycopg.Connection, table: str) -> None:
    speak_for(application, "01OTHER")
    row = a_row_of_everything(THEIRS)[table]
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    with pytest.raises(pg.InsufficientPrivilege, match="row-level security"):
        application.execute(insert, list(row.values()))


@pytest.mark.parametrize("table", [table for table in TABLES if table not in {*APPEND_ONLY, "document_contents"}])
def test_no_row_of_another_tenant_is_changed_or_given_away(application: psycopg.Connection, table: str) -> None:
    update = sql.SQL("UPDATE {} SET tenant_id = %s WHERE tenant_id = %s").format(sql.Identifier(table))
    speak_for(application, MINE)
    assert application.execute(update, (MINE, THEIRS)).rowcount == 0
    with pytest.raises(pg.InsufficientPrivilege, match="row-level security"):
        application.execute(update, (THEIRS, MINE))


def test_what_a_document_says_is_rewritten_for_drafts_alone(application: psycopg.Connection) -> None:
    speak_for(application, MINE)
    rewrite = "UPDATE document_contents SET draft = 'another'"
    assert application.execute(rewrite).rowcount == 0
    application.execute("UPDATE documents SET mode = 'PROFORM'")
    assert application.execute(rewrite).rowcount == 1


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("statement", ["UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_is_never_rewritten_by_the_application(
    application: psycopg.Connection, table: str, statement: str
) -> None:
    speak_for(application, MINE)
    with pytest.raises(pg.InsufficientPrivilege, match="permission denied"):
        application.execute(sql.SQL(statement).format(sql.Identifier(table)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE documents DISABLE ROW LEVEL SECURITY",
        "DROP POLICY one_tenant ON documents",
        "CREATE OR REPLACE FUNCTION current_tenant() RETURNS text LANGUAGE sql AS $$ SELECT '01THEIRS' $$",
        "CREATE TABLE public.mine (x int)",
        "CREATE FUNCTION public.min(bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT 1 $$",
        "DELETE FROM alembic_version",
        "SET ROLE postgres",
    ],
)
def test_the_application_cannot_lay_its_own_bonds_off(application: psycopg.Connection, statement: str) -> None:
    with pytest.raises(pg.InsufficientPrivilege):
        application.execute(statement.encode())


def test_switching_row_security_off_shows_an_error_and_no_row(application: psycopg.Connection) -> None:
    speak_for(application, MINE)
    application.execute("SET LOCAL row_security = off")
    with pytest.raises(pg.InsufficientPrivilege, match="row-level security"):
        application.execute("SELECT * FROM documents")


def test_the_only_definer_functions_are_known_and_each_is_pinned(application: psycopg.Connection) -> None:
    found = application.execute(
        "SELECT p.oid::regprocedure::text, p.proconfig, p.provolatile, p.proacl::text FROM pg_proc AS p"
        " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert {row[0].replace(",", ", ") for row in found} == set(FUNCTIONS)
    for name, config, volatility, grants in found:
        assert config == ["search_path=public, pg_temp"], name
        assert volatility == "s", name
        assert re.search(r"[{,]=", grants) is None, name  # nothing to PUBLIC


def test_functions_across_tenants_tell_no_more_than_names(application: psycopg.Connection) -> None:
    assert application.execute("SELECT * FROM due_tenants(9e15::bigint, 10)").fetchall() == [(MINE,), (THEIRS,)]
    assert application.execute("SELECT * FROM waiting_tenants(10)").fetchall() == [(MINE,), (THEIRS,)]
    assert application.execute("SELECT * FROM tenant_of_company('company of 01THEIRS')").fetchall() == [(THEIRS,)]
    assert application.execute("SELECT * FROM tenant_of_key('digest of 01MINE')").fetchall() == [
        (MINE, "key", "ISSUER")
    ]
    assert application.execute("SELECT * FROM tenant_of_key('digest of nobody')").fetchall() == []


def test_a_table_of_its_own_does_not_mislead_the_definer_functions(application: psycopg.Connection) -> None:
    application.execute("CREATE TEMP TABLE tenants (tenant_id text, pac_company_id text) ON COMMIT DROP")
    application.execute("INSERT INTO pg_temp.tenants VALUES ('01FORGED', 'company of 01THEIRS')")
    assert application.execute("SELECT * FROM tenant_of_company('company of 01THEIRS')").fetchall() == [(THEIRS,)]


def test_the_owner_sees_everything_and_is_told_apart(filled: PostgresRoles) -> None:
    with psycopg.connect(filled.owner_url) as connection:
        for table in TABLES:
            assert sorted(owners_in(connection, table)) == [MINE, THEIRS]
    gaps = row_security_gaps(filled.owner_url)
    assert any("owns the tables" in gap for gap in gaps)
    assert any("superuser" in gap for gap in row_security_gaps(filled.superuser_url))


def test_a_member_of_the_owning_role_is_told_apart(filled: PostgresRoles) -> None:
    with psycopg.connect(filled.superuser_url) as admin:
        owner = admin.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'documents'").fetchone()
        assert owner is not None
        both = (sql.Identifier(owner[0]), sql.Identifier(filled.application_role))
        admin.execute(sql.SQL("GRANT {} TO {}").format(*both))
        admin.commit()
        try:
            assert any("member" in gap for gap in row_security_gaps(filled.application_url))
        finally:
            admin.execute(sql.SQL("REVOKE {} FROM {}").format(*both))


def test_a_role_that_is_not_there_is_not_granted_anything(filled: PostgresRoles) -> None:
    assert grant_to_application(filled.owner_url, "no such role; DROP TABLE documents") is False
    assert grant_to_application(filled.owner_url, filled.application_role) is True


async def test_listing_tenants_is_the_owners(filled: PostgresRoles, tmp_path_factory: pytest.TempPathFactory) -> None:
    stores: Stores = await open_stores(
        filled.application_url,
        secrets_key=KEY,
        files_folder=tmp_path_factory.mktemp("files"),
        marks_folder=tmp_path_factory.mktemp("marks"),
    )
    with pytest.raises(StoreUnavailableError):
        await stores.directory.tenants(limit=10)
    await stores.close()
