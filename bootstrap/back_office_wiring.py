"""The use cases around the document: what others know, what others issued, many at once, books and archives."""

from datetime import timedelta

from dishka import Provider, Scope, provide

from adapters.bundles.archive_writer import ZipArchiveWriter
from bootstrap.settings import Settings
from core.ports.archive_writer import ArchiveWriter
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.file_store import FileStore
from core.ports.number_book import NumberBook
from core.ports.pac_catalogues import PacCatalogues
from core.ports.pac_gateway import PacGateway
from core.ports.reference_book import ReferenceBook
from core.ports.series_ledger import SeriesLedger
from core.ports.tenant_resolver import TenantDirectory
from core.ports.webhook_inbox import WebhookInbox
from core.use_cases.archive_month import ArchiveMonth
from core.use_cases.ask_registry import AskRegistry, RegistryTerms
from core.use_cases.create_invoice import CreateInvoice
from core.use_cases.gather_evidence import GatherEvidence
from core.use_cases.import_document import ImportDocument
from core.use_cases.issue_invoices import IssueInvoices
from core.use_cases.list_past_retention import ListPastRetention
from core.use_cases.offer_bundle import BundleLinks, MakeArchive, MakeEvidence, OpenBundle
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.read_at_pac import ReadAtPac
from core.use_cases.read_catalogue import ReadCatalogue
from core.use_cases.read_sales_book import ReadSalesBook
from core.use_cases.read_statement import ReadStatement
from core.use_cases.upload_file import UploadFile, UploadTokens
from core.use_cases.verify_receiver import VerifyReceiver
from core.use_cases.verify_ruc import VerifyRuc
from core.voids import VoidWindow


class BackOfficeProvider(Provider):
    """What a business needs on its first day and at the end of its month."""

    scope = Scope.APP

    @provide
    def registry_terms(self, settings: Settings) -> RegistryTerms:
        return RegistryTerms(
            fresh=timedelta(hours=settings.pac.registry_fresh_hours),
            usable=timedelta(days=settings.pac.registry_usable_days),
            deadline_seconds=settings.pac.registry_seconds,
        )

    @provide
    def read_catalogue(
        self, book: ReferenceBook, pac: PacCatalogues, find_account: FindPacAccount, clock: Clock
    ) -> ReadCatalogue:
        return ReadCatalogue(book, pac, find_account, clock)

    @provide
    def issue_invoices(self, create_invoice: CreateInvoice, clock: Clock) -> IssueInvoices:
        return IssueInvoices(create_invoice, clock)

    @provide
    def upload_tokens(self, settings: Settings, clock: Clock) -> UploadTokens:
        return UploadTokens(settings.store.key_bytes, clock)

    @provide
    def read_sales_book(self, documents: DocumentRepository, clock: Clock, window: VoidWindow) -> ReadSalesBook:
        return ReadSalesBook(documents, clock, window)

    @provide
    def bundle_links(self, settings: Settings, clock: Clock) -> BundleLinks:
        return BundleLinks(settings.store.key_bytes, clock, lifetime_seconds=settings.web.link_seconds)

    @provide
    def archive_writer(self) -> ArchiveWriter:
        return ZipArchiveWriter()

    @provide
    def make_archive(
        self, archive_month: ArchiveMonth, writer: ArchiveWriter, files: FileStore, links: BundleLinks
    ) -> MakeArchive:
        return MakeArchive(archive_month, writer, files, links)

    @provide
    def list_past_retention(
        self, settings: Settings, directory: TenantDirectory, documents: DocumentRepository, clock: Clock
    ) -> ListPastRetention:
        return ListPastRetention(directory, documents, clock, years=settings.store.retention_years)

    @provide
    def read_statement(
        self,
        documents: DocumentRepository,
        inbox: WebhookInbox,
        directory: TenantDirectory,
        series_ledger: SeriesLedger,
        numbers: NumberBook,
        read_at_pac: ReadAtPac,
        pac: PacGateway,
        clock: Clock,
    ) -> ReadStatement:
        return ReadStatement(documents, inbox, directory, series_ledger, numbers, read_at_pac, pac, clock)

    ask_registry = provide(AskRegistry)
    verify_receiver = provide(VerifyReceiver)
    verify_ruc = provide(VerifyRuc)
    read_at_pac = provide(ReadAtPac)
    archive_month = provide(ArchiveMonth)
    gather_evidence = provide(GatherEvidence)
    make_evidence = provide(MakeEvidence)
    open_bundle = provide(OpenBundle)
    import_document = provide(ImportDocument)
    upload_file = provide(UploadFile)
