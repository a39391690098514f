"""Bringing taxpayers to their first document."""

from dishka import Provider, Scope, provide

from adapters.certificates.p12_reader import P12CertificateReader
from bootstrap.settings import Settings
from core.ports.certificate_reader import CertificateReader
from core.ports.clock import Clock, Identifiers
from core.ports.onboarding_book import OnboardingBook
from core.ports.pac_accounts import PacCompanies
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.onboard_taxpayer import OnboardTaxpayer
from core.use_cases.replace_certificates import ReplaceCertificates
from core.use_cases.require_onboarded import RequireOnboarded
from core.use_cases.reseal_secrets import ResealSecrets


class OnboardingProvider(Provider):
    """From nothing to a company that may emit."""

    scope = Scope.APP
    require_onboarded = provide(RequireOnboarded)
    certificates = provide(P12CertificateReader, provides=CertificateReader)
    replace_certificates = provide(ReplaceCertificates)
    reseal_secrets = provide(ResealSecrets)

    @provide
    def onboard(
        self,
        settings: Settings,
        book: OnboardingBook,
        tenants: TenantResolver,
        directory: TenantDirectory,
        companies: PacCompanies,
        certificates: CertificateReader,
        create_tenant: CreateTenant,
        create_office: CreateOffice,
        clock: Clock,
        identifiers: Identifiers,
    ) -> OnboardTaxpayer:
        return OnboardTaxpayer(
            book,
            tenants,
            directory,
            companies,
            certificates,
            create_tenant,
            create_office,
            clock,
            identifiers,
            settling_seconds=settings.work.settling_seconds,
        )
