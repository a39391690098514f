"""What the resolvers of an administrator's request share, and what they call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from adapters.graphql.language import Language
from adapters.graphql.settings import GraphqlSettings
from core.failures import NotAuthenticatedError
from core.ports.administration_journal import AdministrationJournal
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Clock
from core.ports.onboarding_book import OnboardingBook
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.use_cases.admin_keys import AdminKey, AuthenticateAdmin
from core.use_cases.administer import Administer
from core.use_cases.administer_onboarding import AdministerOnboarding
from core.use_cases.report_documents import ReportDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminOperations:
    """Use cases and ports, wired over a connection that sees every taxpayer."""

    authenticate: AuthenticateAdmin
    administer: Administer
    administer_onboarding: AdministerOnboarding
    administration: AdministrationJournal
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
        """How events and logs name this administrator."""
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
