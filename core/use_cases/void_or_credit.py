"""The void of an invoice, or, outside its window, the credit note of all that is left of it, in one call."""

from dataclasses import dataclass

from core.documents import DocumentMode, FiscalDocument
from core.failures import VoidWindowClosedError
from core.notes.crediting import CreditTerms
from core.ports.document_repository import DocumentRepository
from core.use_cases.create_credit import CreateCredit, NewCredit
from core.use_cases.request_void import RequestVoid, VoidRequest
from core.voids import checked_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidedOrCredited:
    """``credit``: the note that was made because the window had closed."""

    document: FiscalDocument
    credit: FiscalDocument | None = None


class VoidOrCredit:
    """Ask for a void; where our own clock says that the window has closed, credit the rest if the caller wants it.

    A PAC that answers "outside the window" to a void of ours fails that void, and nothing is credited by itself: the
    caller may long have left, and a credit note is a document that somebody must want.
    """

    def __init__(self, documents: DocumentRepository, request_void: RequestVoid, create_credit: CreateCredit) -> None:
        self._documents = documents
        self._request_void = request_void
        self._create_credit = create_credit

    async def __call__(self, request: VoidRequest, *, credit_instead: bool, wait_seconds: float) -> VoidedOrCredited:
        """The same key gives the same void or the same note. Raises what RequestVoid and CreateCredit raise."""
        try:
            document = await self._request_void(request, wait_seconds=wait_seconds)
        except VoidWindowClosedError:
            if not credit_instead:
                raise
            return await self._credit_the_rest(request, wait_seconds)
        return VoidedOrCredited(document=document)

    async def _credit_the_rest(self, request: VoidRequest, wait_seconds: float) -> VoidedOrCredited:
        terms = CreditTerms(reason=checked_reason(request.reason))
        note = await self._create_credit(
            request.tenant_id,
            NewCredit(invoice_id=request.document_id, terms=terms),
            mode=DocumentMode.DGI,
            idempotency_key=request.idempotency_key,
            wait_seconds=wait_seconds,
            actor=request.actor,
        )
        invoice = await self._documents.get(request.tenant_id, request.document_id)
        return VoidedOrCredited(document=invoice, credit=note)
