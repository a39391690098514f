"""The in-memory twins of every store, and all of them on one memory."""

from collections.abc import Sequence

from adapters.persistence.in_memory_administration_journal import InMemoryAdministrationJournal
from adapters.persistence.in_memory_circuits import InMemoryCircuitStore
from adapters.persistence.in_memory_departures import InMemoryDepartureLog, InMemoryLostDocuments
from adapters.persistence.in_memory_documents import InMemoryDocumentRepository
from adapters.persistence.in_memory_file_store import InMemoryFileStore
from adapters.persistence.in_memory_journal import InMemoryDocumentJournal, InMemoryDueWork
from adapters.persistence.in_memory_number_book import InMemoryNumberBook
from adapters.persistence.in_memory_onboarding_book import InMemoryOnboardingBook
from adapters.persistence.in_memory_payment_book import InMemoryPaymentBook
from adapters.persistence.in_memory_reference_book import InMemoryReferenceBook
from adapters.persistence.in_memory_series import InMemoryHighWaterMarks, InMemorySeriesLedger
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.in_memory_tenants import (
    InMemoryTenantDirectory,
    InMemoryTenantResolver,
    InMemoryTenantSecrets,
)
from adapters.persistence.in_memory_trade_book import InMemoryTradeBook
from adapters.persistence.in_memory_webhook_inbox import InMemoryWebhookInbox
from adapters.persistence.secret_box import KEY_BYTES, SecretBox
from adapters.persistence.stores import Stores

__all__ = [
    "InMemoryAdministrationJournal",
    "InMemoryCircuitStore",
    "InMemoryDepartureLog",
    "InMemoryDocumentJournal",
    "InMemoryDocumentRepository",
    "InMemoryDueWork",
    "InMemoryFileStore",
    "InMemoryHighWaterMarks",
    "InMemoryLostDocuments",
    "InMemoryNumberBook",
    "InMemoryOnboardingBook",
    "InMemoryPaymentBook",
    "InMemoryReferenceBook",
    "InMemorySeriesLedger",
    "InMemoryStore",
    "InMemoryTenantDirectory",
    "InMemoryTenantResolver",
    "InMemoryTenantSecrets",
    "InMemoryTradeBook",
    "InMemoryWebhookInbox",
    "in_memory_stores",
]

_NOT_A_SECRET = bytes(KEY_BYTES)  # what is sealed with it never leaves this process


def in_memory_stores(
    store: InMemoryStore | None = None,
    *,
    secrets_key: bytes = _NOT_A_SECRET,
    older_secrets_keys: Sequence[bytes] = (),
) -> Stores:
    """Every port on one memory. Give ``store`` to look into it, or to open the same memory twice."""
    memory = store if store is not None else InMemoryStore()
    return Stores(
        documents=InMemoryDocumentRepository(memory),
        journal=InMemoryDocumentJournal(memory),
        due_work=InMemoryDueWork(memory),
        inbox=InMemoryWebhookInbox(memory),
        tenants=InMemoryTenantResolver(memory),
        directory=InMemoryTenantDirectory(memory),
        secrets=InMemoryTenantSecrets(memory, SecretBox(secrets_key, older_keys=older_secrets_keys)),
        trade_book=InMemoryTradeBook(memory),
        payments=InMemoryPaymentBook(memory),
        reference_book=InMemoryReferenceBook(memory),
        series=InMemorySeriesLedger(memory),
        numbers=InMemoryNumberBook(memory),
        circuits=InMemoryCircuitStore(memory),
        onboardings=InMemoryOnboardingBook(memory),
        administration=InMemoryAdministrationJournal(memory),
        lost=InMemoryLostDocuments(memory),
        marks=InMemoryHighWaterMarks(memory),
        departures=InMemoryDepartureLog(memory),
        files=InMemoryFileStore(memory),
    )
