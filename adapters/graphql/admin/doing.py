"""What an administrator does. Each calls the use case that the commands call."""

from typing import Any

from ariadne import MutationType

from adapters.graphql.admin.context import AdminInfo, AdminResolver
from adapters.graphql.admin.onboarding_doing import ONBOARDING_MUTATIONS
from adapters.graphql.answering import answering
from adapters.graphql.argument_paths import locating
from adapters.graphql.inputs import Input
from core.identifiers import ApiKeyId, TenantId
from core.tenants import DoubtPolicy, Role, SecretKind

Payload = dict[str, Any]


async def _create_tenant(_root: object, info: AdminInfo, *, input: Input, idempotency_key: str) -> Payload:  # noqa: A002
    tenant = await info.context.operations.administer.create_tenant_once(
        info.context.actor,
        idempotency_key,
        name=input["name"],
        ruc=input["ruc"],
        ruc_type=input["contributor_type"],
        dv=input["dv"],
        environment=input["environment"],
        pac_company_id=input.get("pac_company_id"),
    )
    return {"tenant": tenant}


async def _create_office(
    _root: object,
    info: AdminInfo,
    *,
    tenant_id: str,
    input: Input,  # noqa: A002
    idempotency_key: str,
) -> Payload:
    office = await info.context.operations.administer.create_office(
        info.context.actor,
        TenantId(tenant_id),
        code=input["code"],
        address=input["address"],
        coordinates=input["coordinates"],
        location_code=input["location_code"],
        telephone=input["telephone"],
        billing_points=tuple(input.get("billing_points") or ()),
        idempotency_key=idempotency_key,
    )
    return {"office": office}


async def _create_api_key(
    _root: object, info: AdminInfo, *, tenant_id: str, name: str, role: Role, idempotency_key: str
) -> Payload:
    key, secret = await info.context.operations.administer.create_api_key_once(
        info.context.actor, TenantId(tenant_id), idempotency_key, name=name, role=role
    )
    return {"api_key": key, "secret": secret}


async def _revoke_api_key(_root: object, info: AdminInfo, *, tenant_id: str, key_id: str) -> Payload:
    operations = info.context.operations
    await operations.administer.revoke_api_key(info.context.actor, TenantId(tenant_id), ApiKeyId(key_id))
    return {"tenant": await operations.tenants.get(TenantId(tenant_id))}


async def _set_secret(
    _root: object, info: AdminInfo, *, tenant_id: str, kind: SecretKind, secret: str, keep_previous: bool
) -> Payload:
    operations = info.context.operations
    await operations.administer.set_secret(
        info.context.actor, TenantId(tenant_id), kind, secret, keep_previous=keep_previous
    )
    return {"tenant": await operations.tenants.get(TenantId(tenant_id))}


async def _set_doubt_policy(_root: object, info: AdminInfo, *, tenant_id: str, policy: DoubtPolicy) -> Payload:
    context = info.context
    tenant = await context.operations.administer.set_doubt_policy(context.actor, TenantId(tenant_id), policy)
    return {"tenant": tenant}


async def _close_circuit(_root: object, info: AdminInfo, *, tenant_id: str) -> Payload:
    context = info.context
    return {"circuit": await context.operations.administer.close_circuit(context.actor, TenantId(tenant_id))}


_MUTATIONS = (
    ("createTenant", _create_tenant, locating(("input", "idempotencyKey"), "input")),
    ("createOffice", _create_office, locating(("tenantId", "input", "idempotencyKey"), "input")),
    ("createApiKey", _create_api_key, locating(("tenantId", "name", "role", "idempotencyKey"), "name")),
    ("revokeApiKey", _revoke_api_key, locating(("tenantId", "keyId"), "keyId")),
    ("setSecret", _set_secret, locating(("tenantId", "kind", "secret"), "secret")),
    ("setDoubtPolicy", _set_doubt_policy, locating(("tenantId", "policy"), "policy")),
    ("closeCircuit", _close_circuit, locating(("tenantId",), "tenantId")),
    *ONBOARDING_MUTATIONS,
)


def mutation_type() -> MutationType:
    """The root of doing."""
    mutation = MutationType()
    for name, resolver, locate in _MUTATIONS:
        mutation.set_field(name, AdminResolver(answering(resolver, locate)))
    return mutation
