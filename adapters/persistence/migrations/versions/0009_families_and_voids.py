"""What documents are to one another, voids, and drafts that were taken back."""

from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# What a document says is written once; only of a draft may the application write it anew, whatever its program does.
_DRAFTS_ALONE = """
CREATE POLICY drafts_alone ON document_contents AS RESTRICTIVE FOR UPDATE USING (
    EXISTS (
        SELECT 1 FROM documents
        WHERE documents.tenant_id = document_contents.tenant_id
        AND documents.document_id = document_contents.document_id
        AND documents.mode = 'PROFORM'
    )
)
"""
_TEXTS = ("parent_id", "replaces", "replaced_by", "void")


def upgrade() -> None:
    """Add the columns: older rows have none of it, older programs leave it alone."""
    for name in _TEXTS:
        op.add_column("documents", text(name, nullable=True))
    op.add_column("documents", whole("withdrawn_at", nullable=True))
    op.execute(
        "CREATE INDEX ix_documents_parent ON documents (tenant_id, parent_id, document_id) WHERE parent_id IS NOT NULL"
    )
    if is_postgresql():
        op.execute(_DRAFTS_ALONE)


def downgrade() -> None:
    """Drop them."""
    if is_postgresql():
        op.execute("DROP POLICY drafts_alone ON document_contents")
    op.execute("DROP INDEX ix_documents_parent")
    op.drop_column("documents", "withdrawn_at")
    for name in reversed(_TEXTS):
        op.drop_column("documents", name)
