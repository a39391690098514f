"""Tenants, their offices with billing points, API keys and sealed secrets."""

import sqlalchemy as sa

from adapters.persistence.tables.columns import blob, table, text, whole

tenants = table(
    "tenants",
    text("tenant_id", primary_key=True),
    text("name"),
    text("ruc"),
    whole("ruc_type"),
    text("dv"),
    whole("environment"),
    text("pac_company_id", nullable=True),
    text("doubt_policy"),
    text("webhook_authentication"),
    whole("created_at"),
    sa.UniqueConstraint("pac_company_id", name="uq_tenants_pac_company_id"),
)

offices = table(
    "offices",
    text("tenant_id", primary_key=True),
    text("office_id", primary_key=True),
    text("code"),
    text("pac_office_id"),
    text("address"),
    text("coordinates"),
    text("location_code"),
    text("telephone"),
    whole("created_at"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_offices_tenant"),
    sa.UniqueConstraint("tenant_id", "code", name="uq_offices_code"),
)

# The primary key is the rule: a billing point belongs to exactly one office of its tenant.
billing_points = table(
    "billing_points",
    text("tenant_id", primary_key=True),
    text("billing_point", primary_key=True),
    text("office_id"),
    whole("place"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "office_id"], ["offices.tenant_id", "offices.office_id"], name="fk_billing_points_office"
    ),
)
sa.Index("ix_billing_points_office", billing_points.c.tenant_id, billing_points.c.office_id)

api_keys = table(
    "api_keys",
    text("tenant_id", primary_key=True),
    text("key_id", primary_key=True),
    text("name"),
    text("role"),
    text("secret_digest"),
    whole("created_at"),
    whole("revoked_at", nullable=True),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_api_keys_tenant"),
    sa.UniqueConstraint("secret_digest", name="uq_api_keys_secret_digest"),
)

tenant_secrets = table(
    "tenant_secrets",
    text("tenant_id", primary_key=True),
    text("kind", primary_key=True),
    whole("age", primary_key=True),  # 0 is the newest, 1 the one before it
    blob("sealed"),
    whole("created_at"),
    sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_tenant_secrets_tenant"),
)
