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
    whole("signature_ends_at", nullable=True),  # both are in the state too: these are read across all taxpayers
    whole("authentication_ends_at", nullable=True),
    sa.UniqueConstraint("ruc", name="uq_onboardings_ruc"),
)
