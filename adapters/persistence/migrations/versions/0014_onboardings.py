"""How far each taxpayer's onboarding is."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; older programs do not notice it."""
    op.create_table(
        "onboardings",
        text("tenant_id"),
        text("ruc"),
        whole("version"),
        text("state"),
        whole("started_at"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_onboardings"),
        sa.UniqueConstraint("ruc", name="uq_onboardings_ruc"),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure(("onboardings",))


def downgrade() -> None:
    """Drop it: how far each taxpayer is, the PAC shows."""
    op.drop_table("onboardings")
