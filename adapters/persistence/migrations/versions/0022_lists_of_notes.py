"""Credit notes and debit notes among many invoices, the newest first."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KINDS = {"credit": "'04', '06'", "debit": "'05', '07'"}


def upgrade() -> None:
    """Create an index for each list."""
    for kind, types in _KINDS.items():
        op.execute(
            f"CREATE INDEX ix_documents_{kind}_notes ON documents (tenant_id, document_id)"
            f" WHERE document_type IN ({types})"
        )


def downgrade() -> None:
    """Drop them."""
    for kind in _KINDS:
        op.execute(f"DROP INDEX ix_documents_{kind}_notes")
