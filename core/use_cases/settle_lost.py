"""What an operator sees of the documents that a restore made unknown, and may say about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import DocumentMode
from core.errors import Wording
from core.failures import AdoptionRefusedError, DecisionRefusedError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.lifecycle.following import names_same
from core.lost_documents import LostDocument, say_issued, say_never_issued
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.lost_documents import LostDocuments
from core.ports.pac_gateway import Found, PacGateway
from core.ports.webhook_inbox import WebhookInbox
from core.use_cases.decide_document import checked_note
from core.use_cases.pac_account import FindPacAccount

_OTHER = Wording("the PAC shows another CUFE there: {cufe}", "el PAC muestra ahí otro CUFE: {cufe}")
_UNSEEN = Wording("the PAC did not show that document", "el PAC no mostró ese documento")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLost:
    """``told``: the ids under which webhooks named its CUFE since; they are at the PAC."""

    lost: LostDocument
    told: tuple[PacDocumentId, ...] = ()


class ShowLost:
    """Those that are still unknown: one that its caller's repetition brought back is a document again."""

    def __init__(self, lost: LostDocuments, documents: DocumentRepository, inbox: WebhookInbox) -> None:
        self._lost = lost
        self._documents = documents
        self._inbox = inbox

    async def __call__(
        self, tenant_id: TenantId, *, only_open: bool = True, limit: int = 100, after: DocumentId | None = None
    ) -> tuple[Sequence[ShownLost], DocumentId | None]:
        """One page, and where the next one begins. Raises MalformedPageError, StoreUnavailableError."""
        page = await self._lost.page(tenant_id, only_open=only_open, limit=limit, after=after)
        if not page:
            return [], None
        there = await self._documents.several(tenant_id, [one.document_id for one in page])
        came_back = {document.document_id for document in there if document.mode is DocumentMode.DGI}
        shown = [await self._show(one) for one in page if one.document_id not in came_back]
        return shown, page[-1].document_id if len(page) == limit else None

    async def _show(self, lost: LostDocument) -> ShownLost:
        waiting = await self._inbox.unmatched(lost.tenant_id, pac_document_id=None, cufe=lost.departure.cufe)
        told = dict.fromkeys(one.pac_document_id for one in waiting if one.pac_document_id is not None)
        return ShownLost(lost=lost, told=tuple(told))


class SettleLost:
    """A person's word, with who, when and why. What is a document again is decided as a document."""

    def __init__(
        self,
        lost: LostDocuments,
        documents: DocumentRepository,
        find_account: FindPacAccount,
        pac: PacGateway,
        clock: Clock,
    ) -> None:
        self._lost = lost
        self._documents = documents
        self._find_account = find_account
        self._pac = pac
        self._clock = clock

    async def issued(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        *,
        pac_document_id: PacDocumentId | None,
        note: str,
        operator: str,
    ) -> LostDocument:
        """It is at the PAC or the DGI. An id is read at the PAC, and taken only with the CUFE of the lost document.

        Raises DocumentNotFoundError, DecisionRefusedError, AdoptionRefusedError, MalformedInputError (the note),
        PacCompanyNotConfiguredError.
        """
        checked = checked_note(note, "note")
        lost = await self._missing(tenant_id, document_id)
        if pac_document_id is not None:
            await self._compare(lost, pac_document_id)
        return await self._lost.change(
            tenant_id,
            document_id,
            lambda one: say_issued(
                one, pac_document_id=pac_document_id, note=checked, operator=operator, now=self._clock.now()
            ),
        )

    async def never_issued(
        self, tenant_id: TenantId, document_id: DocumentId, *, note: str, operator: str
    ) -> LostDocument:
        """It is not at the PAC. Raises DocumentNotFoundError, DecisionRefusedError, MalformedInputError (the note)."""
        checked = checked_note(note, "note")
        await self._missing(tenant_id, document_id)
        return await self._lost.change(
            tenant_id,
            document_id,
            lambda one: say_never_issued(one, note=checked, operator=operator, now=self._clock.now()),
        )

    async def _missing(self, tenant_id: TenantId, document_id: DocumentId) -> LostDocument:
        lost = await self._lost.get(tenant_id, document_id)
        there = await self._documents.several(tenant_id, [document_id])
        if any(document.mode is DocumentMode.DGI for document in there):
            raise DecisionRefusedError(submission=there[0].submission.value)
        return lost

    async def _compare(self, lost: LostDocument, pac_document_id: PacDocumentId) -> None:
        account = await self._find_account(lost.tenant_id)
        answer = await self._pac.look_up(account, lost.departure.series.document_type, pac_document_id)
        difference = _UNSEEN
        if isinstance(answer, Found):
            if answer.document.cufe is not None and names_same(answer.document.cufe, lost.departure.cufe):
                return
            difference = _OTHER.filled({"cufe": answer.document.cufe or "-"})
        raise AdoptionRefusedError(pac_document_id=pac_document_id, difference=difference)
