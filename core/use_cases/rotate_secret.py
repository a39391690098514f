"""A tenant's secret is set or rotated."""

from core.errors import Wording
from core.failures import MalformedInputError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.tenant_resolver import TenantResolver, TenantSecrets
from core.tenants import SecretKind

SECRET_MIN = 16
SECRET_MAX = 4096


class RotateSecret:
    """Put a new secret in force; the previous one stays in force beside it until the next rotation or ``retire``."""

    def __init__(self, tenants: TenantResolver, secrets: TenantSecrets, clock: Clock) -> None:
        self._tenants = tenants
        self._secrets = secrets
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, kind: SecretKind, secret: str, *, keep_previous: bool) -> None:
        """Raises TenantNotFoundError, MalformedInputError for a secret that is too short, too long or not printable."""
        if not SECRET_MIN <= len(secret) <= SECRET_MAX or not secret.isascii() or not secret.isprintable():
            problem = Wording(
                f"a secret has {SECRET_MIN} to {SECRET_MAX} printable ASCII characters",
                f"un secreto tiene de {SECRET_MIN} a {SECRET_MAX} caracteres ASCII imprimibles",
            )
            raise MalformedInputError(path=("secret",), problem=problem)
        await self._tenants.get(tenant_id)
        await self._secrets.put(tenant_id, kind, secret, self._clock.now(), keep_previous=keep_previous)
