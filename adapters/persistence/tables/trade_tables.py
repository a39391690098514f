"""Clients and orders, whole as JSON text beside what they are found by; series of numbers with their moves by hand."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import partial_index, table, text, whole

clients = table(
    "clients",
    text("tenant_id", primary_key=True),
    text("client_id", primary_key=True),
    text("name"),
    text("ruc", nullable=True),
    text("external_id", nullable=True),
    whole("created_at"),
    text("content"),
    whole("is_archived", server_default="0"),
)
sa.Index("ix_clients_archived", clients.c.tenant_id, clients.c.is_archived, clients.c.client_id)
partial_index("ix_clients_ruc", clients.c.tenant_id, clients.c.ruc, where="ruc IS NOT NULL")
partial_index("ix_clients_external_id", clients.c.tenant_id, clients.c.external_id, where="external_id IS NOT NULL")

orders = table(
    "orders",
    text("tenant_id", primary_key=True),
    text("order_id", primary_key=True),
    text("client_id", nullable=True),
    text("external_id", nullable=True),
    whole("created_at"),
    text("content"),
    whole("version", server_default="1"),
    whole("is_cancelled", server_default="0"),
)
_o = orders.c
# With the order's id at their end, so that a page is read from them in its order.
partial_index("ix_orders_client", _o.tenant_id, _o.client_id, _o.order_id, where="client_id IS NOT NULL")
partial_index("ix_orders_external_id", _o.tenant_id, _o.external_id, _o.order_id, where="external_id IS NOT NULL")

series = table(
    "series",
    text("tenant_id", primary_key=True),
    text("billing_point", primary_key=True),
    text("document_type", primary_key=True),
    whole("first_number"),
    whole("next_number"),
)

series_moves = table(
    "series_moves",
    text("tenant_id", primary_key=True),
    text("billing_point", primary_key=True),
    text("document_type", primary_key=True),
    whole("sequence", primary_key=True),
    whole("at"),
    text("actor"),
    whole("from_number"),
    whole("to_number"),
    text("reason"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "billing_point", "document_type"],
        ["series.tenant_id", "series.billing_point", "series.document_type"],
        name="fk_series_moves_series",
    ),
)
