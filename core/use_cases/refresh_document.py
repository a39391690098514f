"""The one step in which webhook, sweep and operator end: look at the PAC, apply, store the files."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from core.documents import Attachment, Change, FileKind, FiscalDocument, LegalStatus, Submission
from core.events import Event, EventKind
from core.failures import StoreUnavailableError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.lifecycle.evidence import bounded
from core.lifecycle.following import (
    apply_look_up,
    attach,
    missing_files,
    read_status,
    schedule_follow_up,
    shows_another,
)
from core.lifecycle.siblings import is_refused_repetition, leave_repetition
from core.lifecycle.void_wishes import take_shown_void
from core.ports.clock import Chance, Clock
from core.ports.document_repository import DocumentRepository
from core.ports.file_store import FileStore
from core.ports.pac_gateway import (
    Downloaded,
    DownloadFailed,
    Found,
    LookUpAnswer,
    NoAnswer,
    NotFound,
    PacDocument,
    PacGateway,
)
from core.schedules import Schedules
from core.use_cases.examine_hints import ExamineHints
from core.use_cases.pac_account import FindPacAccount


class PdfOutcome(Enum):
    """What became of the PDF in one refresh."""

    STORED = "STORED"  # fetched now
    HELD = "HELD"  # the current file was there already
    NOT_READY = "NOT_READY"  # not authorised yet, or the PAC has no address for it yet
    FAILED = "FAILED"  # the PAC or the download failed; ``reason`` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """The document after a refresh. ``reason`` is for people, empty when the PDF is there."""

    document: FiscalDocument
    pdf: PdfOutcome
    reason: str = ""


class RefreshDocument:
    """Bring one document up to date from the PAC.

    - The legal status moves upward only, from the PAC's answer, never from a webhook's body.
    - A hinted id is read and its CUFE compared before it is adopted.
    - Each file is stored at most once as the current one; the blob before the row.
    """

    def __init__(
        self,
        documents: DocumentRepository,
        files: FileStore,
        find_account: FindPacAccount,
        examine_hints: ExamineHints,
        pac: PacGateway,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
    ) -> None:
        self._documents = documents
        self._files = files
        self._find_account = find_account
        self._examine_hints = examine_hints
        self._pac = pac
        self._clock = clock
        self._chance = chance
        self._schedules = schedules

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId, *, actor: str) -> Refreshed:
        """``actor``: webhook, sweep or operator:<key id>.

        Raises DocumentNotFoundError, PacCompanyNotConfiguredError.
        """
        document = await self._documents.get(tenant_id, document_id)
        if document.hinted_ids:
            document = await self._examine_hints(document)
        if document.submission is not Submission.ACCEPTED or document.standing_id is None:
            reason = f"the document is {document.submission.value}, the PAC's id for it is not known"
            return Refreshed(document=document, pdf=PdfOutcome.NOT_READY, reason=reason)
        asked = document.standing_id
        answer = await self._look_up(document, asked)
        match answer:
            case Found(document=shown) if is_refused_repetition(document, shown):
                return await self._leave_repetition(document, asked, shown)
            case Found(document=shown):
                return await self._take(document, asked, shown, actor)
            case NotFound() | NoAnswer():
                reason = answer.reason if isinstance(answer, NoAnswer) else "the PAC does not know the id"
                document = await self._follow_up(document, actor=actor, failure=reason)
                return _outcome(document, PdfOutcome.FAILED, reason)

    async def _leave_repetition(self, document: FiscalDocument, asked: PacDocumentId, shown: PacDocument) -> Refreshed:
        """The CUFE has another id: look among those that we know."""

        def leave(current: FiscalDocument) -> Change | None:
            if current.pac_document_id != asked or not is_refused_repetition(current, shown):
                return None  # another refresh was faster, and follows the right id perhaps
            return leave_repetition(current, now=self._clock.now())

        document = await self._documents.update(document.tenant_id, document.document_id, leave)
        if document.hinted_ids:
            document = await self._examine_hints(document)
        return Refreshed(document=document, pdf=PdfOutcome.NOT_READY, reason=document.quarantine_reason or "")

    async def _look_up(self, document: FiscalDocument, pac_document_id: PacDocumentId) -> LookUpAnswer:
        account = await self._find_account(document.tenant_id)
        return await self._pac.look_up(account, document.document_type, pac_document_id)

    async def _take(self, document: FiscalDocument, asked: PacDocumentId, shown: PacDocument, actor: str) -> Refreshed:
        def apply(current: FiscalDocument) -> Change | None:
            if current.standing_id != asked:
                return None  # another refresh found the id that is authorised: this news is of the other one
            return _apply(current, shown, now=self._clock.now(), actor=actor)

        document = await self._documents.update(document.tenant_id, document.document_id, apply)
        if document.standing_id != asked or shows_another(document, shown):
            document = await self._follow_up(document, actor=actor)
            return _outcome(document, PdfOutcome.FAILED, "the PAC showed another document")
        fetched: list[Attachment] = []
        failures: dict[FileKind, str] = {}
        for kind in missing_files(document):
            result = await self._fetch(document, kind, shown)
            if isinstance(result, Attachment):
                fetched.append(result)
            elif result:
                failures[kind] = result
        document = await self._follow_up(document, actor=actor, fetched=tuple(fetched), failures=failures)
        if any(file.kind is FileKind.PDF for file in fetched):
            return Refreshed(document=document, pdf=PdfOutcome.STORED)
        if FileKind.PDF in failures:
            return _outcome(document, PdfOutcome.FAILED, failures[FileKind.PDF])
        return _outcome(document, PdfOutcome.NOT_READY, "the PAC has no PDF for it yet")

    async def _fetch(self, document: FiscalDocument, kind: FileKind, shown: PacDocument) -> Attachment | str:
        """The stored file, or why not; an empty text when the PAC gave no address."""
        url = shown.pdf_url if kind is FileKind.PDF else shown.xml_url
        if url is None:
            return ""
        download = self._pac.download_pdf if kind is FileKind.PDF else self._pac.download_xml
        answer = await download(url)
        match answer:
            case DownloadFailed(reason=reason):
                return reason
            case Downloaded(content=content):
                try:
                    digest = await self._files.put(document.tenant_id, content)
                except StoreUnavailableError as error:
                    return f"the file store cannot keep it: {error}"
                return Attachment(
                    kind=kind,
                    digest=digest,
                    size=len(content),
                    file_name=f"{document.cufe or document.expected_cufe}.{kind.value.lower()}",
                    # as of what was shown: another refresh may have learnt of the authorisation meanwhile
                    is_provisional=(read_status(shown.legal_status) or document.standing_status)
                    is not LegalStatus.DGI_AUTHORIZED,
                    stored_at=self._clock.now(),
                )

    async def _follow_up(
        self,
        document: FiscalDocument,
        *,
        actor: str,
        fetched: tuple[Attachment, ...] = (),
        failures: dict[FileKind, str] | None = None,
        failure: str = "",
    ) -> FiscalDocument:
        fraction = self._chance.fraction()
        reasons = {kind.value: why for kind, why in (failures or {}).items()}

        def apply(current: FiscalDocument) -> Change:
            now = self._clock.now()
            change = attach(current, fetched, actor=actor)
            after = schedule_follow_up(change.document, now=now, fraction=fraction, schedules=self._schedules)
            failed = tuple(
                Event(at=now, kind=EventKind.FILE_FAILED, actor=actor, facts={"file": file, "reason": bounded(why)})
                for file, why in reasons.items()
            )
            if failure:
                facts = {"reason": bounded(failure)}
                failed = (*failed, Event(at=now, kind=EventKind.CHECK_FAILED, actor=actor, facts=facts))
            return replace(change, document=after, events=change.events + failed)

        return await self._documents.update(document.tenant_id, document.document_id, apply)


def _apply(document: FiscalDocument, shown: PacDocument, *, now: datetime, actor: str) -> Change | None:
    """What a look-up shows of the document itself, and of its void."""
    change = apply_look_up(document, shown, now=now, actor=actor)
    if change is None or shows_another(document, shown):
        return change
    of_void = take_shown_void(change.document, shown, now=now)
    return change if of_void is None else replace(of_void, events=(*change.events, *of_void.events))


def _outcome(document: FiscalDocument, otherwise: PdfOutcome, reason: str) -> Refreshed:
    if any(file.kind is FileKind.PDF for file in document.files):
        return Refreshed(document=document, pdf=PdfOutcome.HELD)
    return Refreshed(document=document, pdf=otherwise, reason=reason)
