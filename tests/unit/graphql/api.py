"""The GraphQL endpoint over the whole service in memory, called as a stranger's program calls it: over HTTP."""

from dataclasses import dataclass, field
from typing import Any

import httpx
from litestar import Litestar

from adapters.bundles.archive_writer import ZipArchiveWriter
from adapters.file_reading.process_reader import ProcessFileReader
from adapters.graphql.handlers import build_graphql_handlers
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.settings import GraphqlSettings
from core.preflight import PreflightSettings
from core.tenants import Role
from core.use_cases.api_keys import AuthenticateCaller, CreateApiKey
from core.use_cases.archive_month import ArchiveMonth
from core.use_cases.attach_pac_pdf import AttachPacPdf
from core.use_cases.diagnose_document import DiagnoseDocument
from core.use_cases.download_file import DownloadLinks
from core.use_cases.gather_evidence import GatherEvidence
from core.use_cases.import_document import ImportDocument
from core.use_cases.issue_invoices import IssueInvoices
from core.use_cases.offer_bundle import BundleLinks, MakeArchive, MakeEvidence
from core.use_cases.preview_document import PreviewDocument
from core.use_cases.read_number_ledger import ReadNumberLedger
from core.use_cases.read_sales_book import ReadSalesBook
from core.use_cases.render_cafe import CafeLinks
from core.use_cases.set_doubt_policy import SetDoubtPolicy
from core.use_cases.upload_file import UploadTokens
from core.use_cases.watch_void_window import WatchVoidWindow
from core.voids import VoidWindow
from tests.unit.use_cases.notices import notices_of
from tests.unit.use_cases.statements import statement_reader
from tests.world import Shop, World

PUBLIC_URL = "https://istmo.example"
DOWNLOAD_KEY = b"k" * 32


def operations_of(world: World) -> GraphqlOperations:
    """Everything that the schema can do, over the world's stores and fake PAC."""
    stores = world.stores
    return GraphqlOperations(
        authenticate=AuthenticateCaller(stores.tenants),
        generate_invoice=world.generate_invoice,
        create_invoice=world.create_invoice,
        create_credit=world.create_credit,
        create_debit=world.create_debit,
        create_generic_note=world.create_generic_note,
        convert_note=world.convert_note,
        update_invoice=world.update_invoice,
        withdraw=world.withdraw,
        convert_draft=world.convert_draft,
        judge_draft=world.judge_draft,
        reissue_document=world.reissue,
        import_document=ImportDocument(
            stores.tenants, stores.documents, stores.files, ProcessFileReader(), world.clock, world.identifiers
        ),
        upload_tokens=UploadTokens(DOWNLOAD_KEY, world.clock),
        issue_invoices=IssueInvoices(world.create_invoice, world.clock),
        create_office=world.create_office,
        create_client=world.create_client,
        create_order=world.create_order,
        update_client=world.update_client,
        archive_client=world.archive_client,
        update_order=world.update_order,
        cancel_order=world.cancel_order,
        attach_pac_pdf=AttachPacPdf(world.refresh),
        adopt_pac_document=world.adopt,
        confirm_at_dgi=world.confirm_at_dgi,
        give_up_document=world.give_up,
        request_void=world.request_void,
        void_or_credit=world.void_or_credit,
        confirm_voided=world.confirm_voided,
        give_up_void=world.give_up_void,
        watch_void_window=WatchVoidWindow(VoidWindow(), world.clock),
        set_doubt_policy=SetDoubtPolicy(stores.tenants, stores.directory),
        diagnose=DiagnoseDocument(stores.circuits, world.clock, world.schedules),
        read_number_ledger=ReadNumberLedger(stores.directory, stores.series, stores.numbers, stores.lost),
        record_payment=world.record_payment,
        reverse_payment=world.reverse_payment,
        read_standings=world.read_standings,
        preview_invoice=PreviewDocument(
            stores.tenants,
            stores.directory,
            stores.trade_book,
            world.find_account,
            world.verify_receiver,
            world.pac,
            world.clock,
            PreflightSettings(),
        ),
        verify_ruc=world.verify_ruc,
        read_catalogue=world.read_catalogue,
        read_sales_book=ReadSalesBook(stores.documents, world.clock, VoidWindow()),
        read_statement=statement_reader(world),
        **bundles_of(world),
        documents=stores.documents,
        journal=stores.journal,
        trade_book=stores.trade_book,
        directory=stores.directory,
        tenants=stores.tenants,
        download_links=DownloadLinks(DOWNLOAD_KEY, world.clock),
        cafe_links=CafeLinks(DOWNLOAD_KEY, world.clock),
        resend_invoice_email=notices_of(world).resend_invoice_email,
        request_pac_webhook=notices_of(world).request_pac_webhook,
    )


def bundles_of(world: World) -> dict[str, Any]:
    """What packs archives and evidence."""
    stores, writer, links = world.stores, ZipArchiveWriter(), BundleLinks(DOWNLOAD_KEY, world.clock)
    gather = GatherEvidence(stores.documents, stores.journal, stores.inbox, stores.files, world.clock)
    return {
        "make_archive": MakeArchive(ArchiveMonth(stores.documents, stores.files), writer, stores.files, links),
        "make_evidence": MakeEvidence(gather, writer, stores.files, links),
    }


@dataclass
class Api:
    """A running endpoint with one shop and a key for it."""

    world: World
    shop: Shop
    key: str
    settings: GraphqlSettings = field(default_factory=lambda: GraphqlSettings(public_url=PUBLIC_URL))
    operations: GraphqlOperations | None = None

    def __post_init__(self) -> None:
        """Mount the handlers in an app of their own."""
        self.operations_in_use = self.operations or operations_of(self.world)
        handlers = build_graphql_handlers(self.operations_in_use, self.settings)
        self.app = Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False), base_url="http://istmo.test"
        )

    async def new_key(self, role: Role, shop: Shop | None = None) -> str:
        """A key for the shop with this role."""
        create = CreateApiKey(
            self.world.stores.tenants,
            self.world.stores.directory,
            self.world.clock,
            self.world.identifiers,
            self.world.chance,
        )
        return (await create((shop or self.shop).tenant.tenant_id, name=role.value, role=role)).secret

    async def post(
        self, query: str, variables: Any = None, *, key: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """The raw answer to one query."""
        body = {"query": query} | ({} if variables is None else {"variables": variables})
        bearer = {"Authorization": f"Bearer {key or self.key}"}
        return await self.http.post("/graphql", json=body, headers=bearer | (headers or {}))

    async def run(self, query: str, variables: Any = None, **options: Any) -> Any:
        """The data of a query that must succeed."""
        answer = await self.post(query, variables, **options)
        content = answer.json()
        assert answer.status_code == 200, content
        assert "errors" not in content, content
        return content["data"]

    async def refused(self, query: str, variables: Any = None, *, status: int = 400, **options: Any) -> dict[str, Any]:
        """The first error of a query that must be refused as a whole."""
        answer = await self.post(query, variables, **options)
        content = answer.json()
        assert answer.status_code == status, content
        assert "data" not in content
        first: dict[str, Any] = content["errors"][0]
        return first

    async def with_settings(self, **settings: Any) -> "Api":
        """The same service behind an endpoint with other limits."""
        return Api(self.world, self.shop, self.key, GraphqlSettings(public_url=PUBLIC_URL, **settings))


async def start_api() -> Api:
    """A fresh world with one shop and an operator's key."""
    world = World()
    shop = await world.open_shop()
    api = Api(world, shop, "")
    api.key = await api.new_key(Role.OPERATOR)
    return api


AN_ORDER = {
    "lines": [{"description": "Martillo", "quantity": "3", "unitPrice": "12.50", "code": "MAR-1", "unit": "und"}]
}

CREATE_ORDER = """
mutation CreateOrder($input: CreateOrderInput!) {
  createOrder(input: $input) { order { id } errors { code message hint path rule severity } }
}
"""
GENERATE = """
mutation Generate($orderId: ID!, $key: String!, $wait: Int = 10, $mode: DocumentMode! = DGI) {
  generateInvoice(orderId: $orderId, mode: $mode, idempotencyKey: $key, waitSeconds: $wait) {
    invoice { id number submission legalStatus cufe expectedCufe }
    errors { code message hint path rule severity }
  }
}
"""
CREATE_INVOICE = """
mutation CreateInvoice($input: CreateInvoiceInput!, $key: String!, $wait: Int = 10) {
  createInvoice(input: $input, idempotencyKey: $key, waitSeconds: $wait) {
    invoice { id number submission legalStatus cufe totals { total } receiver { name receiverType ruc } }
    errors { code message hint path rule severity }
  }
}
"""
