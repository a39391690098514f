"""What the PAC told about taxpayers and catalogues, with its age."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; older programs do not notice them."""
    op.create_table(
        "ruc_answers",
        text("tenant_id"),
        text("ruc"),
        whole("ruc_type"),
        text("dv"),
        text("receiver_class"),
        whole("checked_at"),
        sa.PrimaryKeyConstraint("tenant_id", "ruc", "ruc_type", name="pk_ruc_answers"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_ruc_answers_tenant"),
        sqlite_strict=True,
    )
    op.create_table(
        "catalogue_copies",
        text("tenant_id"),
        text("kind"),
        text("entries"),
        whole("fetched_at"),
        sa.PrimaryKeyConstraint("tenant_id", "kind", name="pk_catalogue_copies"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_catalogue_copies_tenant"),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure(("ruc_answers", "catalogue_copies"))


def downgrade() -> None:
    """Drop them; the PAC tells it again."""
    op.drop_table("catalogue_copies")
    op.drop_table("ruc_answers")
