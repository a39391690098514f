"""The whole service in one object for tests: use cases over in-memory stores and the fake PAC, under a manual clock."""

from dataclasses import dataclass, field

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.catalogues import AlanubeCatalogues
from adapters.alanube.client import AlanubeClient
from adapters.alanube.fake.engine import DEFAULT_TOKEN, FakePacEngine
from adapters.alanube.fake.in_memory_gateway import EngineTransport, InMemoryPacGateway
from adapters.alanube.ruc import AlanubeRucRegistry
from adapters.alanube.settings import AlanubeSettings
from adapters.persistence.in_memory_store import in_memory_stores
from adapters.persistence.stores import Stores
from adapters.scheduler.in_memory_queue import InMemoryJobQueue
from adapters.scheduler.manual_clock import ManualClock, SeededChance, SeededIdentifiers
from core.identifiers import TenantId
from core.lifecycle.sending import AnswerRules
from core.ports.pac_gateway import PacGateway
from core.preflight import PreflightSettings
from core.schedules import Schedules
from core.use_cases.archive_client import ArchiveClient
from core.use_cases.ask_registry import AskRegistry, RegistryTerms
from core.use_cases.convert_draft import ConvertDraft
from core.use_cases.convert_note import ConvertNote
from core.use_cases.create_client import CreateClient
from core.use_cases.create_credit import CreateCredit
from core.use_cases.create_debit import CreateDebit
from core.use_cases.create_generic_note import CreateGenericNote
from core.use_cases.create_invoice import CreateInvoice
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_order import CreateOrder
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.decide_document import AdoptPacDocument, ConfirmAtDgi, GiveUpDocument
from core.use_cases.decide_void import ConfirmVoided, GiveUpVoid
from core.use_cases.examine_hints import ExamineHints
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.issue_document import IssueDocument
from core.use_cases.judge_draft import JudgeDraft
from core.use_cases.keep_in_line import KeepInLine
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.process_webhook import ProcessWebhook
from core.use_cases.read_catalogue import ReadCatalogue
from core.use_cases.read_standings import ReadStandings
from core.use_cases.recall_lost import RecallLost
from core.use_cases.receive_webhook import ReceiveWebhook
from core.use_cases.record_draft import RecordDraft
from core.use_cases.record_payment import RecordPayment
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.reissue_document import ReissueDocument
from core.use_cases.request_void import RequestVoid
from core.use_cases.require_onboarded import RequireOnboarded
from core.use_cases.reverse_payment import ReversePayment
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.run_due_work import RunDueWork, SweepLimits
from core.use_cases.settle_doubt import SettleDoubt
from core.use_cases.submit_document import Crashpoint, SubmitDocument
from core.use_cases.update_client import UpdateClient
from core.use_cases.update_invoice import UpdateInvoice
from core.use_cases.update_order import CancelOrder, UpdateOrder
from core.use_cases.verify_receiver import VerifyReceiver
from core.use_cases.verify_ruc import VerifyRuc
from core.use_cases.void_or_credit import VoidOrCredit
from core.use_cases.watch_circuit import WatchCircuit
from core.use_cases.withdraw_document import WithdrawDocument
from core.voids import VoidWindow
from tests.living import Living
from tests.shop import Shop

memory_of = in_memory_stores  # stores over a memory that a test can look into
POST_SECONDS = 30.0


@dataclass
class World(Living):
    """Everything that one test needs. ``stores`` may be replaced to run on another engine."""

    stores: Stores = field(default_factory=in_memory_stores)
    clock: ManualClock = field(default_factory=ManualClock)
    gateway: PacGateway | None = None
    schedules: Schedules = field(default_factory=Schedules)
    rules: AnswerRules = field(default_factory=AnswerRules)
    crashpoint: Crashpoint = lambda _: None
    one_at_a_time: bool = False
    engine: FakePacEngine = field(init=False)
    queue: InMemoryJobQueue = field(init=False)

    def __post_init__(self) -> None:
        """Wire it all."""
        self.engine = FakePacEngine(clock=self.clock.now, seed=7)
        self.queue = InMemoryJobQueue()
        stores, clock = self.stores, self.clock
        self.identifiers = SeededIdentifiers(clock)
        self.chance = SeededChance()
        pac = self.gateway or InMemoryPacGateway(self.engine)
        settings = AlanubeSettings(
            base_url=self.engine.base_url, token=DEFAULT_TOKEN, plain_http_hosts=frozenset({"fake-pac.invalid"})
        )
        client = AlanubeClient(settings, clock, transport=EngineTransport(self.engine))
        self.pac = pac
        self.find_account = FindPacAccount(stores.tenants, stores.secrets)
        self.match_deliveries = MatchDeliveries(stores.documents, stores.inbox, clock)
        self.circuit = WatchCircuit(stores.circuits, clock, self.schedules)
        self.examine_hints = ExamineHints(
            stores.documents, stores.directory, self.find_account, pac, clock, self.schedules
        )
        self.refresh = RefreshDocument(
            stores.documents,
            stores.files,
            self.find_account,
            self.examine_hints,
            pac,
            clock,
            self.chance,
            self.schedules,
        )
        self.adopt = AdoptPacDocument(stores.documents, self.examine_hints, clock)
        self.confirm_at_dgi = ConfirmAtDgi(stores.documents, clock)
        self.give_up = GiveUpDocument(stores.documents, clock)
        self.submit = self.make_submit("worker-1")
        self.execute_void = self.make_execute_void("worker-1")
        self.settle_doubt = SettleDoubt(
            stores.documents,
            stores.tenants,
            self.circuit,
            self.match_deliveries,
            self.refresh,
            clock,
            self.schedules,
        )
        self.process_webhook = ProcessWebhook(
            stores.inbox,
            stores.documents,
            self.match_deliveries,
            self.refresh,
            self.find_account,
            pac,
            clock,
            self.schedules,
        )
        self.receive_webhook = ReceiveWebhook(
            stores.tenants, stores.secrets, stores.inbox, self.queue, clock, self.identifiers
        )
        self.run_due_work = RunDueWork(
            stores.due_work,
            stores.inbox,
            stores.documents,
            self.submit,
            self.refresh,
            self.settle_doubt,
            self.execute_void,
            self.process_webhook,
            clock,
            self.schedules,
            SweepLimits(),
        )
        self._wire_issuing(settings, client)

    def _wire_issuing(self, settings: AlanubeSettings, client: AlanubeClient) -> None:
        """What makes documents and what they are made of."""
        stores, clock, pac = self.stores, self.clock, self.pac
        registry = AlanubeRucRegistry(settings, client, clock)
        ask_registry = AskRegistry(registry, stores.reference_book, clock, RegistryTerms())
        self.verify_receiver = VerifyReceiver(ask_registry)
        self.verify_ruc = VerifyRuc(ask_registry, self.find_account)
        catalogues = AlanubeCatalogues(settings, client)
        self.read_catalogue = ReadCatalogue(stores.reference_book, catalogues, self.find_account, clock)
        self.judge_draft = JudgeDraft(clock, PreflightSettings())
        self.issue = IssueDocument(
            stores.tenants,
            stores.directory,
            stores.documents,
            RequireOnboarded(stores.onboardings),
            self.find_account,
            self.verify_receiver,
            pac,
            RecordDraft(stores.tenants, stores.directory, stores.documents, self.judge_draft, clock, self.identifiers),
            RecallLost(stores.lost, stores.documents, stores.numbers, clock, self.schedules),
            self.submit,
            self.queue,
            clock,
            self.identifiers,
            self.chance,
            self.schedules,
            PreflightSettings(),
        )
        self.generate_invoice = GenerateInvoice(stores.trade_book, stores.documents, self.issue)
        self.create_invoice = CreateInvoice(stores.trade_book, stores.documents, self.issue)
        self.create_credit = CreateCredit(stores.documents, self.issue, clock)
        self._wire_voids()
        self.create_debit = CreateDebit(stores.documents, self.issue, clock)
        self.create_generic_note = CreateGenericNote(stores.trade_book, stores.documents, self.issue)
        self.update_invoice = UpdateInvoice(
            stores.tenants, stores.directory, stores.trade_book, stores.documents, self.judge_draft, clock
        )
        self.withdraw = WithdrawDocument(stores.documents, clock)
        self.convert_draft = ConvertDraft(stores.documents, self.issue)
        self.reissue = ReissueDocument(stores.documents, stores.trade_book, self.issue, clock)
        self.convert_note = ConvertNote(self.convert_draft, clock)
        self.create_tenant = CreateTenant(stores.directory, clock, self.identifiers)
        self.create_office = CreateOffice(
            stores.directory, self.find_account, AlanubePacAccounts(settings, client), clock, self.identifiers
        )
        self.create_client = CreateClient(stores.trade_book, self.find_account, ask_registry, clock, self.identifiers)
        self.create_order = CreateOrder(stores.trade_book, stores.directory, clock, self.identifiers)
        self.update_client = UpdateClient(stores.trade_book, self.find_account, ask_registry, clock)
        self.archive_client = ArchiveClient(stores.trade_book, clock)
        self.update_order = UpdateOrder(stores.trade_book, stores.directory, clock)
        self.cancel_order = CancelOrder(stores.trade_book, clock)
        self.record_payment = RecordPayment(stores.payments, clock, self.identifiers)
        self.reverse_payment = ReversePayment(stores.payments, clock, self.identifiers)
        self.read_standings = ReadStandings(stores.payments, stores.documents, clock)
        self.rotate_secret = RotateSecret(stores.tenants, stores.secrets, clock)

    def _wire_voids(self) -> None:
        """What asks for voids and decides about them."""
        stores, clock = self.stores, self.clock
        self.request_void = RequestVoid(
            stores.documents, self.execute_void, self.queue, clock, self.schedules, VoidWindow()
        )
        self.void_or_credit = VoidOrCredit(stores.documents, self.request_void, self.create_credit)
        self.confirm_voided = ConfirmVoided(stores.documents, clock)
        self.give_up_void = GiveUpVoid(stores.documents, clock)

    def make_submit(self, worker: str, pac: PacGateway | None = None) -> SubmitDocument:
        """Another worker's own use case."""
        return SubmitDocument(
            self.stores.documents,
            self.stores.journal,
            self.stores.inbox,
            self.stores.tenants,
            self.match_deliveries,
            self.find_account,
            pac or self.pac,
            self.stores.marks,
            self.stores.departures,
            self.circuit,
            KeepInLine(self.stores.numbers, self.stores.documents, self.clock, is_on=self.one_at_a_time),
            self.clock,
            self.chance,
            self.schedules,
            self.rules,
            post_deadline_seconds=POST_SECONDS,
            worker=worker,
            crashpoint=self._reach,
        )

    def make_execute_void(self, worker: str, pac: PacGateway | None = None) -> ExecuteVoid:
        """Another worker's own use case."""
        return ExecuteVoid(
            self.stores.documents,
            self.find_account,
            pac or self.pac,
            self.stores.departures,
            self.circuit,
            self.refresh,
            self.clock,
            self.chance,
            self.schedules,
            self.rules,
            delete_deadline_seconds=POST_SECONDS,
            worker=worker,
            crashpoint=self._reach,
        )

    def _reach(self, name: str) -> None:
        """The crash point in force now, which a test may plant after the wiring."""
        self.crashpoint(name)


def tenant_of(shop: Shop) -> TenantId:
    """The id that every call needs."""
    return shop.tenant.tenant_id
