"""Until when a document is in the hands of the worker that was told of it, so that others look elsewhere."""

from alembic import op

from adapters.persistence.migrations.column_kinds import whole
from adapters.persistence.migrations.row_security import is_postgresql, replace_definer_function

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DUE = (
    "SELECT d.tenant_id FROM documents AS d WHERE d.next_action_at <= up_to{and_free}"
    " GROUP BY d.tenant_id ORDER BY min(d.next_action_at), d.tenant_id LIMIT least(at_most, 1000)"
)


def upgrade() -> None:
    """Add the column; tenants whose due documents are all in hands are due no more."""
    op.add_column("documents", whole("offered_until", nullable=True))
    _replace_due_tenants(" AND (d.offered_until IS NULL OR d.offered_until <= up_to)")


def downgrade() -> None:
    """Drop the column."""
    _replace_due_tenants("")
    op.drop_column("documents", "offered_until")


def _replace_due_tenants(and_free: str) -> None:
    if is_postgresql():
        body = _DUE.format(and_free=and_free)
        replace_definer_function("due_tenants(up_to bigint, at_most bigint)", "tenant_id text", body)
