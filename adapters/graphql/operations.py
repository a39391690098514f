"""What the resolvers call: use cases and ports, handed in by whoever wires the installation."""

from dataclasses import dataclass

from core.ports.document_repository import DocumentJournal, DocumentRepository
from core.ports.tenant_resolver import TenantDirectory, TenantResolver
from core.ports.trade_book import TradeBook
from core.use_cases.api_keys import AuthenticateCaller
from core.use_cases.archive_client import ArchiveClient
from core.use_cases.attach_pac_pdf import AttachPacPdf
from core.use_cases.convert_draft import ConvertDraft
from core.use_cases.convert_note import ConvertNote
from core.use_cases.create_client import CreateClient
from core.use_cases.create_credit import CreateCredit
from core.use_cases.create_debit import CreateDebit
from core.use_cases.create_generic_note import CreateGenericNote
from core.use_cases.create_invoice import CreateInvoice
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_order import CreateOrder
from core.use_cases.decide_document import AdoptPacDocument, ConfirmAtDgi, GiveUpDocument
from core.use_cases.decide_void import ConfirmVoided, GiveUpVoid
from core.use_cases.diagnose_document import DiagnoseDocument
from core.use_cases.download_file import DownloadLinks
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.import_document import ImportDocument
from core.use_cases.issue_invoices import IssueInvoices
from core.use_cases.judge_draft import JudgeDraft
from core.use_cases.offer_bundle import MakeArchive, MakeEvidence
from core.use_cases.preview_document import PreviewDocument
from core.use_cases.read_catalogue import ReadCatalogue
from core.use_cases.read_number_ledger import ReadNumberLedger
from core.use_cases.read_sales_book import ReadSalesBook
from core.use_cases.read_standings import ReadStandings
from core.use_cases.read_statement import ReadStatement
from core.use_cases.record_payment import RecordPayment
from core.use_cases.reissue_document import ReissueDocument
from core.use_cases.render_cafe import CafeLinks
from core.use_cases.request_pac_webhook import RequestPacWebhook
from core.use_cases.request_void import RequestVoid
from core.use_cases.resend_invoice_email import ResendInvoiceEmail
from core.use_cases.reverse_payment import ReversePayment
from core.use_cases.set_doubt_policy import SetDoubtPolicy
from core.use_cases.update_client import UpdateClient
from core.use_cases.update_invoice import UpdateInvoice
from core.use_cases.update_order import CancelOrder, UpdateOrder
from core.use_cases.upload_file import UploadTokens
from core.use_cases.verify_ruc import VerifyRuc
from core.use_cases.void_or_credit import VoidOrCredit
from core.use_cases.watch_void_window import WatchVoidWindow
from core.use_cases.withdraw_document import WithdrawDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphqlOperations:
    """Everything that the schema can do. Nothing here belongs to one request or one tenant."""

    authenticate: AuthenticateCaller
    generate_invoice: GenerateInvoice
    create_invoice: CreateInvoice
    issue_invoices: IssueInvoices
    import_document: ImportDocument
    upload_tokens: UploadTokens
    update_invoice: UpdateInvoice
    withdraw: WithdrawDocument
    convert_draft: ConvertDraft
    judge_draft: JudgeDraft
    reissue_document: ReissueDocument
    create_credit: CreateCredit
    create_debit: CreateDebit
    create_generic_note: CreateGenericNote
    convert_note: ConvertNote
    create_office: CreateOffice
    create_client: CreateClient
    create_order: CreateOrder
    update_client: UpdateClient
    archive_client: ArchiveClient
    update_order: UpdateOrder
    cancel_order: CancelOrder
    attach_pac_pdf: AttachPacPdf
    adopt_pac_document: AdoptPacDocument
    confirm_at_dgi: ConfirmAtDgi
    give_up_document: GiveUpDocument
    request_void: RequestVoid
    void_or_credit: VoidOrCredit
    confirm_voided: ConfirmVoided
    give_up_void: GiveUpVoid
    watch_void_window: WatchVoidWindow
    set_doubt_policy: SetDoubtPolicy
    diagnose: DiagnoseDocument
    read_number_ledger: ReadNumberLedger
    record_payment: RecordPayment
    reverse_payment: ReversePayment
    read_standings: ReadStandings
    preview_invoice: PreviewDocument
    verify_ruc: VerifyRuc
    read_catalogue: ReadCatalogue
    read_sales_book: ReadSalesBook
    read_statement: ReadStatement
    make_archive: MakeArchive
    make_evidence: MakeEvidence
    documents: DocumentRepository
    journal: DocumentJournal
    trade_book: TradeBook
    directory: TenantDirectory
    tenants: TenantResolver
    download_links: DownloadLinks
    cafe_links: CafeLinks
    resend_invoice_email: ResendInvoiceEmail
    request_pac_webhook: RequestPacWebhook
