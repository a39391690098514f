"""An installation over the fake PAC on which taxpayers are onboarded, and a way to cut a run off anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.client import AlanubeClient
from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.alanube.settings import AlanubeSettings
from adapters.certificates.p12_reader import P12CertificateReader
from adapters.persistence.in_memory_store import in_memory_stores
from adapters.persistence.stores import Stores
from adapters.scheduler.manual_clock import ManualClock, SeededIdentifiers
from core.certificates import CertificateFile, CertificateKind
from core.codes import Environment, RucType
from core.failures import OnboardingInDoubtError, PacUnavailableError
from core.identifiers import TenantId
from core.onboarding import FirstOffice, Onboarding, Taxpayer
from core.ports.onboarding_book import OnboardingBook
from core.ports.pac_accounts import AffiliationAnswer, AffiliationKind, NewPacCompany, PacCompanies, PacCompany
from core.ports.pac_gateway import PacAccount
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.onboard_taxpayer import OnboardTaxpayer
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.replace_certificates import ReplaceCertificates
from tests.builders import NOW
from tests.unit.onboarding.certificates import RUC, both

SETTLING_SECONDS = 900.0
TAXPAYER = Taxpayer(
    name="Ferretería Uno, S.A.",
    trade_name="Ferretería Uno",
    ruc=RUC,
    ruc_type=RucType.LEGAL,
    dv="40",
    environment=Environment.TEST,
    logo="https://shop.example/logo.png",
)
OFFICE = FirstOffice(
    code="0000",
    address="Avenida Central 1",
    coordinates="+8.9892,-79.5201",
    location_code="8-8-7",
    telephone="200-0101",
)


class CutOffError(BaseException):
    """The process died here."""


@dataclass
class Scissors:
    """Cuts at the moments that a plan names, counted over all runs."""

    plan: frozenset[int] = frozenset()
    losses: frozenset[int] = frozenset()
    moment: int = 0
    calls: int = 0

    def pass_by(self) -> None:
        self.moment += 1
        if self.moment in self.plan:
            raise CutOffError

    def is_answer_lost(self) -> bool:
        self.calls += 1
        return self.calls in self.losses


class CutBook(OnboardingBook):
    """The process may die before and after every write."""

    def __init__(self, kept: OnboardingBook, scissors: Scissors) -> None:
        self.kept = kept
        self.scissors = scissors

    async def begin(self, onboarding: Onboarding) -> None:
        self.scissors.pass_by()
        await self.kept.begin(onboarding)
        self.scissors.pass_by()

    async def find(self, tenant_id: TenantId) -> Onboarding | None:
        return await self.kept.find(tenant_id)

    async def find_by_ruc(self, ruc: str) -> Onboarding | None:
        return await self.kept.find_by_ruc(ruc)

    async def everyone(self, *, limit: int) -> Sequence[Onboarding]:
        return await self.kept.everyone(limit=limit)

    async def advance(self, onboarding: Onboarding) -> Onboarding:
        self.scissors.pass_by()
        following = await self.kept.advance(onboarding)
        self.scissors.pass_by()
        return following


class CutCompanies(PacCompanies):
    """The process may die, or an answer be lost, after the PAC did what it was asked."""

    def __init__(self, pac: PacCompanies, scissors: Scissors) -> None:
        self.pac = pac
        self.scissors = scissors

    def _after(self) -> None:
        self.scissors.pass_by()
        if self.scissors.is_answer_lost():
            raise PacUnavailableError(reason="the answer was lost")

    async def find_companies(self, ruc: str) -> Sequence[PacCompany]:
        found = await self.pac.find_companies(ruc)
        self._after()
        return found

    async def create_company(self, company: NewPacCompany) -> PacCompany:
        made = await self.pac.create_company(company)
        self._after()
        return made

    async def get_company(self, account: PacAccount) -> PacCompany:
        company = await self.pac.get_company(account)
        self._after()
        return company

    async def replace_certificates(
        self, account: PacAccount, certificates: Mapping[CertificateKind, CertificateFile]
    ) -> PacCompany:
        return await self.pac.replace_certificates(account, certificates)

    async def ask_affiliation(self, account: PacAccount, kind: AffiliationKind) -> AffiliationAnswer:
        answer = await self.pac.ask_affiliation(account, kind)
        self._after()
        return answer


@dataclass
class Incorporating:
    """One installation."""

    stores: Stores = field(default_factory=in_memory_stores)
    scissors: Scissors = field(default_factory=Scissors)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))

    def __post_init__(self) -> None:
        self.engine = FakePacEngine(clock=self.clock.now, seed=7)
        self.engine.register_token(DEFAULT_TOKEN)
        self.engine.behave(affiliation_accepted_after=timedelta(seconds=30))
        self.identifiers = SeededIdentifiers(self.clock)
        settings = AlanubeSettings(
            base_url=self.engine.base_url, token=DEFAULT_TOKEN, plain_http_hosts=frozenset({"fake-pac.invalid"})
        )
        client = AlanubeClient(settings, self.clock, transport=EngineTransport(self.engine))
        stores, clock = self.stores, self.clock
        self.find_account = FindPacAccount(stores.tenants, stores.secrets)
        self.companies = AlanubePacCompanies(settings, client)
        self.reader = P12CertificateReader()
        self.onboard = OnboardTaxpayer(
            CutBook(stores.onboardings, self.scissors),
            stores.tenants,
            stores.directory,
            CutCompanies(self.companies, self.scissors),
            self.reader,
            CreateTenant(stores.directory, clock, self.identifiers),
            CreateOffice(
                stores.directory, self.find_account, AlanubePacAccounts(settings, client), clock, self.identifiers
            ),
            clock,
            self.identifiers,
            settling_seconds=SETTLING_SECONDS,
        )
        self.replace_certificates = ReplaceCertificates(
            stores.onboardings, self.find_account, self.companies, self.reader, clock
        )

    async def run(self, certificates: Mapping[CertificateKind, CertificateFile] | None = None) -> Onboarding:
        """One run of the command."""
        return await self.onboard(TAXPAYER, OFFICE, both() if certificates is None else certificates)

    def wait(self, seconds: float) -> None:
        """Time passes, at the PAC too."""
        self.clock.advance(seconds)
        self.engine.advance()


async def until_finished(installation: Incorporating) -> Onboarding:
    """Runs as a patient operator does: again after every failure, later when told to wait."""
    for _ in range(60):
        try:
            onboarding = await installation.run()
        except CutOffError:
            continue
        except OnboardingInDoubtError:
            installation.wait(SETTLING_SECONDS)
            continue
        except PacUnavailableError:
            continue
        if onboarding.next_step() is None:
            return onboarding
        installation.wait(60)
    raise AssertionError("sixty runs were not enough")
