"""Money that was received for a document. It is kept beside the document and changes nothing that the DGI sees."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.codes import PaymentForm
from core.identifiers import DocumentId, PaymentId, ReversalId, TenantId

AMOUNT_MAX = Decimal("99999999999.99")  # as many digits as dVTot has (2507)
PAYMENTS_MAX = 200  # of one document, reversed ones included
TEXT_MAX = 200  # characters of a reference, of an external id
REASON_MIN, REASON_MAX = 5, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Why a payment counts no longer. It is the last word: a payment that counts after all is recorded anew."""

    reversal_id: ReversalId
    reversed_at: datetime
    reversed_by: str  # caller:<key id>
    reason: str  # 5 to 1000 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPayment:
    """One payment. It is never changed and never deleted; a reversal stands beside it."""

    tenant_id: TenantId
    payment_id: PaymentId
    document_id: DocumentId
    amount: Decimal  # balboas, two decimals, above zero
    method: PaymentForm  # never CREDIT, which is a promise
    paid_at: datetime
    recorded_at: datetime
    recorded_by: str  # caller:<key id>
    reference: str | None = None  # what the bank or the till calls it
    external_id: str | None = None  # the caller's own id for it
    reversal: Reversal | None = None

    @property
    def counts(self) -> bool:
        """Whether it lowers what the document owes."""
        return self.reversal is None
