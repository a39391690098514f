"""Payments of documents and their reversals."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; older programs do not notice them."""
    op.create_table(
        "document_payments",
        text("tenant_id"),
        text("payment_id"),
        text("document_id"),
        whole("amount_cents"),
        text("method"),
        whole("paid_at"),
        whole("recorded_at"),
        text("recorded_by"),
        text("reference", nullable=True),
        text("external_id", nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name="pk_document_payments"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.document_id"],
            name="fk_document_payments_document",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_document_payments_document", "document_payments", ["tenant_id", "document_id", "payment_id"])
    op.create_table(
        "payment_reversals",
        text("tenant_id"),
        text("payment_id"),
        text("reversal_id"),
        whole("reversed_at"),
        text("reversed_by"),
        text("reason"),
        sa.PrimaryKeyConstraint("tenant_id", "payment_id", name="pk_payment_reversals"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["document_payments.tenant_id", "document_payments.payment_id"],
            name="fk_payment_reversals_payment",
        ),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure(("document_payments", "payment_reversals"))


def downgrade() -> None:
    """Drop them, and with them what was recorded."""
    op.drop_table("payment_reversals")
    op.drop_table("document_payments")
