"""Whose account at the PAC a tenant's calls go to."""

from core.failures import PacCompanyNotConfiguredError
from core.identifiers import TenantId
from core.ports.pac_gateway import PacAccount
from core.ports.tenant_resolver import TenantResolver, TenantSecrets
from core.tenants import SecretKind


class FindPacAccount:
    """The company id and, when the tenant has its own, the key.

    Raises PacCompanyNotConfiguredError before anything is sent, and TenantNotFoundError.
    """

    def __init__(self, tenants: TenantResolver, secrets: TenantSecrets) -> None:
        self._tenants = tenants
        self._secrets = secrets

    async def __call__(self, tenant_id: TenantId) -> PacAccount:
        """The account, for one call or one use case; nothing is cached."""
        tenant = await self._tenants.get(tenant_id)
        if not tenant.pac_company_id:
            raise PacCompanyNotConfiguredError
        own_keys = await self._secrets.current(tenant_id, SecretKind.PAC_KEY)
        return PacAccount(company_id=tenant.pac_company_id, token=own_keys[0] if own_keys else None)
