"""Nothing is issued for a taxpayer whose company may not emit yet."""

from core.failures import CompanyNotReadyError
from core.identifiers import TenantId
from core.ports.onboarding_book import OnboardingBook


class RequireOnboarded:
    """A taxpayer that was onboarded here must be SUBSCRIBED with its security code (contract section 2.5).

    One that has no record, because it was made with `istmo tenant create`, is its operator's own responsibility.
    """

    def __init__(self, book: OnboardingBook) -> None:
        self._book = book

    async def __call__(self, tenant_id: TenantId) -> None:
        """Raises CompanyNotReadyError. Called before a number is taken."""
        onboarding = await self._book.find(tenant_id)
        if onboarding is not None and not onboarding.may_issue:
            raise CompanyNotReadyError(missing=onboarding.missing() or "")
