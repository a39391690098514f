"""A file on its way to an import: stored under its digest, and known to its uploader by a token."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.documents import FileKind
from core.failures import UploadNotFoundError, UploadRefusedError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.file_reader import FILE_BYTES_MAX, kind_of
from core.ports.file_store import FileStore

TOKEN_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was uploaded, not yet anybody's document."""

    digest: str  # SHA-256, hex; its key in the file store
    size: int
    kind: FileKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReceipt:
    """The token that names the upload, and until when."""

    upload: Upload
    token: str
    expires_at: datetime


class UploadTokens:
    """Makes and reads the tokens of uploads: HMAC-SHA256 over tenant, file and expiry."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime: timedelta = timedelta(hours=1)) -> None:
        """``key``: at least 32 random bytes. The lifetime stays below the day after which a file that no document
        names may be removed."""
        self._key = key
        self._clock = clock
        self._lifetime = lifetime

    def make(self, tenant_id: TenantId, upload: Upload) -> UploadReceipt:
        """A receipt for the tenant alone."""
        expires_at = (self._clock.now() + self._lifetime).replace(microsecond=0)
        claims = [tenant_id, upload.digest, upload.size, upload.kind.value, int(expires_at.timestamp())]
        payload = json.dumps(claims, separators=(",", ":")).encode()
        token = f"{_encode(payload)}.{_encode(self._mac(payload))}"
        return UploadReceipt(upload=upload, token=token, expires_at=expires_at)

    def read(self, tenant_id: TenantId, token: str) -> Upload:
        """Raises UploadNotFoundError for a token that is forged, cut, expired, or another tenant's."""
        try:
            payload_text, mac_text = token[:TOKEN_MAX].split(".")
            payload, mac = _decode(payload_text), _decode(mac_text)
        except (ValueError, binascii.Error):
            raise UploadNotFoundError(path=("uploadToken",)) from None
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise UploadNotFoundError(path=("uploadToken",))
        owner, digest, size, kind, expires = json.loads(payload)
        if owner != tenant_id or datetime.fromtimestamp(expires, UTC) <= self._clock.now():
            raise UploadNotFoundError(path=("uploadToken",))
        return Upload(digest=digest, size=size, kind=FileKind(kind))

    def _mac(self, payload: bytes) -> bytes:
        return hmac.new(self._key, b"istmo upload\n" + payload, hashlib.sha256).digest()


class UploadFile:
    """Store the bytes and give a receipt. Whether there is a document in them is told when they are imported."""

    def __init__(self, files: FileStore, tokens: UploadTokens) -> None:
        self._files = files
        self._tokens = tokens

    async def __call__(self, tenant_id: TenantId, content: bytes) -> UploadReceipt:
        """Raises UploadRefusedError, StoreUnavailableError."""
        kind = kind_of(content)
        if not content or len(content) > FILE_BYTES_MAX:
            raise UploadRefusedError(reason="it is empty, or larger than 10 MiB")
        if kind is None:
            raise UploadRefusedError(reason="it is no PDF, PNG or JPEG")
        digest = await self._files.put(tenant_id, content)
        return self._tokens.make(tenant_id, Upload(digest=digest, size=len(content), kind=kind))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
