"""What administrators and operators changed: a chain of events that belongs to the installation."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure_for_owner

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; older programs do not notice them."""
    op.create_table(
        "administration_events",
        whole("sequence"),
        whole("at"),
        text("kind"),
        text("outcome"),
        text("actor"),
        text("tenant_id", nullable=True),
        whole("asked", nullable=True),
        text("subject"),
        text("facts"),
        text("digest"),
        sa.PrimaryKeyConstraint("sequence", name="pk_administration_events"),
        sqlite_strict=True,
    )
    op.create_index("ix_administration_events_tenant", "administration_events", ["tenant_id", "sequence"])
    op.create_index("ix_administration_events_kind", "administration_events", ["kind", "sequence"])
    op.create_index("ix_administration_events_subject", "administration_events", ["subject", "kind"])
    op.create_table(
        "administration_head",
        whole("head_id"),
        whole("sequence"),
        text("digest"),
        sa.PrimaryKeyConstraint("head_id", name="pk_administration_head"),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure_for_owner(("administration_events", "administration_head"))


def downgrade() -> None:
    """Drop them: who changed what is lost."""
    op.drop_table("administration_head")
    op.drop_table("administration_events")
