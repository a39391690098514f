"""The doctor, wired: on connections of its own, as the role that owns the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from adapters.persistence.inspections import open_inspection
from adapters.persistence.local_blob_inspection import LocalBlobInspection
from adapters.persistence.s3_blob_inspection import S3BlobInspection
from bootstrap.container import folder_of
from bootstrap.postgres import database_of
from bootstrap.settings import Settings
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.file_store import FileStore
from core.ports.onboarding_book import OnboardingBook
from core.ports.pac_gateway import PacGateway
from core.ports.series_ledger import HighWaterMarks, SeriesLedger
from core.ports.store_inspection import BlobInspection
from core.ports.tenant_resolver import TenantSecrets
from core.use_cases.examine_documents import ExamineDocuments
from core.use_cases.examine_installation import ExamineInstallation
from core.use_cases.examine_series import ExamineSeries
from core.use_cases.mend_installation import MendInstallation
from core.use_cases.settle_lost import ShowLost


class Wiring(Protocol):
    """Whoever has the wired objects."""

    async def get(self, dependency_type: Any) -> Any:
        """The one object of this type."""


@asynccontextmanager
async def examining(container: Wiring, settings: Settings) -> AsyncIterator[ExamineInstallation]:
    """Raises StoreUnavailableError. ``settings``: those for operators."""
    opened = await open_inspection(database_of(settings))
    try:
        blobs = blobs_of(settings)
        clock: Clock = await container.get(Clock)
        marks: HighWaterMarks = await container.get(HighWaterMarks)
        gateway: PacGateway = await container.get(PacGateway)
        documents: DocumentRepository = await container.get(DocumentRepository)
        files: FileStore = await container.get(FileStore)
        ledger: SeriesLedger = await container.get(SeriesLedger)
        secrets: TenantSecrets = await container.get(TenantSecrets)
        yield ExamineInstallation(
            opened.store,
            blobs,
            secrets,
            ExamineDocuments(opened.store, files, clock, gateway.encode),
            ExamineSeries(opened.store, ledger, marks),
            MendInstallation(documents, marks, opened.store, blobs, clock),
            clock,
            await container.get(OnboardingBook),
            await container.get(ShowLost),
        )
    finally:
        await opened.close()


def blobs_of(settings: Settings) -> BlobInspection:
    """How to look into the file store itself."""
    if settings.store.is_in_a_bucket:
        return S3BlobInspection(settings.store.s3)
    return LocalBlobInspection(folder_of(settings.store.file_store_url))
