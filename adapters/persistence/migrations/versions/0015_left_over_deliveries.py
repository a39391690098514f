"""Webhooks that are matched with nothing, by the time they came, for the daily statement."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.execute(
        "CREATE INDEX ix_webhook_deliveries_left_over ON webhook_deliveries (tenant_id, received_at, delivery_id)"
        " WHERE state IN ('UNMATCHED', 'UNREADABLE')"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP INDEX ix_webhook_deliveries_left_over")
