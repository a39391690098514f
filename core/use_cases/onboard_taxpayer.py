"""A taxpayer is brought to its first document, step by step; a run that was cut off is taken up where it stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from core.certificates import CertificateKind, KeptCertificate
from core.failures import (
    CertificatesNeededError,
    CompanyAmbiguousError,
    CompanyTakenError,
    OfficeCodeTakenError,
    OnboardingInDoubtError,
    OnboardingNotFoundError,
    PacMisconfiguredError,
    PacNotReachedError,
    PacRefusedError,
    TenantNotFoundError,
)
from core.identifiers import TenantId
from core.onboarding import (
    FirstOffice,
    Onboarding,
    Step,
    Taxpayer,
    affiliation_seen,
    ask_for_company,
    company_known,
    company_refused,
    doubt_ends_at,
    said_again,
)
from core.ports.certificate_reader import CertificateReader
from core.ports.clock import Clock, Identifiers
from core.ports.onboarding_book import OnboardingBook
from core.ports.pac_accounts import AffiliationKind, NewPacCompany, PacCompanies, PacCompany
from core.ports.pac_gateway import PacAccount
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.judge_taxpayer import judge_first_office, judge_taxpayer
from core.use_cases.open_certificates import Certificates, open_certificates


class OnboardTaxpayer:
    """Do every step that can be done now, each recorded before the next.

    The PAC's POST of a company is not idempotent: its wish is recorded first, the PAC is asked by RUC before it is
    sent, and after a lost answer it is only looked for until the settling time is over. So there is never a second one.
    """

    def __init__(
        self,
        book: OnboardingBook,
        tenants: TenantResolver,
        directory: TenantDirectory,
        companies: PacCompanies,
        certificates: CertificateReader,
        create_tenant: CreateTenant,
        create_office: CreateOffice,
        clock: Clock,
        identifiers: Identifiers,
        *,
        settling_seconds: float,
    ) -> None:
        self._book = book
        self._tenants = tenants
        self._directory = directory
        self._companies = companies
        self._certificates = certificates
        self._create_tenant = create_tenant
        self._create_office = create_office
        self._clock = clock
        self._identifiers = identifiers
        self._settling = timedelta(seconds=settling_seconds)

    async def __call__(
        self,
        taxpayer: Taxpayer,
        office: FirstOffice,
        certificates: Certificates,
        *,
        told: Callable[[Onboarding], None] = lambda _: None,
    ) -> Onboarding:
        """The onboarding as it stands: finished, or waiting for the customer. ``told`` after each step.

        ``certificates`` may be empty once the PAC has the company. They are judged before anything is sent.

        Raises MalformedOnboardingError, MalformedRucError, MalformedOfficeError, the errors of CertificateReader and
        of judge_certificate, CertificatesNeededError, OnboardingDiffersError, OnboardingOvertakenError,
        OnboardingInDoubtError, CompanyAmbiguousError, CompanyTakenError, BillingPointTakenError,
        PacUnavailableError, PacMisconfiguredError, PacRefusedError.
        """
        taxpayer = judge_taxpayer(taxpayer)
        judge_first_office(office)
        known = await self._book.find_by_ruc(taxpayer.ruc)
        is_needed = known is None or known.pac_company_id is None
        kept: tuple[KeptCertificate, ...] = ()
        if is_needed:
            kept = await open_certificates(self._certificates, certificates, ruc=taxpayer.ruc, now=self._clock.now())
        return await self._go_on(await self._begun(known, taxpayer, office), certificates, kept, told)

    async def resume(self, tenant_id: TenantId, *, told: Callable[[Onboarding], None] = lambda _: None) -> Onboarding:
        """The same with what was said before; the company must be known to the PAC, or CertificatesNeededError.

        Raises as a call does, and OnboardingNotFoundError.
        """
        onboarding = await self._book.find(tenant_id)
        if onboarding is None:
            raise OnboardingNotFoundError(tenant_id=tenant_id)
        return await self._go_on(onboarding, {}, (), told)

    async def _go_on(
        self,
        onboarding: Onboarding,
        certificates: Certificates,
        kept: tuple[KeptCertificate, ...],
        told: Callable[[Onboarding], None],
    ) -> Onboarding:
        while (step := onboarding.next_step()) is not None:
            match step:
                case Step.COMPANY:
                    onboarding = await self._company(onboarding, certificates, kept)
                case Step.TENANT:
                    onboarding = await self._tenant(onboarding)
                case Step.AFFILIATION:
                    onboarding = await self._ask(onboarding, AffiliationKind.REQUEST)
                case Step.CUSTOMER:
                    onboarding = await self._look(onboarding)
                case Step.SECURITY_CODE:
                    onboarding = await self._ask(onboarding, AffiliationKind.SECURITY_CODE)
                case Step.OFFICE:
                    onboarding = await self._office(onboarding)
            told(onboarding)
            if onboarding.next_step() is step:
                break  # somebody else's turn
        return onboarding

    async def _begun(self, known: Onboarding | None, taxpayer: Taxpayer, office: FirstOffice) -> Onboarding:
        if known is None:
            begun = Onboarding(
                tenant_id=TenantId(self._identifiers.new_id()),
                taxpayer=taxpayer,
                office=office,
                started_at=self._clock.now(),
            )
            await self._book.begin(begun)
            return begun
        said = said_again(known, taxpayer, office)
        return known if said == known else await self._book.advance(said)

    async def _company(
        self, onboarding: Onboarding, certificates: Certificates, kept: tuple[KeptCertificate, ...]
    ) -> Onboarding:
        found = await self._found(onboarding.taxpayer.ruc)
        if found is not None:
            return await self._company_is(onboarding, found)
        until = doubt_ends_at(onboarding, self._settling)
        if until is not None and self._clock.now() < until:
            raise OnboardingInDoubtError(look_again_at=f"{until:%Y-%m-%d %H:%M:%S} UTC")
        if len(certificates) < len(CertificateKind):
            raise CertificatesNeededError(path=("certificates",))
        onboarding = await self._book.advance(ask_for_company(onboarding, kept, self._clock.now()))
        try:
            made = await self._companies.create_company(_new_company(onboarding.taxpayer, certificates))
        except (PacRefusedError, PacMisconfiguredError, PacNotReachedError):
            await self._book.advance(company_refused(onboarding))
            raise
        return await self._company_is(onboarding, made)

    async def _found(self, ruc: str) -> PacCompany | None:
        known = await self._companies.find_companies(ruc)
        # an inactive one may be the new one: better taken than made a second time
        found = [each for each in known if each.is_active] or known
        if len(found) > 1:
            raise CompanyAmbiguousError(ruc=ruc, companies=", ".join(each.company_id for each in found[:10]))
        return found[0] if found else None

    async def _company_is(self, onboarding: Onboarding, company: PacCompany) -> Onboarding:
        owner = await self._tenants.find_by_company(company.company_id)
        if owner is not None and owner.tenant_id != onboarding.tenant_id:
            raise CompanyTakenError
        known = company_known(onboarding, company.company_id)
        return await self._book.advance(
            affiliation_seen(known, company.affiliation, company.security_code, self._clock.now())
        )

    async def _tenant(self, onboarding: Onboarding) -> Onboarding:
        taxpayer = onboarding.taxpayer
        try:
            await self._tenants.get(onboarding.tenant_id)  # by a run that was cut off before it could say so
        except TenantNotFoundError:
            await self._create_tenant(
                tenant_id=onboarding.tenant_id,
                name=taxpayer.name,
                ruc=taxpayer.ruc,
                ruc_type=taxpayer.ruc_type,
                dv=taxpayer.dv,
                environment=taxpayer.environment,
                pac_company_id=onboarding.pac_company_id,
            )
        return await self._book.advance(replace(onboarding, tenant_made_at=self._clock.now()))

    async def _ask(self, onboarding: Onboarding, kind: AffiliationKind) -> Onboarding:
        answer = await self._companies.ask_affiliation(_account(onboarding), kind)
        now = self._clock.now()
        seen = affiliation_seen(onboarding, answer.affiliation, answer.security_code, now)
        if kind is AffiliationKind.REQUEST:
            seen = replace(seen, affiliation_asked_at=now, affiliation_address=answer.address)
        return await self._book.advance(seen)

    async def _look(self, onboarding: Onboarding) -> Onboarding:
        company = await self._companies.get_company(_account(onboarding))
        return await self._book.advance(
            affiliation_seen(onboarding, company.affiliation, company.security_code, self._clock.now())
        )

    async def _office(self, onboarding: Onboarding) -> Onboarding:
        said = onboarding.office
        try:
            office = await self._create_office(
                onboarding.tenant_id,
                code=said.code,
                address=said.address,
                coordinates=said.coordinates,
                location_code=said.location_code,
                telephone=said.telephone,
                billing_points=said.billing_points,
            )
        except OfficeCodeTakenError:  # by a run that was cut off before it could say so
            offices = await self._directory.offices(onboarding.tenant_id)
            office = next(each for each in offices if each.code == said.code)
        return await self._book.advance(replace(onboarding, office_id=office.office_id))


def _account(onboarding: Onboarding) -> PacAccount:
    return PacAccount(company_id=onboarding.pac_company_id or "", token=None)


def _new_company(taxpayer: Taxpayer, certificates: Certificates) -> NewPacCompany:
    return NewPacCompany(
        name=taxpayer.name,
        trade_name=taxpayer.trade_name,
        ruc=taxpayer.ruc,
        ruc_type=taxpayer.ruc_type,
        dv=taxpayer.dv,
        is_main=taxpayer.is_main,
        logo=taxpayer.logo,
        certificates=certificates,
    )
