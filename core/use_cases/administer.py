"""What administrators and operators change, each kept as an event: the mutations and the commands call these alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.administration import AdminKind
from core.circuits import Circuit
from core.codes import DocumentType, Environment, RucType
from core.identifiers import ApiKeyId, TenantId
from core.ports.series_ledger import SeriesState
from core.tenants import ApiKey, DoubtPolicy, Office, Role, SecretKind, Tenant, WebhookAuthentication
from core.use_cases.api_keys import CreateApiKey, NewApiKey, RevokeApiKey
from core.use_cases.close_circuit import CloseCircuit
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_once import CreateApiKeyOnce, CreateTenantOnce
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.record_admin_change import AdminChange, RecordAdminChange, Seen
from core.use_cases.reseal_secrets import Resealed, ResealSecrets
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.set_doubt_policy import SetDoubtPolicy
from core.use_cases.set_series import SetSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class Administer:
    """One method for each change. ``actor`` as in AdminEvent.

    Each raises what its use case raises, and StoreUnavailableError before anything was done.
    """

    record: RecordAdminChange
    new_tenant: CreateTenant
    new_tenant_once: CreateTenantOnce
    new_office: CreateOffice
    new_api_key: CreateApiKey
    new_api_key_once: CreateApiKeyOnce
    end_api_key: RevokeApiKey
    rotate_secret: RotateSecret
    doubt_policy: SetDoubtPolicy
    circuit: CloseCircuit
    series: SetSeries
    reseal: ResealSecrets

    async def create_tenant(
        self,
        actor: str,
        *,
        name: str,
        ruc: str,
        ruc_type: RucType,
        dv: str,
        environment: Environment,
        pac_company_id: str | None,
        doubt_policy: DoubtPolicy = DoubtPolicy.PARK,
        webhook_authentication: WebhookAuthentication = WebhookAuthentication.SHARED_SECRET,
    ) -> Tenant:
        """See CreateTenant."""
        return await self.record(
            _new_tenant(actor, name, ruc, environment, pac_company_id),
            lambda: self.new_tenant(
                name=name,
                ruc=ruc,
                ruc_type=ruc_type,
                dv=dv,
                environment=environment,
                pac_company_id=pac_company_id,
                doubt_policy=doubt_policy,
                webhook_authentication=webhook_authentication,
            ),
            _tenant_seen,
        )

    async def create_tenant_once(
        self,
        actor: str,
        idempotency_key: str,
        *,
        name: str,
        ruc: str,
        ruc_type: RucType,
        dv: str,
        environment: Environment,
        pac_company_id: str | None,
    ) -> Tenant:
        """See CreateTenantOnce."""
        return await self.record(
            _new_tenant(actor, name, ruc, environment, pac_company_id),
            lambda: self.new_tenant_once(
                idempotency_key,
                name=name,
                ruc=ruc,
                ruc_type=ruc_type,
                dv=dv,
                environment=environment,
                pac_company_id=pac_company_id,
            ),
            _tenant_seen,
        )

    async def create_office(
        self, actor: str, tenant_id: TenantId, *, code: str, billing_points: Sequence[str] = (), **said: Any
    ) -> Office:
        """See CreateOffice, whose other arguments ``said`` holds."""
        facts = {"code": code, "billing_points": " ".join(billing_points)}
        return await self.record(
            AdminChange(actor=actor, kind=AdminKind.OFFICE_CREATED, tenant_id=tenant_id, facts=facts),
            lambda: self.new_office(tenant_id, code=code, billing_points=billing_points, **said),
            lambda office: Seen(subject=office.office_id),
        )

    async def create_api_key(self, actor: str, tenant_id: TenantId, *, name: str, role: Role) -> NewApiKey:
        """See CreateApiKey."""
        return await self.record(
            _new_key(actor, tenant_id, name, role),
            lambda: self.new_api_key(tenant_id, name=name, role=role),
            lambda made: Seen(subject=made.key.key_id),
        )

    async def create_api_key_once(
        self, actor: str, tenant_id: TenantId, idempotency_key: str, *, name: str, role: Role
    ) -> tuple[ApiKey, str | None]:
        """See CreateApiKeyOnce."""
        return await self.record(
            _new_key(actor, tenant_id, name, role),
            lambda: self.new_api_key_once(tenant_id, idempotency_key, name=name, role=role),
            lambda made: Seen(subject=made[0].key_id, is_change=made[1] is not None),
        )

    async def revoke_api_key(self, actor: str, tenant_id: TenantId, key_id: ApiKeyId) -> None:
        """See RevokeApiKey."""
        await self.record(
            AdminChange(actor=actor, kind=AdminKind.API_KEY_REVOKED, tenant_id=tenant_id, subject=key_id),
            lambda: self.end_api_key(tenant_id, key_id),
        )

    async def set_secret(
        self, actor: str, tenant_id: TenantId, kind: SecretKind, secret: str, *, keep_previous: bool
    ) -> None:
        """See RotateSecret. The event names the kind and never the secret."""
        facts = {"kind": kind.value, "previous": "kept" if keep_previous else "ended"}
        await self.record(
            AdminChange(actor=actor, kind=AdminKind.SECRET_SET, tenant_id=tenant_id, facts=facts),
            lambda: self.rotate_secret(tenant_id, kind, secret, keep_previous=keep_previous),
        )

    async def set_doubt_policy(self, actor: str, tenant_id: TenantId, policy: DoubtPolicy) -> Tenant:
        """See SetDoubtPolicy."""
        facts = {"policy": policy.value}
        return await self.record(
            AdminChange(actor=actor, kind=AdminKind.DOUBT_POLICY_SET, tenant_id=tenant_id, facts=facts),
            lambda: self.doubt_policy(tenant_id, policy, ApiKeyId(actor)),
        )

    async def close_circuit(self, actor: str, tenant_id: TenantId) -> Circuit:
        """See CloseCircuit."""
        return await self.record(
            AdminChange(actor=actor, kind=AdminKind.CIRCUIT_CLOSED, tenant_id=tenant_id),
            lambda: self.circuit(tenant_id, actor),
        )

    async def set_series(
        self,
        actor: str,
        tenant_id: TenantId,
        *,
        billing_point: str,
        document_type: DocumentType,
        next_number: int,
        reason: str,
    ) -> SeriesState:
        """See SetSeries."""
        facts = {
            "billing_point": billing_point,
            "document_type": document_type.value,
            "next_number": str(next_number),
            "reason": reason,
        }
        return await self.record(
            AdminChange(actor=actor, kind=AdminKind.SERIES_SET, tenant_id=tenant_id, facts=facts),
            lambda: self.series(
                tenant_id,
                billing_point=billing_point,
                document_type=document_type,
                next_number=next_number,
                reason=reason,
                actor=actor,
            ),
        )

    async def reseal_secrets(self, actor: str, *, told: Callable[[TenantId], None] = lambda _: None) -> Resealed:
        """See ResealSecrets."""
        return await self.record(
            AdminChange(actor=actor, kind=AdminKind.SECRETS_RESEALED),
            lambda: self.reseal(told=told),
            lambda done: Seen(
                facts={"secrets": str(done.secrets), "unreadable": str(len(done.unreadable))},
                is_change=done.secrets > 0,
            ),
        )


def _new_tenant(actor: str, name: str, ruc: str, environment: Environment, pac_company_id: str | None) -> AdminChange:
    facts = {"name": name, "ruc": ruc, "environment": environment.name, "pac_company_id": pac_company_id or ""}
    return AdminChange(actor=actor, kind=AdminKind.TENANT_CREATED, facts=facts)


def _tenant_seen(tenant: Tenant) -> Seen:
    return Seen(tenant_id=tenant.tenant_id, subject=tenant.tenant_id)


def _new_key(actor: str, tenant_id: TenantId, name: str, role: Role) -> AdminChange:
    facts = {"name": name, "role": role.value}
    return AdminChange(actor=actor, kind=AdminKind.API_KEY_CREATED, tenant_id=tenant_id, facts=facts)
