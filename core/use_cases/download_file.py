"""Short-lived links to a document's files, and what they open."""

from dataclasses import dataclass
from datetime import datetime

from core.documents import Attachment, FileKind
from core.failures import FileNotStoredError
from core.identifiers import DocumentId, TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.file_store import FileStore
from core.signed_tokens import SignedTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file as it is served: its bytes and what to call them."""

    content: bytes
    file_name: str
    kind: FileKind


class DownloadLinks:
    """Makes and reads the tokens in download addresses; each names tenant, document and file."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: float = 900.0) -> None:
        """``key``: at least 32 random bytes."""
        self._tokens = SignedTokens(key, "download", clock, lifetime_seconds=lifetime_seconds)

    def token(self, tenant_id: TenantId, document_id: DocumentId, file: Attachment) -> tuple[str, datetime]:
        """The token and when it expires."""
        return self._tokens.seal(tenant_id, document_id, file.kind.value, file.digest)

    def read(self, token: str) -> tuple[TenantId, DocumentId, FileKind, str]:
        """What a token opens. Raises DownloadLinkInvalidError for one that is forged, cut or expired."""
        tenant_id, document_id, kind, digest = self._tokens.open(token)
        return TenantId(tenant_id), DocumentId(document_id), FileKind(kind), digest


class DownloadFile:
    """Open the file of a download link."""

    def __init__(self, links: DownloadLinks, documents: DocumentRepository, files: FileStore) -> None:
        self._links = links
        self._documents = documents
        self._files = files

    async def __call__(self, token: str) -> OpenedFile:
        """Raises DownloadLinkInvalidError, FileNotStoredError, FileCorruptError, StoreUnavailableError."""
        tenant_id, document_id, kind, digest = self._links.read(token)
        document = await self._documents.get(tenant_id, document_id)
        named = [file for file in document.files if file.kind is kind and file.digest == digest]
        if not named:
            raise FileNotStoredError
        content = await self._files.get(tenant_id, digest)
        return OpenedFile(content=content, file_name=named[0].file_name, kind=kind)
