"""When doubt settles, how often the bytes went out again, and the circuits of tenants."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import text, whole
from adapters.persistence.migrations.row_security import is_postgresql, secure

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, with values that older rows and older programs can live with, and the table."""
    op.add_column("documents", whole("settles_at", nullable=True))
    op.add_column(
        "documents",
        sa.Column("resends", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"),
    )
    op.create_table(
        "circuits",
        text("tenant_id"),
        text("state"),
        whole("failures"),
        whole("openings"),
        text("reason"),
        whole("opened_at", nullable=True),
        whole("probe_at", nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_circuits"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_circuits_tenant"),
        sqlite_strict=True,
    )
    if is_postgresql():
        secure(("circuits",))


def downgrade() -> None:
    """Drop them."""
    op.drop_table("circuits")
    op.drop_column("documents", "resends")
    op.drop_column("documents", "settles_at")
