"""The use cases, each made from ports and other use cases."""

import os
import socket
from dataclasses import dataclass

from dishka import Provider, Scope, provide

from adapters.graphql.operations import GraphqlOperations
from bootstrap.settings import Settings
from core.lifecycle.sending import AnswerRules
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.departure_log import DepartureLog
from core.ports.document_repository import DocumentJournal, DocumentRepository
from core.ports.number_book import NumberBook
from core.ports.pac_accounts import PacAccounts
from core.ports.pac_gateway import PacGateway
from core.ports.series_ledger import HighWaterMarks
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.ports.webhook_inbox import WebhookInbox
from core.preflight import PreflightSettings
from core.schedules import Schedules
from core.use_cases.api_keys import AuthenticateCaller, CreateApiKey, RevokeApiKey
from core.use_cases.archive_client import ArchiveClient
from core.use_cases.attach_pac_pdf import AttachPacPdf
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
from core.use_cases.diagnose_document import DiagnoseDocument
from core.use_cases.download_file import DownloadFile, DownloadLinks
from core.use_cases.examine_hints import ExamineHints
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.issue_document import IssueDocument
from core.use_cases.keep_in_line import KeepInLine
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.preview_document import PreviewDocument
from core.use_cases.process_webhook import ProcessWebhook
from core.use_cases.read_number_ledger import ReadNumberLedger
from core.use_cases.read_standings import ReadStandings
from core.use_cases.recall_lost import RecallLost
from core.use_cases.receive_webhook import ReceiveWebhook
from core.use_cases.record_payment import RecordPayment
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.request_void import RequestVoid
from core.use_cases.reverse_payment import ReversePayment
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.run_due_work import RunDueWork, SweepLimits
from core.use_cases.set_doubt_policy import SetDoubtPolicy
from core.use_cases.set_series import SetSeries
from core.use_cases.settle_doubt import SettleDoubt
from core.use_cases.settle_lost import SettleLost, ShowLost
from core.use_cases.submit_document import Crashpoint, SubmitDocument
from core.use_cases.update_client import UpdateClient
from core.use_cases.update_order import CancelOrder, UpdateOrder
from core.use_cases.void_or_credit import VoidOrCredit
from core.use_cases.watch_circuit import WatchCircuit
from core.use_cases.watch_void_window import WatchVoidWindow
from core.voids import VoidWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTraits:
    """What tells one process from another: its name in claims, and the points at which a simulation may end it."""

    worker: str
    crashpoint: Crashpoint = lambda _: None


class UseCaseProvider(Provider):
    """The use cases, each made from ports and other use cases."""

    scope = Scope.APP

    @provide
    def schedules(self, settings: Settings) -> Schedules:
        return Schedules(
            lease=settings.work.lease_seconds,
            settling=settings.work.settling_seconds,
            doubt_deadline=settings.work.doubt_hours * 3600,
        )

    @provide
    def rules(self, settings: Settings) -> AnswerRules:
        return AnswerRules(unrecognised_is_doubt=settings.pac.unrecognised_is_doubt)

    @provide
    def preflight_settings(self, settings: Settings) -> PreflightSettings:
        return settings.preflight.settings()

    @provide
    def sweep_limits(self) -> SweepLimits:
        return SweepLimits()

    @provide
    def download_links(self, settings: Settings, clock: Clock) -> DownloadLinks:
        return DownloadLinks(settings.store.key_bytes, clock, lifetime_seconds=settings.web.link_seconds)

    @provide
    def traits(self) -> ProcessTraits:
        return ProcessTraits(worker=f"{socket.gethostname()}:{os.getpid()}")

    @provide
    def submit(
        self,
        settings: Settings,
        documents: DocumentRepository,
        journal: DocumentJournal,
        inbox: WebhookInbox,
        tenants: TenantResolver,
        match_deliveries: MatchDeliveries,
        find_account: FindPacAccount,
        pac: PacGateway,
        high_water: HighWaterMarks,
        departures: DepartureLog,
        circuit: WatchCircuit,
        line: KeepInLine,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
        rules: AnswerRules,
        traits: ProcessTraits,
    ) -> SubmitDocument:
        return SubmitDocument(
            documents,
            journal,
            inbox,
            tenants,
            match_deliveries,
            find_account,
            pac,
            high_water,
            departures,
            circuit,
            line,
            clock,
            chance,
            schedules,
            rules,
            post_deadline_seconds=settings.pac.total_seconds,
            worker=traits.worker,
            crashpoint=traits.crashpoint,
        )

    @provide
    def void_window(self, settings: Settings) -> VoidWindow:
        return settings.void.window()

    @provide
    def execute_void(
        self,
        settings: Settings,
        documents: DocumentRepository,
        find_account: FindPacAccount,
        pac: PacGateway,
        departures: DepartureLog,
        circuit: WatchCircuit,
        refresh: RefreshDocument,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
        rules: AnswerRules,
        traits: ProcessTraits,
    ) -> ExecuteVoid:
        return ExecuteVoid(
            documents,
            find_account,
            pac,
            departures,
            circuit,
            refresh,
            clock,
            chance,
            schedules,
            rules,
            delete_deadline_seconds=settings.pac.total_seconds,
            worker=traits.worker,
            crashpoint=traits.crashpoint,
        )

    @provide
    def create_office(
        self,
        settings: Settings,
        directory: TenantDirectory,
        find_account: FindPacAccount,
        pac_accounts: PacAccounts,
        clock: Clock,
        identifiers: Identifiers,
    ) -> CreateOffice:
        return CreateOffice(
            directory,
            find_account,
            pac_accounts,
            clock,
            identifiers,
            default_billing_point=settings.work.default_billing_point,
        )

    operations = provide(GraphqlOperations)
    find_account = provide(FindPacAccount)
    circuit = provide(WatchCircuit)

    @provide
    def line(self, settings: Settings, numbers: NumberBook, documents: DocumentRepository, clock: Clock) -> KeepInLine:
        return KeepInLine(numbers, documents, clock, is_on=settings.work.one_at_a_time_in_doubt)

    examine_hints = provide(ExamineHints)
    adopt = provide(AdoptPacDocument)
    confirm_at_dgi = provide(ConfirmAtDgi)
    give_up = provide(GiveUpDocument)
    request_void = provide(RequestVoid)
    void_or_credit = provide(VoidOrCredit)
    confirm_voided = provide(ConfirmVoided)
    give_up_void = provide(GiveUpVoid)
    watch_void_window = provide(WatchVoidWindow)
    set_doubt_policy = provide(SetDoubtPolicy)
    diagnose = provide(DiagnoseDocument)
    read_number_ledger = provide(ReadNumberLedger)
    record_payment = provide(RecordPayment)
    reverse_payment = provide(ReversePayment)
    read_standings = provide(ReadStandings)
    preview_document = provide(PreviewDocument)
    match_deliveries = provide(MatchDeliveries)
    refresh = provide(RefreshDocument)
    settle_doubt = provide(SettleDoubt)
    process_webhook = provide(ProcessWebhook)
    receive_webhook = provide(ReceiveWebhook)
    run_due_work = provide(RunDueWork)
    recall_lost = provide(RecallLost)
    show_lost = provide(ShowLost)
    settle_lost = provide(SettleLost)
    issue = provide(IssueDocument)
    generate_invoice = provide(GenerateInvoice)
    create_invoice = provide(CreateInvoice)
    create_credit = provide(CreateCredit)
    create_debit = provide(CreateDebit)
    create_generic_note = provide(CreateGenericNote)
    convert_note = provide(ConvertNote)
    create_tenant = provide(CreateTenant)

    create_client = provide(CreateClient)
    create_order = provide(CreateOrder)
    update_client = provide(UpdateClient)
    archive_client = provide(ArchiveClient)
    update_order = provide(UpdateOrder)
    cancel_order = provide(CancelOrder)
    create_api_key = provide(CreateApiKey)
    revoke_api_key = provide(RevokeApiKey)
    authenticate = provide(AuthenticateCaller)
    set_series = provide(SetSeries)
    rotate_secret = provide(RotateSecret)
    attach_pac_pdf = provide(AttachPacPdf)

    download_file = provide(DownloadFile)
