"""The webhook inbox: what is asked for often in one table, the bytes in another."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import blob, partial_index, table, text, whole

webhook_deliveries = table(
    "webhook_deliveries",
    text("tenant_id", primary_key=True),
    text("delivery_id", primary_key=True),
    text("body_digest"),
    whole("received_at"),
    whole("last_received_at", nullable=True),
    whole("repeats"),
    text("pac_document_id", nullable=True),
    text("cufe", nullable=True),
    text("cufe_key", nullable=True),  # the CUFE without its date, or as it came when it cannot be read
    text("claimed_status", nullable=True),
    text("claimed_user_id", nullable=True),
    text("state"),
    text("document_id", nullable=True),
    sa.UniqueConstraint("tenant_id", "body_digest", name="uq_webhook_deliveries_body"),
)
partial_index(
    "ix_webhook_deliveries_left_over",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.received_at,
    webhook_deliveries.c.delivery_id,
    where="state IN ('UNMATCHED', 'UNREADABLE')",
)
partial_index(
    "ix_webhook_deliveries_waiting",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.received_at,
    webhook_deliveries.c.delivery_id,
    where="state = 'RECEIVED'",
)
partial_index(
    "ix_webhook_deliveries_pac_document",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.pac_document_id,
    where="pac_document_id IS NOT NULL",
)
partial_index(
    "ix_webhook_deliveries_cufe",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.cufe_key,
    where="cufe_key IS NOT NULL",
)

webhook_bodies = table(
    "webhook_bodies",
    text("tenant_id", primary_key=True),
    text("delivery_id", primary_key=True),
    blob("body"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "delivery_id"],
        ["webhook_deliveries.tenant_id", "webhook_deliveries.delivery_id"],
        name="fk_webhook_bodies_delivery",
    ),
)
