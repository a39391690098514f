"""What each intent made, and the index of documents that wait for something."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WAITING = sa.text("next_action_at IS NOT NULL OR submission = 'QUARANTINED'")


def upgrade() -> None:
    """Create the table and the index; older programs do not notice either."""
    op.create_table(
        "intents",
        text("tenant_id"),
        text("operation"),
        text("idempotency_key"),
        text("fingerprint"),
        text("subject_id"),
        whole("created_at"),
        sa.PrimaryKeyConstraint("tenant_id", "operation", "idempotency_key", name="pk_intents"),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure(("intents",))
    op.create_index(
        "ix_documents_waiting",
        "documents",
        ["tenant_id", "document_id", "created_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop them: callers that repeat a call then create anew."""
    op.drop_index("ix_documents_waiting", table_name="documents")
    op.drop_table("intents")
