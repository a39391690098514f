"""What administrators and operators changed. These tables belong to the installation and not to a tenant."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import table, text, whole

administration_events = table(
    "administration_events",
    whole("sequence", primary_key=True),
    whole("at"),
    text("kind"),
    text("outcome"),
    text("actor"),
    text("tenant_id", nullable=True),  # as it was said: there may be no such tenant
    whole("asked", nullable=True),
    text("subject"),
    text("facts"),
    text("digest"),
)
sa.Index("ix_administration_events_tenant", administration_events.c.tenant_id, administration_events.c.sequence)
sa.Index("ix_administration_events_kind", administration_events.c.kind, administration_events.c.sequence)
sa.Index("ix_administration_events_subject", administration_events.c.subject, administration_events.c.kind)

# One row: where the chain ends. Whoever appends locks it.
administration_head = table(
    "administration_head",
    whole("head_id", primary_key=True),
    whole("sequence"),
    text("digest"),
)
