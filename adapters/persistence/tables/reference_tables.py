"""What the PAC told each tenant about taxpayers and catalogues."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import table, text, whole

ruc_answers = table(
    "ruc_answers",
    text("tenant_id", primary_key=True),
    text("ruc", primary_key=True),
    whole("ruc_type", primary_key=True),
    text("dv"),
    text("receiver_class"),
    whole("checked_at"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_ruc_answers_tenant"),
)

catalogue_copies = table(
    "catalogue_copies",
    text("tenant_id", primary_key=True),
    text("kind", primary_key=True),
    text("entries"),
    whole("fetched_at"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_catalogue_copies_tenant"),
)
