"""The inbox of webhooks."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import blob, text, whole

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "webhook_deliveries",
        text("tenant_id"),
        text("delivery_id"),
        text("body_digest"),
        whole("received_at"),
        whole("last_received_at", nullable=True),
        whole("repeats"),
        text("pac_document_id", nullable=True),
        text("cufe", nullable=True),
        text("cufe_key", nullable=True),
        text("claimed_status", nullable=True),
        text("claimed_user_id", nullable=True),
        text("state"),
        text("document_id", nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("tenant_id", "body_digest", name="uq_webhook_deliveries_body"),
        sqlite_strict=True,
    )
    _partial_index(
        "ix_webhook_deliveries_cufe", "webhook_deliveries", ["tenant_id", "cufe_key"], where="cufe_key IS NOT NULL"
    )
    _partial_index(
        "ix_webhook_deliveries_pac_document",
        "webhook_deliveries",
        ["tenant_id", "pac_document_id"],
        where="pac_document_id IS NOT NULL",
    )
    _partial_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["tenant_id", "received_at", "delivery_id"],
        where="state = 'RECEIVED'",
    )
    op.create_table(
        "webhook_bodies",
        text("tenant_id"),
        text("delivery_id"),
        blob("body"),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", name="pk_webhook_bodies"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["webhook_deliveries.tenant_id", "webhook_deliveries.delivery_id"],
            name="fk_webhook_bodies_delivery",
        ),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the tables with everything in them."""
    op.drop_table("webhook_bodies")
    op.drop_table("webhook_deliveries")


def _partial_index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
