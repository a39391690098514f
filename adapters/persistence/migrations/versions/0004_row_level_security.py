"""Row-level security on every table, and the only reads that cross tenants. Nothing to do on SQLite."""

from alembic import op

from adapters.persistence.migrations.row_security import (
    create_current_tenant,
    create_definer_function,
    is_postgresql,
    lay_open,
    secure,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    *("tenants", "offices", "billing_points", "api_keys", "tenant_secrets", "clients", "orders", "series"),
    *("series_moves", "documents", "document_contents", "document_bodies", "document_events", "document_exchanges"),
    *("document_attachments", "webhook_deliveries", "webhook_bodies"),
)


def upgrade() -> None:
    """Create the policies and the functions."""
    if not is_postgresql():
        return
    create_current_tenant()
    secure(TABLES)
    create_definer_function(
        "due_tenants(up_to bigint, at_most bigint)",
        "tenant_id text",
        "SELECT d.tenant_id FROM documents AS d WHERE d.next_action_at <= up_to"
        " GROUP BY d.tenant_id ORDER BY min(d.next_action_at), d.tenant_id LIMIT least(at_most, 1000)",
    )
    create_definer_function(
        "waiting_tenants(at_most bigint)",
        "tenant_id text",
        "SELECT w.tenant_id FROM webhook_deliveries AS w WHERE w.state = 'RECEIVED'"
        " GROUP BY w.tenant_id ORDER BY min(w.received_at), w.tenant_id LIMIT least(at_most, 1000)",
    )
    create_definer_function(
        "tenant_of_company(company text)",
        "tenant_id text",
        "SELECT t.tenant_id FROM tenants AS t WHERE t.pac_company_id = company",
    )
    create_definer_function(
        "tenant_of_key(digest text)",
        "tenant_id text, key_id text, role text",
        "SELECT k.tenant_id, k.key_id, k.role FROM api_keys AS k"
        " WHERE k.secret_digest = digest AND k.revoked_at IS NULL",
    )


def downgrade() -> None:
    """Drop them; every row stays, and every role that was granted a table sees all of it."""
    if not is_postgresql():
        return
    for signature in (
        "tenant_of_key(text)",
        "tenant_of_company(text)",
        "waiting_tenants(bigint)",
        "due_tenants(bigint, bigint)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    lay_open(TABLES)
    op.execute("DROP FUNCTION current_tenant()")
