"""The PAC gateway on Alanube's HTTP API."""

from adapters.alanube.answers import classify
from adapters.alanube.client import AlanubeClient
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.look_ups import classify_look_up
from adapters.alanube.mapping import encode
from adapters.alanube.settings import AlanubeSettings
from adapters.alanube.void_answers import classify_void
from adapters.alanube.void_body import encode_void
from core.codes import DocumentType
from core.documents import FiscalDocument
from core.identifiers import PacDocumentId
from core.ports.pac_gateway import (
    DownloadAnswer,
    LookUpAnswer,
    PacAccount,
    PacCapabilities,
    PacGateway,
    SubmitAnswer,
    VoidAnswer,
)


def collection_of(document_type: DocumentType) -> str:
    """The resource that a document type lives under."""
    if document_type.is_credit_note:
        return "credit-notes"
    return "debit-notes" if document_type.is_debit_note else "invoices"


class AlanubePacGateway(PacGateway):
    """Documents at Alanube. Neither look-up by number nor a number check before the body is known to exist."""

    def __init__(self, settings: AlanubeSettings, client: AlanubeClient, downloader: FileDownloader) -> None:
        """``client`` and ``downloader`` are shared and closed by whoever made them."""
        self._settings = settings
        self._client = client
        self._downloader = downloader

    @property
    def capabilities(self) -> PacCapabilities:
        """Nothing beyond the minimum (ASSUME-001)."""
        return PacCapabilities()

    def encode(self, document: FiscalDocument) -> bytes:
        """See ``mapping.encode``."""
        return encode(document, self._settings.wire)

    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        """POST once. The company is always named, so that no token's main company ever stands in."""
        outcome = await self._client.send(
            "POST",
            (collection_of(document_type),),
            token=account.token,
            query={"idCompany": account.company_id},
            body=body,
        )
        return classify(outcome, self._settings.known_codes)

    def encode_void(self, reason: str) -> bytes:
        """See ``void_body``."""
        return encode_void(reason)

    async def void(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId, body: bytes
    ) -> VoidAnswer:
        """DELETE once, with a body."""
        outcome = await self._client.send(
            "DELETE",
            (collection_of(document_type), pac_document_id),
            token=account.token,
            query={"idCompany": account.company_id},
            body=body,
        )
        return classify_void(outcome, pac_document_id, self._settings.known_codes)

    async def look_up(
        self, account: PacAccount, document_type: DocumentType, pac_document_id: PacDocumentId
    ) -> LookUpAnswer:
        """GET with ``documents=pdf``."""
        outcome = await self._client.send(
            "GET",
            (collection_of(document_type), pac_document_id),
            token=account.token,
            query={"idCompany": account.company_id, "documents": "pdf"},
        )
        return classify_look_up(outcome, self._settings.known_codes)

    async def download_pdf(self, url: str) -> DownloadAnswer:
        """See ``downloads``."""
        return await self._downloader.pdf(url)

    async def download_xml(self, url: str) -> DownloadAnswer:
        """See ``downloads``."""
        return await self._downloader.xml(url)
