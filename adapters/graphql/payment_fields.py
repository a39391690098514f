"""What a document owes and what was received for it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ariadne import EnumType, ObjectType

from adapters.graphql.request_context import Info
from core.business_status import BusinessStatus
from core.documents import FiscalDocument
from core.payments import RecordedPayment


async def _status(document: FiscalDocument, info: Info) -> BusinessStatus | None:
    standing = await info.context.standings.of(document)
    return standing.status if standing else None


async def _balance(document: FiscalDocument, info: Info) -> Decimal | None:
    standing = await info.context.standings.of(document)
    return standing.sums.balance if standing else None


async def _is_past_due(document: FiscalDocument, info: Info) -> bool:
    standing = await info.context.standings.of(document)
    return standing.is_past_due if standing else False


async def _due_on(document: FiscalDocument, info: Info) -> date | None:
    standing = await info.context.standings.of(document)
    return standing.due_on if standing else None


async def _paid_total(document: FiscalDocument, info: Info) -> Decimal | None:
    standing = await info.context.standings.of(document)
    return standing.sums.payments if standing else None


async def _credited_total(document: FiscalDocument, info: Info) -> Decimal | None:
    standing = await info.context.standings.of(document)
    return standing.sums.credits if standing else None


async def _withheld_total(document: FiscalDocument, info: Info) -> Decimal | None:
    standing = await info.context.standings.of(document)
    return standing.sums.retention if standing else None


async def _recorded_payments(document: FiscalDocument, info: Info) -> Sequence[RecordedPayment]:
    standing = await info.context.standings.of(document)
    payments = standing.payments if standing else ()
    info.context.rows.spend(len(payments))
    return payments


def payment_types() -> list[ObjectType | EnumType]:
    """The types of payments, and what payments add to a document."""
    document = ObjectType("Document")
    document.set_field("businessStatus", _status)
    document.set_field("balance", _balance)
    document.set_field("isPastDue", _is_past_due)
    document.set_field("dueOn", _due_on)
    document.set_field("paidTotal", _paid_total)
    document.set_field("creditedTotal", _credited_total)
    document.set_field("withheldTotal", _withheld_total)
    document.set_field("recordedPayments", _recorded_payments)
    payment = ObjectType("RecordedPayment")
    payment.set_alias("id", "payment_id")
    return [document, payment, EnumType("BusinessStatus", BusinessStatus)]
