"""Tenants, offices and API keys as rows and back: one pure function each way."""

from collections.abc import Iterable
from itertools import groupby

from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.statements import Row
from core.codes import Environment, RucType
from core.tenants import ApiKey, DoubtPolicy, Office, Role, Tenant, WebhookAuthentication


def tenant_columns(tenant: Tenant) -> Row:
    """The row of ``tenants``."""
    return {
        "tenant_id": tenant.tenant_id,
        "name": tenant.name,
        "ruc": tenant.ruc,
        "ruc_type": tenant.ruc_type.value,
        "dv": tenant.dv,
        "environment": tenant.environment.value,
        "pac_company_id": tenant.pac_company_id,
        "doubt_policy": tenant.doubt_policy.value,
        "webhook_authentication": tenant.webhook_authentication.value,
        "created_at": to_micros(tenant.created_at),
    }


def tenant_of(row: Row) -> Tenant:
    """The tenant of a row of ``tenants``."""
    return Tenant(
        tenant_id=row["tenant_id"],
        name=row["name"],
        ruc=row["ruc"],
        ruc_type=RucType(row["ruc_type"]),
        dv=row["dv"],
        environment=Environment(row["environment"]),
        created_at=from_micros(row["created_at"]),
        pac_company_id=row["pac_company_id"],
        doubt_policy=DoubtPolicy(row["doubt_policy"]),
        webhook_authentication=WebhookAuthentication(row["webhook_authentication"]),
    )


def office_columns(office: Office) -> Row:
    """The row of ``offices``; its billing points have rows of their own."""
    return {
        "tenant_id": office.tenant_id,
        "office_id": office.office_id,
        "code": office.code,
        "pac_office_id": office.pac_office_id,
        "address": office.address,
        "coordinates": office.coordinates,
        "location_code": office.location_code,
        "telephone": office.telephone,
        "created_at": to_micros(office.created_at),
    }


def offices_of(rows: Iterable[Row]) -> list[Office]:
    """The offices of rows of ``offices``, each joined with each of its billing points, those of an office together."""
    found = []
    for _, group in groupby(rows, key=lambda row: (row["tenant_id"], row["office_id"])):
        joined = list(group)
        row = joined[0]
        found.append(
            Office(
                tenant_id=row["tenant_id"],
                office_id=row["office_id"],
                code=row["code"],
                pac_office_id=row["pac_office_id"],
                address=row["address"],
                coordinates=row["coordinates"],
                location_code=row["location_code"],
                telephone=row["telephone"],
                billing_points=tuple(one["billing_point"] for one in joined if one["billing_point"] is not None),
                created_at=from_micros(row["created_at"]),
            )
        )
    return found


def api_key_columns(key: ApiKey) -> Row:
    """The row of ``api_keys``."""
    return {
        "tenant_id": key.tenant_id,
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "secret_digest": key.secret_digest,
        "created_at": to_micros(key.created_at),
        "revoked_at": to_micros(key.revoked_at),
    }


def api_key_of(row: Row) -> ApiKey:
    """The key of a row of ``api_keys``."""
    return ApiKey(
        key_id=row["key_id"],
        tenant_id=row["tenant_id"],
        name=row["name"],
        role=Role(row["role"]),
        secret_digest=row["secret_digest"],
        created_at=from_micros(row["created_at"]),
        revoked_at=from_micros(row["revoked_at"]),
    )
