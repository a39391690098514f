"""A debit note that names an invoice."""

from dataclasses import dataclass, field

from core.documents import DocumentMode, FiscalDocument
from core.fingerprint import fingerprint
from core.identifiers import DocumentId, TenantId
from core.intents import checked_key
from core.notes.agreement import debited, refuse_unfit
from core.notes.debiting import DebitTerms, draft_debit
from core.notes.intents import Origin, Wish, naming_intent
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.use_cases.issue_document import IssueDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDebit:
    """What the caller asks for. The office and billing point left out are those of the invoice."""

    invoice_id: DocumentId
    terms: DebitTerms
    origin: Origin = field(default_factory=Origin)


class CreateDebit:
    """Charge interest or an adjustment on top of an invoice. The same key and input give the same note back."""

    def __init__(self, documents: DocumentRepository, issue: IssueDocument, clock: Clock) -> None:
        self._documents = documents
        self._issue = issue
        self._clock = clock

    async def __call__(
        self,
        tenant_id: TenantId,
        debit: NewDebit,
        *,
        mode: DocumentMode,
        idempotency_key: str,
        wait_seconds: float,
        actor: str,
    ) -> FiscalDocument:
        """The note as it stands when the PAC answered or ``wait_seconds`` are over.

        Raises DocumentNotFoundError, what ``refuse_unfit`` raises, and what IssueDocument raises.
        """
        meaning = fingerprint("createDebit", {"debit": debit, "mode": mode})
        existing = await self._documents.find_by_key(tenant_id, checked_key(idempotency_key), meaning)
        if existing is not None:
            return existing
        invoice = await self._documents.get(tenant_id, debit.invoice_id)
        refuse_unfit(invoice)
        wish = Wish(mode=mode, idempotency_key=idempotency_key, fingerprint=meaning, actor=actor, at=self._clock.now())
        draft = draft_debit(invoice, debit.terms)
        intent = naming_intent(invoice, draft, debited, origin=debit.origin, wish=wish)
        return await self._issue(intent, wait_seconds=wait_seconds)
