"""Onboardings in memory."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import OnboardingOvertakenError
from core.identifiers import TenantId
from core.onboarding import Onboarding
from core.ports.onboarding_book import OnboardingBook


class InMemoryOnboardingBook(OnboardingBook):
    """See the port."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def begin(self, onboarding: Onboarding) -> None:
        """See the port."""
        is_known = await self.find_by_ruc(onboarding.taxpayer.ruc) is not None
        if is_known or onboarding.tenant_id in self._store.onboardings:
            raise OnboardingOvertakenError
        self._store.onboardings[onboarding.tenant_id] = onboarding

    async def find(self, tenant_id: TenantId) -> Onboarding | None:
        """See the port."""
        return self._store.onboardings.get(tenant_id)

    async def find_by_ruc(self, ruc: str) -> Onboarding | None:
        """See the port."""
        return next((each for each in self._store.onboardings.values() if each.taxpayer.ruc == ruc), None)

    async def everyone(self, *, limit: int) -> Sequence[Onboarding]:
        """See the port."""
        ordered = sorted(self._store.onboardings.values(), key=lambda each: (each.started_at, each.tenant_id))
        return tuple(ordered[:limit])

    async def advance(self, onboarding: Onboarding) -> Onboarding:
        """See the port."""
        kept = self._store.onboardings.get(onboarding.tenant_id)
        if kept is None or kept.version != onboarding.version:
            raise OnboardingOvertakenError
        following = replace(onboarding, version=onboarding.version + 1)
        self._store.onboardings[onboarding.tenant_id] = following
        return following
