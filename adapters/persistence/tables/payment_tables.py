"""Payments of documents and their reversals. Rows are only ever added to either."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import table, text, whole

document_payments = table(
    "document_payments",
    text("tenant_id", primary_key=True),
    text("payment_id", primary_key=True),
    text("document_id"),
    whole("amount_cents"),
    text("method"),
    whole("paid_at"),
    whole("recorded_at"),
    text("recorded_by"),
    text("reference", nullable=True),
    text("external_id", nullable=True),
    sa.ForeignKeyConstraint(
        ["tenant_id", "document_id"],
        ["documents.tenant_id", "documents.document_id"],
        name="fk_document_payments_document",
    ),
)
sa.Index(
    "ix_document_payments_document",
    document_payments.c.tenant_id,
    document_payments.c.document_id,
    document_payments.c.payment_id,
)

payment_reversals = table(
    "payment_reversals",
    text("tenant_id", primary_key=True),
    text("payment_id", primary_key=True),  # so a payment is reversed once
    text("reversal_id"),
    whole("reversed_at"),
    text("reversed_by"),
    text("reason"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "payment_id"],
        ["document_payments.tenant_id", "document_payments.payment_id"],
        name="fk_payment_reversals_payment",
    ),
)
