"""Archives and evidence as downloads: packed, kept in the file store, and opened by a short-lived link.

No row names the bytes: once the link is old nothing does, and `istmo doctor --fix` removes them after a day.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from core.archives import ArchivedFile
from core.documents import FiscalDocument
from core.failures import ArchiveTooLargeError
from core.identifiers import DocumentId, TenantId
from core.months import Month
from core.ports.archive_writer import ArchiveWriter
from core.ports.clock import Clock
from core.ports.file_store import FileStore
from core.signed_tokens import SignedTokens
from core.use_cases.archive_month import ArchiveMonth
from core.use_cases.gather_evidence import GatherEvidence

DOCUMENTS_MAX = 2_000
MEGABYTES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleOffer:
    """A ZIP that can be fetched. ``digest``: SHA-256, hex; ``entry_count``: documents of an archive, else files."""

    token: str
    expires_at: datetime
    file_name: str
    size: int
    digest: str
    entry_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBundle:
    """A ZIP as it is served."""

    content: bytes
    file_name: str


class BundleLinks:
    """Makes and reads the tokens in the addresses of bundles; each names tenant, digest and file name."""

    def __init__(self, key: bytes, clock: Clock, *, lifetime_seconds: float = 900.0) -> None:
        """``key``: at least 32 random bytes. A token of a document's file opens no bundle, whatever the key."""
        self._tokens = SignedTokens(key, "bundle", clock, lifetime_seconds=lifetime_seconds)

    def token(self, tenant_id: TenantId, digest: str, file_name: str) -> tuple[str, datetime]:
        """The token and when it expires."""
        return self._tokens.seal(tenant_id, digest, file_name)

    def read(self, token: str) -> tuple[TenantId, str, str]:
        """What a token opens. Raises DownloadLinkInvalidError for one that is forged, cut or expired."""
        tenant_id, digest, file_name = self._tokens.open(token)
        return TenantId(tenant_id), digest, file_name


class _Offers:
    """Packs, keeps and links."""

    def __init__(self, writer: ArchiveWriter, files: FileStore, links: BundleLinks) -> None:
        self._writer = writer
        self._files = files
        self._links = links

    async def make(
        self, tenant_id: TenantId, file_name: str, entries: AsyncIterator[ArchivedFile], *, count: int
    ) -> BundleOffer:
        content = await self._writer.pack(entries)
        digest = await self._files.put(tenant_id, content)
        token, expires_at = self._links.token(tenant_id, digest, file_name)
        return BundleOffer(
            token=token,
            expires_at=expires_at,
            file_name=file_name,
            size=len(content),
            digest=digest,
            entry_count=count,
        )


class MakeArchive:
    """The archive of a month as a download. Nothing of the documents changes."""

    def __init__(
        self,
        archive_month: ArchiveMonth,
        writer: ArchiveWriter,
        files: FileStore,
        links: BundleLinks,
        *,
        documents_max: int = DOCUMENTS_MAX,
        megabytes_max: int = MEGABYTES_MAX,
    ) -> None:
        self._archive_month = archive_month
        self._offers = _Offers(writer, files, links)
        self._documents_max = documents_max
        self._megabytes_max = megabytes_max

    async def __call__(self, tenant_id: TenantId, month: Month) -> BundleOffer:
        """Raises ArchiveTooLargeError before a file is read, ArchiveBusyError, FileNotStoredError, FileCorruptError,
        StoreUnavailableError."""
        documents: list[FiscalDocument] = []
        size = 0
        async for document in self._archive_month.documents(tenant_id, month):
            documents.append(document)
            size += sum(file.size for file in document.files)
            if len(documents) > self._documents_max or size > self._megabytes_max * 1_000_000:
                raise ArchiveTooLargeError(
                    path=("month",),
                    documents=self._documents_max,
                    megabytes=self._megabytes_max,
                    command="istmo archive",
                )
        entries = self._archive_month.files_of(documents)
        return await self._offers.make(tenant_id, f"archive-{month}.zip", entries, count=len(documents))


class MakeEvidence:
    """The evidence of a document as a download. Nothing of the document changes."""

    def __init__(
        self,
        gather_evidence: GatherEvidence,
        writer: ArchiveWriter,
        files: FileStore,
        links: BundleLinks,
    ) -> None:
        self._gather_evidence = gather_evidence
        self._offers = _Offers(writer, files, links)

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId) -> BundleOffer:
        """Raises DocumentNotFoundError, ArchiveTooLargeError, ArchiveBusyError, FileNotStoredError, FileCorruptError,
        StoreUnavailableError."""
        entries = await self._gather_evidence(tenant_id, document_id)
        if sum(map(len, entries.values())) > MEGABYTES_MAX * 1_000_000:
            raise ArchiveTooLargeError(
                path=("documentId",), documents=1, megabytes=MEGABYTES_MAX, command="istmo evidence"
            )

        async def files() -> AsyncIterator[ArchivedFile]:
            for name, content in entries.items():
                yield ArchivedFile(name=name, content=content)

        return await self._offers.make(tenant_id, f"evidence-{document_id}.zip", files(), count=len(entries))


class OpenBundle:
    """Open the ZIP of a link."""

    def __init__(self, links: BundleLinks, files: FileStore) -> None:
        self._links = links
        self._files = files

    async def __call__(self, token: str) -> OpenedBundle:
        """Raises DownloadLinkInvalidError, FileNotStoredError, FileCorruptError, StoreUnavailableError."""
        tenant_id, digest, file_name = self._links.read(token)
        return OpenedBundle(content=await self._files.get(tenant_id, digest), file_name=file_name)
