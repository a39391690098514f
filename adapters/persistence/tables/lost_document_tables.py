"""Documents that a restore made unknown."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import partial_index, table, text, whole

lost_documents = table(
    "lost_documents",
    text("tenant_id", primary_key=True),
    text("document_id", primary_key=True),
    text("key_digest"),
    text("order_id", nullable=True),
    text("billing_point"),
    text("document_type"),
    whole("number"),
    text("submission"),
    text("content"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_lost_documents_tenant"),
)
_c = lost_documents.c
sa.Index("ix_lost_documents_key", _c.tenant_id, _c.key_digest)
sa.Index("ix_lost_documents_number", _c.tenant_id, _c.billing_point, _c.document_type, _c.number)
partial_index("ix_lost_documents_order", _c.tenant_id, _c.order_id, where="order_id IS NOT NULL")
