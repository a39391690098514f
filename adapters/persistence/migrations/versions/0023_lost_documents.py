"""Documents that left for the PAC and that a restored database does not know."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; older programs do not notice it."""
    op.create_table(
        "lost_documents",
        text("tenant_id"),
        text("document_id"),
        text("key_digest"),
        text("order_id", nullable=True),
        text("billing_point"),
        text("document_type"),
        whole("number"),
        text("submission"),
        text("content"),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name="pk_lost_documents"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_lost_documents_tenant"),
        sqlite_strict=True,
    )
    op.create_index("ix_lost_documents_key", "lost_documents", ["tenant_id", "key_digest"])
    op.create_index(
        "ix_lost_documents_number", "lost_documents", ["tenant_id", "billing_point", "document_type", "number"]
    )
    some = sa.text("order_id IS NOT NULL")
    op.create_index(
        "ix_lost_documents_order",
        "lost_documents",
        ["tenant_id", "order_id"],
        sqlite_where=some,
        postgresql_where=some,
    )
    if is_postgresql():
        secure(("lost_documents",))


def downgrade() -> None:
    """Drop it: the departure log still has what it was made from."""
    op.drop_table("lost_documents")
