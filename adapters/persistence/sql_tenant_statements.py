"""The SQL of tenants, offices, API keys and secrets. ``tenant`` is the parameter that says whose row."""

import sqlalchemy as sa

from adapters.persistence.statements import Statement, across_tenants
from adapters.persistence.tables import api_keys, billing_points, offices, tenant_secrets, tenants

_MOST = 1_000
_t, _k, _s = tenants.c, api_keys.c, tenant_secrets.c

add_tenant = Statement(sa.insert(tenants))
get_tenant = Statement(sa.select(tenants).where(_t.tenant_id == sa.bindparam("tenant")))
# FOR NO KEY UPDATE: whoever changes something of the tenant waits, whoever refers to it does not.
lock_tenant = Statement(
    sa.select(_t.tenant_id).where(_t.tenant_id == sa.bindparam("tenant")).with_for_update(key_share=True)
)
tenant_of_company = across_tenants(
    sa.select(_t.tenant_id).where(_t.pac_company_id == sa.bindparam("company")),
    "SELECT tenant_id FROM tenant_of_company(:company)",
)
all_tenants = Statement(sa.select(tenants).order_by(_t.created_at, _t.tenant_id).limit(sa.bindparam("limit")))

add_office = Statement(sa.insert(offices))
add_billing_point = Statement(sa.insert(billing_points))


def _with_points(chosen: sa.Subquery) -> Statement:
    return Statement(
        sa.select(chosen, billing_points.c.billing_point)
        .join_from(
            chosen,
            billing_points,
            sa.and_(billing_points.c.tenant_id == chosen.c.tenant_id, billing_points.c.office_id == chosen.c.office_id),
            isouter=True,
        )
        .order_by(chosen.c.created_at, chosen.c.office_id, billing_points.c.place)
    )


_own_offices = sa.select(offices).where(offices.c.tenant_id == sa.bindparam("tenant"))
get_office = _with_points(_own_offices.where(offices.c.office_id == sa.bindparam("office")).subquery("chosen"))
all_offices = _with_points(
    _own_offices.order_by(offices.c.created_at, offices.c.office_id).limit(_MOST).subquery("chosen")
)

add_api_key = Statement(sa.insert(api_keys))
tenant_of_key = across_tenants(
    sa.select(_k.tenant_id, _k.key_id, _k.role).where(
        _k.secret_digest == sa.bindparam("digest"), _k.revoked_at.is_(None)
    ),
    "SELECT tenant_id, key_id, role FROM tenant_of_key(:digest)",
)
set_doubt_policy = Statement(
    sa.update(tenants).where(tenants.c.tenant_id == sa.bindparam("tenant")).values(doubt_policy=sa.bindparam("policy"))
)
revoke_api_key = Statement(
    sa.update(api_keys)
    .where(_k.tenant_id == sa.bindparam("tenant"), _k.key_id == sa.bindparam("key"))
    .values(revoked_at=sa.func.coalesce(_k.revoked_at, sa.bindparam("at", type_=sa.BigInteger())))
)
all_api_keys = Statement(
    sa.select(api_keys).where(_k.tenant_id == sa.bindparam("tenant")).order_by(_k.created_at, _k.key_id).limit(_MOST)
)

_of_kind = sa.and_(_s.tenant_id == sa.bindparam("tenant"), _s.kind == sa.bindparam("of_kind"))
current_secrets = Statement(sa.select(_s.sealed, _s.age).where(_of_kind).order_by(_s.age))
drop_secrets = Statement(sa.delete(tenant_secrets).where(_of_kind, _s.age >= sa.bindparam("from_age")))
age_secrets = Statement(sa.update(tenant_secrets).where(_of_kind).values(age=_s.age + 1))
add_secret = Statement(sa.insert(tenant_secrets))
reseal_secret = Statement(
    sa.update(tenant_secrets)
    .where(_of_kind, _s.age == sa.bindparam("of_age"))
    .values(sealed=sa.bindparam("sealed_anew", type_=sa.LargeBinary))
)
