"""The circuits of tenants."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import table, text, whole

circuits = table(
    "circuits",
    text("tenant_id", primary_key=True),
    text("state"),
    whole("failures"),
    whole("openings"),
    text("reason"),
    whole("opened_at", nullable=True),
    whole("probe_at", nullable=True),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_circuits_tenant"),
)
