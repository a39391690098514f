"""Short-lived links to a document's files, and what they open."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.documents import Attachment, FileKind
from core.failures import DownloadLinkInvalidError, FileNotStoredError
from core.identifiers import DocumentId, TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.file_store import FileStore

TOKEN_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file as it is served: its bytes and what to call them."""

    content: bytes
    file_name: str
    kind: FileKind


class DownloadLinks:
    """Makes and reads the tokens in download addresses: HMAC-SHA256 over tenant, document, file and expiry."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: float = 900.0) -> None:
        """``key``: at least 32 random bytes."""
        self._key = key
        self._clock = clock
        self._lifetime = timedelta(seconds=lifetime_seconds)

    def token(self, tenant_id: TenantId, document_id: DocumentId, file: Attachment) -> tuple[str, datetime]:
        """The token and when it expires."""
        expires_at = (self._clock.now() + self._lifetime).replace(microsecond=0)
        claims = [tenant_id, document_id, file.kind.value, file.digest, int(expires_at.timestamp())]
        payload = json.dumps(claims, separators=(",", ":")).encode()
        return _encode(payload) + "." + _encode(self._mac(payload)), expires_at

    def read(self, token: str) -> tuple[TenantId, DocumentId, FileKind, str]:
        """What a token opens. Raises DownloadLinkInvalidError for one that is forged, cut or expired."""
        try:
            payload_text, mac_text = token[:TOKEN_MAX].split(".")
            payload, mac = _decode(payload_text), _decode(mac_text)
        except (ValueError, binascii.Error):
            raise DownloadLinkInvalidError from None
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise DownloadLinkInvalidError
        tenant_id, document_id, kind, digest, expires = json.loads(payload)
        if datetime.fromtimestamp(expires, UTC) <= self._clock.now():
            raise DownloadLinkInvalidError
        return TenantId(tenant_id), DocumentId(document_id), FileKind(kind), digest

    def _mac(self, payload: bytes) -> bytes:
        return hmac.new(self._key, b"istmo download\n" + payload, hashlib.sha256).digest()


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


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
