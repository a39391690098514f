"""Finding and keeping tenants."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.identifiers import ApiKeyId, OfficeId, TenantId
from core.intents import Intent
from core.tenants import ApiKey, Caller, DoubtPolicy, Office, SecretKind, Tenant


class TenantResolver(Protocol):
    """Who is meant: the only look-ups that start without a tenant."""

    @abstractmethod
    async def get(self, tenant_id: TenantId) -> Tenant:
        """Raises TenantNotFoundError."""

    @abstractmethod
    async def find_by_company(self, pac_company_id: str) -> Tenant | None:
        """The tenant of a company at the PAC."""

    @abstractmethod
    async def find_caller(self, secret_digest: str) -> Caller | None:
        """The caller of an API key that is not revoked, by the SHA-256 of its secret."""


class TenantDirectory(Protocol):
    """Keeps tenants, their offices, keys and secrets."""

    @abstractmethod
    async def add_tenant(self, tenant: Tenant) -> None:
        """Raises CompanyTakenError when another tenant has the PAC company, IdempotencyConflictError when one has the
        id: ids that follow from a key meet when two calls with it come at once."""

    @abstractmethod
    async def tenants(self, *, limit: int) -> Sequence[Tenant]:
        """All tenants, oldest first."""

    @abstractmethod
    async def set_doubt_policy(self, tenant_id: TenantId, policy: DoubtPolicy) -> None:
        """What happens to the tenant's documents in doubt from now on. Raises TenantNotFoundError."""

    @abstractmethod
    async def add_office(self, office: Office, *, intent: Intent | None = None) -> Office:
        """The office as it is kept: ``office``, or the one that the intent made before, in one transaction with it.

        Tasks that come at once with one intent are served one after the other. Raises OfficeCodeTakenError,
        BillingPointTakenError and IdempotencyConflictError (the key of another fingerprint).
        """

    @abstractmethod
    async def find_made_office(self, tenant_id: TenantId, intent: Intent) -> Office | None:
        """The office that the intent made. Raises IdempotencyConflictError."""

    @abstractmethod
    async def get_office(self, tenant_id: TenantId, office_id: OfficeId) -> Office:
        """Raises OfficeNotFoundError."""

    @abstractmethod
    async def offices(self, tenant_id: TenantId) -> Sequence[Office]:
        """All offices of a tenant, oldest first; at most 1,000."""

    @abstractmethod
    async def add_api_key(self, key: ApiKey) -> None:
        """Keep a key's digest. Raises IdempotencyConflictError when a key of this tenant has the id already."""

    @abstractmethod
    async def revoke_api_key(self, tenant_id: TenantId, key_id: ApiKeyId, at: datetime) -> None:
        """From now on the key opens nothing. Raises ApiKeyNotFoundError."""

    @abstractmethod
    async def api_keys(self, tenant_id: TenantId) -> Sequence[ApiKey]:
        """All keys of a tenant, revoked ones too, oldest first; at most 1,000."""


class TenantSecrets(Protocol):
    """Secrets of tenants, encrypted at rest and bound to tenant and kind.

    Raises SecretUnreadableError when the key that sealed them is not at hand: never a plaintext fallback.
    """

    @abstractmethod
    async def current(self, tenant_id: TenantId, kind: SecretKind) -> Sequence[str]:
        """The secrets in force, newest first; at most two."""

    @abstractmethod
    async def put(
        self, tenant_id: TenantId, kind: SecretKind, secret: str, at: datetime, *, keep_previous: bool
    ) -> None:
        """Make this the newest. ``keep_previous`` leaves one older secret in force, for a rotation."""

    @abstractmethod
    async def reseal(self, tenant_id: TenantId, kind: SecretKind) -> int:
        """Seal with the installation's newest key what an older one sealed; how many there were. All or none of a kind.

        May be repeated. Raises TenantNotFoundError.
        """
