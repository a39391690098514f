"""Who is in doubt from now on waits for evidence, or is sent once more."""

import logging

from core.identifiers import ApiKeyId, TenantId
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.tenants import DoubtPolicy, Tenant

log = logging.getLogger(__name__)


class SetDoubtPolicy:
    """Change what happens to a tenant's documents whose answer was lost, those that are in doubt already too."""

    def __init__(self, tenants: TenantResolver, directory: TenantDirectory) -> None:
        self._tenants = tenants
        self._directory = directory

    async def __call__(self, tenant_id: TenantId, policy: DoubtPolicy, operator: ApiKeyId) -> Tenant:
        """The tenant as it then stands. Raises TenantNotFoundError."""
        await self._directory.set_doubt_policy(tenant_id, policy)
        log.warning("Tenant %s has doubt policy %s now, set by key %s", tenant_id, policy.value, operator)
        return await self._tenants.get(tenant_id)
