"""What is asked about a document later, at the door of the use cases.

Each answers with a Later, and raises NobodyAnswersError where the caller is told to come again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bootstrap.simulation.processes import NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.wishes import Shop
from core.codes import PaymentForm
from core.documents import DocumentMode, FiscalDocument
from core.drafts import DraftLine
from core.errors import Category, IstmoError
from core.identifiers import ApiKeyId, DocumentId, PaymentId
from core.notes.crediting import CreditTerms
from core.notes.debiting import DebitTerms
from core.successors import Changes
from core.use_cases.create_credit import CreateCredit, NewCredit
from core.use_cases.create_debit import CreateDebit, NewDebit
from core.use_cases.decide_document import GiveUpDocument
from core.use_cases.record_payment import NewPayment, RecordPayment
from core.use_cases.reissue_document import ReissueDocument
from core.use_cases.request_void import RequestVoid, VoidRequest
from core.use_cases.reverse_payment import ReversePayment

VOID_REASON = "La operación no se realizó"
CREDIT_REASON = "Devolución de la mercancía"
DEBIT_REASON = "Intereses por mora"
INTEREST = DraftLine(description=DEBIT_REASON, quantity=Decimal(1), unit_price=Decimal("3.17"))
GIVE_UP_REASON = "El PAC confirmó que no lo tiene"
REVERSAL_REASON = "Cheque devuelto"
LATER_WAIT = 10.0
CALLER = "caller:simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """``made``: the id of what there is now. ``refusal``: a code. ``state``: of the document, where a refusal says.
    ``again_at``: when the caller was told to come again."""

    made: str | None = None
    refusal: str | None = None
    state: str = ""
    again_at: datetime | None = None


async def void(process: SimulatedProcess, shop: Shop, document_id: str, key: str) -> Later:
    """The void of a document."""
    request = VoidRequest(
        tenant_id=shop.tenant_id,
        document_id=DocumentId(document_id),
        reason=VOID_REASON,
        idempotency_key=key,
        actor=CALLER,
    )
    ask = await process.get(RequestVoid)

    async def made() -> str:
        return (await ask(request, wait_seconds=LATER_WAIT)).document_id

    return await _later(made())


async def credit(process: SimulatedProcess, shop: Shop, document_id: str, key: str) -> Later:
    """A credit note of all that is left."""
    asked = NewCredit(invoice_id=DocumentId(document_id), terms=CreditTerms(reason=CREDIT_REASON))
    return await _later(_noted(await process.get(CreateCredit), shop, asked, key))


async def debit(process: SimulatedProcess, shop: Shop, document_id: str, key: str) -> Later:
    """A debit note with one line of interest."""
    asked = NewDebit(invoice_id=DocumentId(document_id), terms=DebitTerms(lines=(INTEREST,), reason=DEBIT_REASON))
    return await _later(_noted(await process.get(CreateDebit), shop, asked, key))


async def _noted(create: Callable[..., Awaitable[FiscalDocument]], shop: Shop, asked: object, key: str) -> str:
    note = await create(
        shop.tenant_id, asked, mode=DocumentMode.DGI, idempotency_key=key, wait_seconds=LATER_WAIT, actor=CALLER
    )
    return note.document_id


async def reissue(
    process: SimulatedProcess, shop: Shop, document_id: str, changes: Changes, key: str, *, wait: float
) -> Later:
    """The corrected successor of a document."""
    again = await process.get(ReissueDocument)

    async def made() -> str:
        successor = await again(
            shop.tenant_id,
            DocumentId(document_id),
            changes,
            idempotency_key=key,
            wait_seconds=wait,
            actor=CALLER,
        )
        return successor.document_id

    return await _later(made())


async def give_up(process: SimulatedProcess, shop: Shop, document_id: str) -> Later:
    """An operator says that the PAC does not have it."""
    stop = await process.get(GiveUpDocument)

    async def made() -> str:
        operator = ApiKeyId("simulation")
        return (await stop(shop.tenant_id, DocumentId(document_id), GIVE_UP_REASON, operator)).document_id

    return await _later(made())


async def pay(process: SimulatedProcess, shop: Shop, document_id: str, cents: int, key: str, at: datetime) -> Later:
    """A payment. Its key is its reference, so that whoever reads the book knows whose it is."""
    record = await process.get(RecordPayment)
    payment = NewPayment(amount=Decimal(cents) / 100, method=PaymentForm.CASH, paid_at=at, reference=key)

    async def made() -> str:
        entered = await record(shop.tenant_id, DocumentId(document_id), payment, idempotency_key=key, actor=CALLER)
        return entered.payment.payment_id

    return await _later(made())


async def reverse(process: SimulatedProcess, shop: Shop, payment_id: str, key: str) -> Later:
    """A payment counts no longer."""
    take_back = await process.get(ReversePayment)

    async def made() -> str:
        entered = await take_back(
            shop.tenant_id, PaymentId(payment_id), REVERSAL_REASON, idempotency_key=key, actor=CALLER
        )
        return entered.payment.payment_id

    return await _later(made())


async def _later(made: Awaitable[str]) -> Later:
    try:
        return Later(made=await made)
    except IstmoError as error:
        if error.category is Category.UNAVAILABLE:
            raise NobodyAnswersError from error
        again_at = error.details.get("again_at")
        return Later(
            refusal=error.code,
            state=error.details.get("state", ""),
            again_at=None if again_at is None else datetime.fromisoformat(again_at),
        )
