"""Documents by the time of their issue, for books, reports and archives of a month."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_documents_issued_at", "documents", ["tenant_id", "issued_at", "document_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_documents_issued_at", "documents")
