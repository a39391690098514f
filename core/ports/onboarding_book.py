"""How far each taxpayer's onboarding is."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from core.identifiers import TenantId
from core.onboarding import Onboarding


class OnboardingBook(Protocol):
    """One record per taxpayer, written before and after every step.

    Every method raises StoreUnavailableError when the store cannot be reached or cannot write.
    """

    @abstractmethod
    async def begin(self, onboarding: Onboarding) -> None:
        """Keep a new record. Raises OnboardingOvertakenError when the RUC or the tenant has one."""

    @abstractmethod
    async def find(self, tenant_id: TenantId) -> Onboarding | None:
        """The taxpayer's record, if it was onboarded here."""

    @abstractmethod
    async def find_by_ruc(self, ruc: str) -> Onboarding | None:
        """The record of a normalised RUC. Crosses tenants: for operators."""

    @abstractmethod
    async def everyone(self, *, limit: int) -> Sequence[Onboarding]:
        """All records, oldest first. Crosses tenants: for operators."""

    @abstractmethod
    async def advance(self, onboarding: Onboarding) -> Onboarding:
        """Keep the next state of the version that was read; gives it with its new version.

        Raises OnboardingOvertakenError when another run wrote meanwhile.
        """
