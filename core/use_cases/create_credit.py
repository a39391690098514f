"""A credit note that names an invoice."""

from dataclasses import dataclass, field

from core.documents import DocumentMode, FiscalDocument
from core.errors import IstmoError
from core.failures import CreditOvertakenError
from core.fingerprint import fingerprint
from core.identifiers import DocumentId, TenantId
from core.intents import checked_key
from core.notes.agreement import credited, refuse_unfit
from core.notes.crediting import CreditTerms, draft_credit
from core.notes.intents import Origin, Wish, naming_intent
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.use_cases.issue_document import IssueDocument

PLANS_MAX = 5  # of two notes at once the later one is planned anew on what the earlier one left


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredit:
    """What the caller asks for. The office and billing point left out are those of the invoice."""

    invoice_id: DocumentId
    terms: CreditTerms
    origin: Origin = field(default_factory=Origin)


class CreateCredit:
    """Give back all that is left of an invoice, or parts of its lines. The same key and input give the same note.

    The amounts are planned on what is left, and the invoice agrees under its lock: two notes at once never exceed it.
    """

    def __init__(self, documents: DocumentRepository, issue: IssueDocument, clock: Clock) -> None:
        self._documents = documents
        self._issue = issue
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        credit: NewCredit,
        *,
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """The note as it stands when the PAC answered or ``wait_seconds`` are over.

        A PROFORM note holds nothing back from others; its amounts are looked at again when it is converted. Raises
        DocumentNotFoundError, what ``refuse_unfit`` and ``draft_credit`` raise, CreditOvertakenError (others credited
        the invoice again and again meanwhile), and what IssueDocument raises: ``credit_note_too_late`` among the
        findings of preflight for an invoice past the age limit.
        """
        meaning = fingerprint("createCredit", {"credit": credit, "mode": mode})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return existing
        wish = Wish(mode=mode, idempotency_key=idempotency_key, fingerprint=meaning, actor=actor, at=self._clock.now())
        try:
            return await self._planned_anew(tenant_id, credit, wish, wait_seconds)
        except IstmoError:  # what is not left may have been taken by this very call, made twice at the same moment
            existing = await self._documents.find_by_key(tenant_id, idempotency_key, meaning)
            if existing is None:
                raise
            return existing

    async def _planned_anew(
        self, tenant_id: TenantId, credit: NewCredit, wish: Wish, wait_seconds: float
    ) -> FiscalDocument:
        for _ in range(PLANS_MAX - 1):
            try:
                return await self._planned(tenant_id, credit, wish, wait_seconds)
            except CreditOvertakenError:
                continue
        return await self._planned(tenant_id, credit, wish, wait_seconds)

    async def _planned(self, tenant_id: TenantId, credit: NewCredit, wish: Wish, wait_seconds: float) -> FiscalDocument:
        invoice = await self._documents.get(tenant_id, credit.invoice_id)
        refuse_unfit(invoice)
        notes = await self._documents.notes_of(tenant_id, [invoice.document_id])
        draft = draft_credit(invoice, notes, credit.terms)
        intent = naming_intent(invoice, draft, credited, origin=credit.origin, wish=wish)
        return await self._issue(intent, wait_seconds=wait_seconds)
