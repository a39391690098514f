"""API keys: made, recognised, revoked. The secret is shown once; only its SHA-256 is kept."""

import hashlib
import re
from dataclasses import dataclass, field

from core.failures import NotAllowedError, NotAuthenticatedError
from core.identifiers import ApiKeyId, TenantId
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.tenants import ApiKey, Caller, Role

PREFIX = "istmo_"
_BEARER = re.compile(r"Bearer (istmo_[0-9A-Za-z_-]{20,200})", re.ASCII)
_STRENGTH = {Role.VIEWER: 0, Role.ISSUER: 1, Role.OPERATOR: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey:
    """A key just made. ``secret`` exists nowhere else and never again."""

    key: ApiKey
    secret: str = field(repr=False)


class CreateApiKey:
    """Make a key for one tenant with one role."""

    def __init__(
        self,
        tenants: TenantResolver,
        directory: TenantDirectory,
        clock: Clock,
        identifiers: Identifiers,
        chance: Chance,
    ) -> None:
        self._tenants = tenants
        self._directory = directory
        self._clock = clock
        self._identifiers = identifiers
        self._chance = chance

    async def __call__(
        self, tenant_id: TenantId, *, name: str, role: Role, key_id: ApiKeyId | None = None
    ) -> NewApiKey:
        """``key_id``: one that was chosen before; without it a new one. Raises TenantNotFoundError."""
        await self._tenants.get(tenant_id)
        secret = PREFIX + self._chance.secret()
        key = ApiKey(
            key_id=key_id or ApiKeyId(self._identifiers.new_id()),
            tenant_id=tenant_id,
            name=name,
            role=role,
            secret_digest=_digest(secret),
            created_at=self._clock.now(),
        )
        await self._directory.add_api_key(key)
        return NewApiKey(key=key, secret=secret)


class RevokeApiKey:
    """From now on the key opens nothing."""

    def __init__(self, directory: TenantDirectory, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, key_id: ApiKeyId) -> None:
        """Raises ApiKeyNotFoundError."""
        await self._directory.revoke_api_key(tenant_id, key_id, self._clock.now())


class AuthenticateCaller:
    """Who sends a request, from its Authorization header."""

    def __init__(self, tenants: TenantResolver) -> None:
        self._tenants = tenants

    async def __call__(self, authorization: str | None) -> Caller:
        """Raises NotAuthenticatedError for a missing, malformed, unknown or revoked key, all alike."""
        bearer = _BEARER.fullmatch(authorization or "")
        caller = await self._tenants.find_caller(_digest(bearer.group(1))) if bearer else None
        if caller is None:
            raise NotAuthenticatedError
        return caller


def require_role(caller: Caller, needed: Role) -> None:
    """Raises NotAllowedError when the caller's role is weaker."""
    if _STRENGTH[caller.role] < _STRENGTH[needed]:
        raise NotAllowedError(role=caller.role.value, needed=needed.value)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
