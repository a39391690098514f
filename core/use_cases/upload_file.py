"""A file on its way to an import: stored under its digest, and known to its uploader by a token."""

from dataclasses import dataclass
from datetime import datetime

from core.documents import FileKind
from core.errors import Wording
from core.failures import DownloadLinkInvalidError, UploadNotFoundError, UploadRefusedError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.file_reader import FILE_BYTES_MAX, kind_of
from core.ports.file_store import FileStore
from core.signed_tokens import SignedTokens


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
    """Makes and reads the tokens of uploads; each names tenant and file."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: float = 3600.0) -> None:
        """``key``: at least 32 random bytes. The lifetime stays below the day after which a file that no document
        names may be removed."""
        self._tokens = SignedTokens(key, "upload", clock, lifetime_seconds=lifetime_seconds)

    def make(self, tenant_id: TenantId, upload: Upload) -> UploadReceipt:
        """A receipt for the tenant alone."""
        token, expires_at = self._tokens.seal(tenant_id, upload.digest, str(upload.size), upload.kind.value)
        return UploadReceipt(upload=upload, token=token, expires_at=expires_at)

    def read(self, tenant_id: TenantId, token: str) -> Upload:
        """Raises UploadNotFoundError for a token that is forged, cut, expired, or another tenant's."""
        try:
            owner, digest, size, kind = self._tokens.open(token)
        except DownloadLinkInvalidError:
            raise UploadNotFoundError(path=("uploadToken",)) from None
        if owner != tenant_id:
            raise UploadNotFoundError(path=("uploadToken",))
        return Upload(digest=digest, size=int(size), kind=FileKind(kind))


_BAD_SIZE = Wording("it is empty, or larger than 10 MiB", "está vacío o supera 10 MiB")
_BAD_KIND = Wording("it is no PDF, PNG or JPEG", "no es un PDF, PNG o JPEG")


class UploadFile:
    """Store the bytes and give a receipt. Whether there is a document in them is told when they are imported."""

    def __init__(self, files: FileStore, tokens: UploadTokens) -> None:
        self._files = files
        self._tokens = tokens

    async def __call__(self, tenant_id: TenantId, content: bytes) -> UploadReceipt:
        """Raises UploadRefusedError, StoreUnavailableError."""
        kind = kind_of(content)
        if not content or len(content) > FILE_BYTES_MAX:
            raise UploadRefusedError(reason=_BAD_SIZE)
        if kind is None:
            raise UploadRefusedError(reason=_BAD_KIND)
        digest = await self._files.put(tenant_id, content)
        return self._tokens.make(tenant_id, Upload(digest=digest, size=len(content), kind=kind))
