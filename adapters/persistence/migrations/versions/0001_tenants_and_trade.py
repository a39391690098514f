"""Tenants with offices, keys and secrets; clients, orders and series."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import blob, text, whole

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tenants",
        text("tenant_id"),
        text("name"),
        text("ruc"),
        whole("ruc_type"),
        text("dv"),
        whole("environment"),
        text("pac_company_id", nullable=True),
        text("doubt_policy"),
        text("webhook_authentication"),
        whole("created_at"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenants"),
        sa.UniqueConstraint("pac_company_id", name="uq_tenants_pac_company_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "offices",
        text("tenant_id"),
        text("office_id"),
        text("code"),
        text("pac_office_id"),
        text("address"),
        text("coordinates"),
        text("location_code"),
        text("telephone"),
        whole("created_at"),
        sa.PrimaryKeyConstraint("tenant_id", "office_id", name="pk_offices"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_offices_tenant"),
        sa.UniqueConstraint("tenant_id", "code", name="uq_offices_code"),
        sqlite_strict=True,
    )
    op.create_table(
        "billing_points",
        text("tenant_id"),
        text("billing_point"),
        text("office_id"),
        whole("place"),
        sa.PrimaryKeyConstraint("tenant_id", "billing_point", name="pk_billing_points"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "office_id"], ["offices.tenant_id", "offices.office_id"], name="fk_billing_points_office"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_billing_points_office", "billing_points", ["tenant_id", "office_id"])
    op.create_table(
        "api_keys",
        text("tenant_id"),
        text("key_id"),
        text("name"),
        text("role"),
        text("secret_digest"),
        whole("created_at"),
        whole("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "key_id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_api_keys_tenant"),
        sa.UniqueConstraint("secret_digest", name="uq_api_keys_secret_digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "tenant_secrets",
        text("tenant_id"),
        text("kind"),
        whole("age"),
        blob("sealed"),
        whole("created_at"),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "age", name="pk_tenant_secrets"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_tenant_secrets_tenant"),
        sqlite_strict=True,
    )
    op.create_table(
        "clients",
        text("tenant_id"),
        text("client_id"),
        text("name"),
        text("ruc", nullable=True),
        text("external_id", nullable=True),
        whole("created_at"),
        text("content"),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", name="pk_clients"),
        sqlite_strict=True,
    )
    _partial_index("ix_clients_external_id", "clients", ["tenant_id", "external_id"], where="external_id IS NOT NULL")
    _partial_index("ix_clients_ruc", "clients", ["tenant_id", "ruc"], where="ruc IS NOT NULL")
    op.create_table(
        "orders",
        text("tenant_id"),
        text("order_id"),
        text("client_id", nullable=True),
        text("external_id", nullable=True),
        whole("created_at"),
        text("content"),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="pk_orders"),
        sqlite_strict=True,
    )
    _partial_index("ix_orders_client", "orders", ["tenant_id", "client_id"], where="client_id IS NOT NULL")
    _partial_index("ix_orders_external_id", "orders", ["tenant_id", "external_id"], where="external_id IS NOT NULL")
    op.create_table(
        "series",
        text("tenant_id"),
        text("billing_point"),
        text("document_type"),
        whole("first_number"),
        whole("next_number"),
        sa.PrimaryKeyConstraint("tenant_id", "billing_point", "document_type", name="pk_series"),
        sqlite_strict=True,
    )
    op.create_table(
        "series_moves",
        text("tenant_id"),
        text("billing_point"),
        text("document_type"),
        whole("sequence"),
        whole("at"),
        text("actor"),
        whole("from_number"),
        whole("to_number"),
        text("reason"),
        sa.PrimaryKeyConstraint("tenant_id", "billing_point", "document_type", "sequence", name="pk_series_moves"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "billing_point", "document_type"],
            ["series.tenant_id", "series.billing_point", "series.document_type"],
            name="fk_series_moves_series",
        ),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the tables with everything in them."""
    op.drop_table("series_moves")
    op.drop_table("series")
    op.drop_table("orders")
    op.drop_table("clients")
    op.drop_table("tenant_secrets")
    op.drop_table("api_keys")
    op.drop_table("billing_points")
    op.drop_table("offices")
    op.drop_table("tenants")


def _partial_index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
