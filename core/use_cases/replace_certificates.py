"""A taxpayer's certificates are replaced at the PAC."""

from core.failures import CertificatesNeededError, OnboardingNotFoundError
from core.identifiers import TenantId
from core.onboarding import Onboarding, certificate_replaced
from core.ports.certificate_reader import CertificateReader
from core.ports.clock import Clock
from core.ports.onboarding_book import OnboardingBook
from core.ports.pac_accounts import PacCompanies
from core.use_cases.open_certificates import Certificates, open_certificates
from core.use_cases.pac_account import FindPacAccount


class ReplaceCertificates:
    """Open them here first, put them into the company's slots, remember their subject and their end."""

    def __init__(
        self,
        book: OnboardingBook,
        find_account: FindPacAccount,
        companies: PacCompanies,
        certificates: CertificateReader,
        clock: Clock,
    ) -> None:
        self._book = book
        self._find_account = find_account
        self._companies = companies
        self._certificates = certificates
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, certificates: Certificates) -> Onboarding:
        """The slots that are named; the other stays. May be repeated.

        Raises OnboardingNotFoundError, CertificatesNeededError, the errors of CertificateReader and of
        judge_certificate (nothing was sent), PacCompanyNotConfiguredError, PacUnavailableError, PacMisconfiguredError,
        PacRefusedError, OnboardingOvertakenError.
        """
        onboarding = await self._book.find(tenant_id)
        if onboarding is None:
            raise OnboardingNotFoundError(tenant_id=tenant_id)
        if not certificates:
            raise CertificatesNeededError(path=("certificates",))
        kept = await open_certificates(
            self._certificates, certificates, ruc=onboarding.taxpayer.ruc, now=self._clock.now()
        )
        await self._companies.replace_certificates(await self._find_account(tenant_id), certificates)
        return await self._book.advance(certificate_replaced(onboarding, kept))
