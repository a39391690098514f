"""The printed form of a document: offered with a short-lived link, drawn when the link is opened."""

from dataclasses import dataclass
from datetime import datetime

from core.cafe import CafePaper, CafeStanding
from core.cafe_pages import cafe_page, standing_of
from core.documents import DocumentMode, FiscalDocument
from core.identifiers import DocumentId, TenantId
from core.ports.cafe_renderer import CafeRenderer
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.signed_tokens import SignedTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeOffer:
    """A printed form that can be opened. Nothing is drawn yet: the page shows the document as it stands then."""

    paper: CafePaper
    standing: CafeStanding
    file_name: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedCafe:
    """The PDF and what to call it."""

    content: bytes
    file_name: str


class CafeLinks:
    """Makes and reads the tokens in the addresses of printed forms; each names tenant, document and paper."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: float = 900.0) -> None:
        """``key``: at least 32 random bytes. A token of a file opens no printed form, whatever the key."""
        self._tokens = SignedTokens(key, "cafe", clock, lifetime_seconds=lifetime_seconds)

    def offer(self, document: FiscalDocument, paper: CafePaper) -> CafeOffer | None:
        """The link to a document's printed form; None where it is somebody else's document, which was imported."""
        if document.mode is DocumentMode.DGI_IMPORT:
            return None
        token, expires_at = self._tokens.seal(document.tenant_id, document.document_id, paper.value)
        return CafeOffer(
            paper=paper,
            standing=standing_of(document),
            file_name=_file_name(document, paper),
            token=token,
            expires_at=expires_at,
        )

    def read(self, token: str) -> tuple[TenantId, DocumentId, CafePaper]:
        """What a token opens. Raises DownloadLinkInvalidError for one that is forged, cut or expired."""
        tenant_id, document_id, paper = self._tokens.open(token)
        return TenantId(tenant_id), DocumentId(document_id), CafePaper(paper)


class RenderCafe:
    """Draw the printed form that a link names, as the document stands now. Nothing is kept."""

    def __init__(self, links: CafeLinks, documents: DocumentRepository, renderer: CafeRenderer) -> None:
        self._links = links
        self._documents = documents
        self._renderer = renderer

    async def __call__(self, token: str) -> RenderedCafe:
        """Raises DownloadLinkInvalidError, DocumentNotFoundError, CafeNotOursError, CafeBusyError,
        StoreUnavailableError."""
        tenant_id, document_id, paper = self._links.read(token)
        document = await self._documents.get(tenant_id, document_id)
        content = await self._renderer.render(cafe_page(document), paper)
        return RenderedCafe(content=content, file_name=_file_name(document, paper))


def _file_name(document: FiscalDocument, paper: CafePaper) -> str:
    name = document.cufe or document.expected_cufe or document.document_id
    return f"CAFE-{name}-{paper.value.lower()}.pdf"
