"""What the resolvers of an administrator's request share, and what they call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from adapters.graphql.language import Language
from adapters.graphql.settings import GraphqlSettings
from core.failures import NotAuthenticatedError
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Clock
from core.ports.onboarding_book import OnboardingBook
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.use_cases.admin_keys import AdminKey, AuthenticateAdmin
from core.use_cases.api_keys import RevokeApiKey
from core.use_cases.close_circuit import CloseCircuit
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_once import CreateApiKeyOnce, CreateTenantOnce
from core.use_cases.onboard_taxpayer import OnboardTaxpayer
from core.use_cases.replace_certificates import ReplaceCertificates
from core.use_cases.report_documents import ReportDocuments
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.set_doubt_policy import SetDoubtPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminOperations:
    """Use cases and ports, wired over a connection that sees every taxpayer."""

    authenticate: AuthenticateAdmin
    create_tenant: CreateTenantOnce
    create_office: CreateOffice
    create_api_key: CreateApiKeyOnce
    revoke_api_key: RevokeApiKey
    rotate_secret: RotateSecret
    set_doubt_policy: SetDoubtPolicy
    close_circuit: CloseCircuit
    onboard: OnboardTaxpayer
    replace_certificates: ReplaceCertificates
    report_documents: ReportDocuments
    tenants: TenantResolver
    directory: TenantDirectory
    secrets: TenantSecrets
    circuits: CircuitStore
    onboardings: OnboardingBook
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminContext:
    """Which administrator asks. The taxpayer is an argument of each operation: an administrator may name any."""

    administrator: AdminKey
    language: Language
    operations: AdminOperations
    settings: GraphqlSettings

    @property
    def actor(self) -> str:
        """How logs name this administrator."""
        return f"admin:{self.administrator.name}"


AdminInfo = GraphQLResolveInfo[AdminContext]


class AdminResolver:
    """A root resolver that serves administrators alone."""

    def __init__(self, resolver: Callable[..., Awaitable[Any]]) -> None:
        self._resolver = resolver

    async def __call__(self, root: object, info: AdminInfo, **arguments: Any) -> Any:
        """Raises NotAuthenticatedError where the context is not an administrator's."""
        if not isinstance(info.context, AdminContext):
            raise NotAuthenticatedError
        return await self._resolver(root, info, **arguments)
