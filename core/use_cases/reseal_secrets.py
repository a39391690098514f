"""After the installation's key was changed, every tenant's secret is sealed with the new one."""

from collections.abc import Callable
from dataclasses import dataclass

from core.failures import SecretUnreadableError
from core.identifiers import TenantId
from core.ports.tenant_resolver import TenantDirectory, TenantSecrets
from core.tenants import SecretKind

TENANTS_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """What was done. ``unreadable``: sealed by a key that is not at hand, left as they are."""

    tenants: int
    secrets: int
    unreadable: tuple[tuple[TenantId, SecretKind], ...]


class ResealSecrets:
    """One tenant and kind after the other, each in a transaction of its own: cut off, it goes on where it stopped."""

    def __init__(self, directory: TenantDirectory, secrets: TenantSecrets) -> None:
        self._directory = directory
        self._secrets = secrets

    async def __call__(self, *, told: Callable[[TenantId], None] = lambda _: None) -> Resealed:
        """``told`` before each tenant. Raises StoreUnavailableError."""
        tenants = await self._directory.tenants(limit=TENANTS_MAX)
        resealed, unreadable = 0, []
        for tenant in tenants:
            told(tenant.tenant_id)
            for kind in SecretKind:
                try:
                    resealed += await self._secrets.reseal(tenant.tenant_id, kind)
                except SecretUnreadableError:
                    unreadable.append((tenant.tenant_id, kind))
        return Resealed(tenants=len(tenants), secrets=resealed, unreadable=tuple(unreadable))
