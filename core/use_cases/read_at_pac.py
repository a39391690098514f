"""Reads documents at the PAC by the ids that are known of them, without changing anything here or there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.documents import FileKind, FiscalDocument
from core.failures import FileNotStoredError
from core.identifiers import PacDocumentId, TenantId
from core.lifecycle.following import read_status
from core.ports.file_store import FileStore
from core.ports.pac_gateway import Downloaded, Found, NoAnswer, NotFound, PacAccount, PacDocument, PacGateway
from core.rfe_total import total_in_xml
from core.statement_reading import Reading, ids_of
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.watch_circuit import WatchCircuit

AT_ONCE = 4
AWAY_AFTER = 5
IDS_MAX = 25
_CIRCUIT_OPEN = "sending is paused: the tenant's circuit is open"
_AWAY = f"the PAC was not asked any more after {AWAY_AFTER} requests without an answer"


@dataclass(slots=True)
class _Patience:
    """How many look-ups in a row had no answer, of one statement."""

    failures: int = 0

    @property
    def is_over(self) -> bool:
        return self.failures >= AWAY_AFTER


class ReadAtPac:
    """At most four requests at once, whoever asks. A circuit that is open, or a PAC that stops answering, leaves the
    rest unread, with the reason: never a difference."""

    def __init__(self, files: FileStore, find_account: FindPacAccount, circuit: WatchCircuit, pac: PacGateway) -> None:
        self._files = files
        self._find_account = find_account
        self._circuit = circuit
        self._pac = pac
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, tenant_id: TenantId, documents: Sequence[FiscalDocument]) -> list[Reading]:
        """One reading for each id. The total comes from the XML that is stored, else from one that is fetched and not
        kept. Raises PacCompanyNotConfiguredError, FileCorruptError, StoreUnavailableError."""
        wanted = [(document, asked) for document in documents for asked in ids_of(document)[:IDS_MAX]]
        if not wanted:
            return []
        if await self._circuit.is_open(tenant_id):
            return [_unread(document, asked, _CIRCUIT_OPEN) for document, asked in wanted]
        account = await self._find_account(tenant_id)
        patience = _Patience()
        left = iter(wanted)
        readings: list[Reading] = []

        async def work() -> None:
            for document, asked in left:
                readings.append(await self._read(account, document, asked, patience))

        workers = [asyncio.create_task(work()) for _ in range(min(AT_ONCE, len(wanted)))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        return readings

    async def _read(
        self, account: PacAccount, document: FiscalDocument, asked: PacDocumentId, patience: _Patience
    ) -> Reading:
        async with self._places:
            if patience.is_over:
                return _unread(document, asked, _AWAY)
            answer = await self._pac.look_up(account, document.document_type, asked)
            patience.failures = patience.failures + 1 if isinstance(answer, NoAnswer) else 0
            match answer:
                case NoAnswer(reason=reason):
                    return _unread(document, asked, reason)
                case NotFound():
                    return Reading(document_id=document.document_id, pac_document_id=asked)
                case Found(document=shown):
                    return Reading(
                        document_id=document.document_id,
                        pac_document_id=asked,
                        shown=shown,
                        total=await self._total(document, asked, shown),
                    )

    async def _total(self, document: FiscalDocument, asked: PacDocumentId, shown: PacDocument) -> Decimal | None:
        """None where there is no XML to be had, or it states no total."""
        status = read_status(shown.legal_status)
        if status is None or not status.is_authorized:
            return None
        held = next((file for file in document.files if file.kind is FileKind.XML), None)
        if held is not None and asked == document.standing_id:
            try:
                return total_in_xml(await self._files.get(document.tenant_id, held.digest))
            except FileNotStoredError:
                pass  # the doctor tells of it; the PAC still has its own
        if shown.xml_url is None:
            return None
        fetched = await self._pac.download_xml(shown.xml_url)
        return total_in_xml(fetched.content) if isinstance(fetched, Downloaded) else None


def _unread(document: FiscalDocument, asked: PacDocumentId, reason: str) -> Reading:
    return Reading(document_id=document.document_id, pac_document_id=asked, unread=reason)
