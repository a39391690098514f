"""Payments in SQL: each change locks the document's row and grows its timeline in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.document_rows import document_of
from adapters.persistence.instants import from_micros, to_micros
from adapters.persistence.sql_document_statements import get_document
from adapters.persistence.sql_documents import update_document
from adapters.persistence.sql_intents import claim_intent
from adapters.persistence.statements import Row, Statement, one_of
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import document_payments, payment_reversals
from core.codes import PaymentForm
from core.documents import Change, FiscalDocument
from core.failures import PaymentAlreadyReversedError, PaymentNotFoundError
from core.identifiers import DocumentId, PaymentId, ReversalId, TenantId
from core.intents import Intent
from core.payments import RecordedPayment, Reversal
from core.ports.payment_book import Entered, Judge, PaymentBook

_p, _r = document_payments.c, payment_reversals.c
_whole = (
    sa.select(document_payments, _r.reversal_id, _r.reversed_at, _r.reversed_by, _r.reason)
    .join_from(
        document_payments,
        payment_reversals,
        sa.and_(_r.tenant_id == _p.tenant_id, _r.payment_id == _p.payment_id),
        isouter=True,
    )
    .where(_p.tenant_id == sa.bindparam("tenant"))
)
_one_payment = Statement(_whole.where(_p.payment_id == sa.bindparam("payment")))
_payments_of = Statement(_whole.where(one_of(_p.document_id, "documents")).order_by(_p.document_id, _p.payment_id))
_add_payment = Statement(sa.insert(document_payments))
_add_reversal = Statement(sa.insert(payment_reversals))


class SqlPaymentBook(PaymentBook):
    """Asks for the intent first and the document's row second, always in this order."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def record(self, payment: RecordedPayment, *, intent: Intent, judge: Judge) -> Entered:
        """See the port."""
        tenant_id, document_id = payment.tenant_id, payment.document_id

        def unit(connection: Connection) -> Entered:
            made = claim_intent(connection, tenant_id, intent, subject_id=payment.payment_id, at=payment.recorded_at)
            if made != payment.payment_id:
                return _as_it_stands(connection, tenant_id, PaymentId(made))
            document = update_document(connection, tenant_id, document_id, _judged(connection, judge))
            connection.run(_add_payment, **storable(_columns(payment)))
            return Entered(payment=payment, document=document)

        return await self._units.claim(unit, tenant_id=tenant_id)

    async def reverse(
        self, tenant_id: TenantId, payment_id: PaymentId, reversal: Reversal, *, intent: Intent, judge: Judge
    ) -> Entered:
        """See the port."""

        def unit(connection: Connection) -> Entered:
            made = claim_intent(connection, tenant_id, intent, subject_id=reversal.reversal_id, at=reversal.reversed_at)
            if made != reversal.reversal_id:
                return _as_it_stands(connection, tenant_id, payment_id)
            document_id = _payment(connection, tenant_id, payment_id).document_id

            def step(current: FiscalDocument) -> Change:
                _refuse_reversed(_payment(connection, tenant_id, payment_id))
                return _judged(connection, judge)(current)

            document = update_document(connection, tenant_id, document_id, step)
            connection.run(_add_reversal, **storable(_reversal_columns(tenant_id, payment_id, reversal)))
            return Entered(payment=_payment(connection, tenant_id, payment_id), document=document)

        return await self._units.claim(unit, tenant_id=tenant_id)

    async def payments_of(
        self, tenant_id: TenantId, document_ids: Sequence[DocumentId]
    ) -> Mapping[DocumentId, Sequence[RecordedPayment]]:
        """See the port."""
        refuse_page(len(document_ids))
        rows = await self._units.read(_payments_of, tenant_id=tenant_id, documents=list(document_ids))
        found: dict[DocumentId, list[RecordedPayment]] = {document_id: [] for document_id in document_ids}
        for row in rows:
            found[row["document_id"]].append(_payment_of(row))
        return found


def _judged(connection: Connection, judge: Judge) -> Callable[[FiscalDocument], Change]:
    """The step of a judge: what it says is written, the document itself stays as it is."""

    def step(document: FiscalDocument) -> Change:
        rows = connection.execute(
            _payments_of, **storable({"tenant": document.tenant_id}), documents=[document.document_id]
        )
        return Change(document=document, events=(judge(document, tuple(map(_payment_of, rows))),))

    return step


def _as_it_stands(connection: Connection, tenant_id: TenantId, payment_id: PaymentId) -> Entered:
    payment = _payment(connection, tenant_id, payment_id)
    row = connection.one(get_document, **storable({"tenant": tenant_id, "document": payment.document_id}))
    return Entered(payment=payment, document=document_of(row))


def _payment(connection: Connection, tenant_id: TenantId, payment_id: PaymentId) -> RecordedPayment:
    row = connection.one_or_none(_one_payment, **storable({"tenant": tenant_id, "payment": payment_id}))
    if row is None:
        raise PaymentNotFoundError(path=("paymentId",), payment_id=payment_id)
    return _payment_of(row)


def _refuse_reversed(payment: RecordedPayment) -> None:
    if payment.reversal is not None:
        raise PaymentAlreadyReversedError(
            path=("paymentId",),
            payment_id=payment.payment_id,
            reversed_at=payment.reversal.reversed_at.isoformat(timespec="seconds"),
        )


def _columns(payment: RecordedPayment) -> Row:
    return {
        "tenant_id": payment.tenant_id,
        "payment_id": payment.payment_id,
        "document_id": payment.document_id,
        "amount_cents": int(payment.amount.scaleb(2)),
        "method": payment.method.value,
        "paid_at": to_micros(payment.paid_at),
        "recorded_at": to_micros(payment.recorded_at),
        "recorded_by": payment.recorded_by,
        "reference": payment.reference,
        "external_id": payment.external_id,
    }


def _reversal_columns(tenant_id: TenantId, payment_id: PaymentId, reversal: Reversal) -> Row:
    return {
        "tenant_id": tenant_id,
        "payment_id": payment_id,
        "reversal_id": reversal.reversal_id,
        "reversed_at": to_micros(reversal.reversed_at),
        "reversed_by": reversal.reversed_by,
        "reason": reversal.reason,
    }


def _payment_of(row: Row) -> RecordedPayment:
    reversal = None
    if row["reversal_id"] is not None:
        reversal = Reversal(
            reversal_id=ReversalId(row["reversal_id"]),
            reversed_at=from_micros(row["reversed_at"]),
            reversed_by=row["reversed_by"],
            reason=row["reason"],
        )
    whole, cents = divmod(row["amount_cents"], 100)
    return RecordedPayment(
        tenant_id=row["tenant_id"],
        payment_id=row["payment_id"],
        document_id=row["document_id"],
        amount=Decimal(f"{whole}.{cents:02d}"),
        method=PaymentForm(row["method"]),
        paid_at=from_micros(row["paid_at"]),
        recorded_at=from_micros(row["recorded_at"]),
        recorded_by=row["recorded_by"],
        reference=row["reference"],
        external_id=row["external_id"],
        reversal=reversal,
    )
