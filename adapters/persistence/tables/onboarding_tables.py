"""How far each taxpayer's onboarding is."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import table, text, whole

# The record is older than its tenant: the company at the PAC comes first. So there is no foreign key.
onboardings = table(
    "onboardings",
    text("tenant_id", primary_key=True),
    text("ruc"),
    whole("version"),
    text("state"),
    whole("started_at"),
    sa.UniqueConstraint("ruc", name="uq_onboardings_ruc"),
)
