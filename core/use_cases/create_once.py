"""What an administrator creates with a key of its own: the same key and input give the same thing back."""

from core.chosen_ids import id_from_key
from core.codes import Environment, RucType
from core.failures import CompanyTakenError, IdempotencyConflictError, TenantNotFoundError
from core.identifiers import ApiKeyId, TenantId
from core.intents import checked_key
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.taxpayer import parse_ruc
from core.tenants import ApiKey, Role, Tenant
from core.use_cases.api_keys import CreateApiKey
from core.use_cases.create_tenant import CreateTenant


class CreateTenantOnce:
    """Its id follows from the key, so that a repetition finds it."""

    def __init__(self, tenants: TenantResolver, create: CreateTenant) -> None:
        self._tenants = tenants
        self._create = create

    async def __call__(
        self,
        idempotency_key: str,
        *,
        name: str,
        ruc: str,
        ruc_type: RucType,
        dv: str,
        environment: Environment,
        pac_company_id: str | None,
    ) -> Tenant:
        """Raises MalformedIdempotencyKeyError, IdempotencyConflictError, and what CreateTenant raises."""
        tenant_id = TenantId(id_from_key("createTenant", "", checked_key(idempotency_key)))
        made = await self._find(tenant_id)
        if made is None:
            try:
                return await self._create(
                    tenant_id=tenant_id,
                    name=name,
                    ruc=ruc,
                    ruc_type=ruc_type,
                    dv=dv,
                    environment=environment,
                    pac_company_id=pac_company_id,
                )
            except (IdempotencyConflictError, CompanyTakenError):
                # the same key at the same moment: which of the two the store tells of first is its own affair
                made = await self._find(tenant_id)
                if made is None:
                    raise
        said = (name.strip(), parse_ruc(ruc, ruc_type).normalised, ruc_type, dv, environment, pac_company_id)
        if said != (made.name, made.ruc, made.ruc_type, made.dv, made.environment, made.pac_company_id):
            raise IdempotencyConflictError(path=("idempotencyKey",))
        return made

    async def _find(self, tenant_id: TenantId) -> Tenant | None:
        try:
            return await self._tenants.get(tenant_id)
        except TenantNotFoundError:
            return None


class CreateApiKeyOnce:
    """Its id follows from the key. A repetition finds the API key, and no secret: that was shown once."""

    def __init__(self, directory: TenantDirectory, create: CreateApiKey) -> None:
        self._directory = directory
        self._create = create

    async def __call__(
        self, tenant_id: TenantId, idempotency_key: str, *, name: str, role: Role
    ) -> tuple[ApiKey, str | None]:
        """The key, and its secret when it was made just now.

        Raises TenantNotFoundError, MalformedIdempotencyKeyError and IdempotencyConflictError.
        """
        key_id = ApiKeyId(id_from_key("createApiKey", tenant_id, checked_key(idempotency_key)))
        made = await self._find(tenant_id, key_id)
        if made is None:
            try:
                new = await self._create(tenant_id, name=name, role=role, key_id=key_id)
            except IdempotencyConflictError:  # the same key at the same moment
                made = await self._find(tenant_id, key_id)
                if made is None:
                    raise
            else:
                return new.key, new.secret
        if (made.name, made.role) != (name, role):
            raise IdempotencyConflictError(path=("idempotencyKey",))
        return made, None

    async def _find(self, tenant_id: TenantId, key_id: ApiKeyId) -> ApiKey | None:
        return next((each for each in await self._directory.api_keys(tenant_id) if each.key_id == key_id), None)
