"""Clients that are archived, orders that change and are cancelled."""

import sqlalchemy as sa
from alembic import op

from adapters.persistence.migrations.column_kinds import WHOLE

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


_COLUMNS = {"client": "client_id", "external_id": "external_id"}


def upgrade() -> None:
    """Add the columns, with values that older rows and older programs can live with, and the index."""
    op.add_column("clients", sa.Column("is_archived", WHOLE, nullable=False, server_default="0"))
    op.create_index("ix_clients_archived", "clients", ["tenant_id", "is_archived", "client_id"])
    op.add_column("orders", sa.Column("version", WHOLE, nullable=False, server_default="1"))
    op.add_column("orders", sa.Column("is_cancelled", WHOLE, nullable=False, server_default="0"))
    for named in ("client", "external_id"):
        _index_orders(named, "order_id")


def _index_orders(name: str, *after: str) -> None:
    column = _COLUMNS[name]
    some = sa.text(f"{column} IS NOT NULL")
    op.drop_index(f"ix_orders_{name}", table_name="orders")
    op.create_index(
        f"ix_orders_{name}", "orders", ["tenant_id", column, *after], sqlite_where=some, postgresql_where=some
    )


def downgrade() -> None:
    """Drop them: an archived client is listed again. What was cancelled still says so in its content."""
    for named in ("client", "external_id"):
        _index_orders(named)
    op.drop_column("orders", "is_cancelled")
    op.drop_column("orders", "version")
    op.drop_index("ix_clients_archived", table_name="clients")
    op.drop_column("clients", "is_archived")
