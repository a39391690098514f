"""The sales book of a month by ITBMS rate: what the monthly ITBMS return needs.

Invoices and debit notes add, credit notes subtract, voided documents are listed and count for nothing. A document that
the DGI has not decided on yet is listed as open; what else keeps a book from being final, core.book_finality says.
Documents that were refused or rejected, drafts, imports and purchases (iTipoOp 2) are not in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from core.book_finality import BookOpening, BookOpenReason, open_reasons
from core.codes import ItbmsRate, OperationType
from core.csv_text import csv_text
from core.documents import DocumentMode, FiscalDocument
from core.issue_time import panama_date
from core.money import exact_arithmetic
from core.months import Month
from core.voids import VoidWindow

_NOTHING = Decimal("0.00")


class BookKind(Enum):
    """What a line does to the sums."""

    SALE = "SALE"
    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class BookStanding(Enum):
    """Whether a line counts."""

    COUNTS = "COUNTS"
    VOID = "VOID"
    OPEN = "OPEN"  # under way, in doubt, or not authorised by the DGI yet


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """One document of the month."""

    document: FiscalDocument
    kind: BookKind
    standing: BookStanding
    open_because: tuple[BookOpenReason, ...] = ()  # what may still change it
    voidable_until: datetime | None = None  # with VOID_WINDOW_OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSum:
    """What one ITBMS rate adds up to, in balboas; bases are before tax."""

    rate: ItbmsRate
    sales_base: Decimal = _NOTHING
    sales_itbms: Decimal = _NOTHING
    debits_base: Decimal = _NOTHING
    debits_itbms: Decimal = _NOTHING
    credits_base: Decimal = _NOTHING
    credits_itbms: Decimal = _NOTHING

    @property
    def net_base(self) -> Decimal:
        """Sales and debits less credits; negative when more was credited than sold."""
        with exact_arithmetic():
            return self.sales_base + self.debits_base - self.credits_base

    @property
    def net_itbms(self) -> Decimal:
        """The ITBMS of ``net_base``."""
        with exact_arithmetic():
            return self.sales_itbms + self.debits_itbms - self.credits_itbms


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesBook:
    """A month's book. ``rates`` has every rate, also those without a sale."""

    month: Month
    lines: tuple[BookLine, ...]  # in the order of issue
    rates: tuple[RateSum, ...]
    retention: Decimal  # ITBMS that receivers withheld, of documents that count, less that of credit notes
    total: Decimal  # with taxes, credits subtracted
    is_over: bool  # the month has ended in Panama

    @property
    def open_count(self) -> int:
        """How many documents may still come into the sums."""
        return sum(line.standing is BookStanding.OPEN for line in self.lines)

    @property
    def void_count(self) -> int:
        """How many are void."""
        return sum(line.standing is BookStanding.VOID for line in self.lines)

    @property
    def is_final(self) -> bool:
        """Whether nothing can change it any more by itself or by a void."""
        return not self.openings

    @property
    def openings(self) -> tuple[BookOpening, ...]:
        """Why it is not final: each reason once, with the number of documents that it concerns."""
        running = BookOpening(reason=BookOpenReason.MONTH_RUNNING, count=0, until=self.month.ends)
        of_month = () if self.is_over else (running,)
        found = {reason: [line for line in self.lines if reason in line.open_because] for reason in BookOpenReason}
        of_lines = (
            BookOpening(
                reason=reason,
                count=len(lines),
                until=max((line.voidable_until for line in lines if line.voidable_until is not None), default=None),
            )
            for reason, lines in found.items()
            if lines
        )
        return (*of_month, *of_lines)

    @property
    def net_base(self) -> Decimal:
        """Over all rates."""
        with exact_arithmetic():
            return sum((rate.net_base for rate in self.rates), _NOTHING)

    @property
    def net_itbms(self) -> Decimal:
        """Over all rates: what the return declares before retentions."""
        with exact_arithmetic():
            return sum((rate.net_itbms for rate in self.rates), _NOTHING)


def sales_book(month: Month, documents: Iterable[FiscalDocument], *, now: datetime, window: VoidWindow) -> SalesBook:
    """The book of a month from all of its documents, in any order, as it stands at ``now``."""
    ordered = sorted(documents, key=lambda document: (document.issued_at, document.document_id))
    found = (_line(document, now=now, window=window) for document in ordered)
    lines = tuple(line for line in found if line is not None)
    counting = [line for line in lines if line.standing is BookStanding.COUNTS]
    retention = total = _NOTHING
    with exact_arithmetic():
        for line in counting:
            sign = -1 if line.kind is BookKind.CREDIT else 1
            retention += sign * (line.document.totals.retention_amount or _NOTHING)
            total += sign * line.document.totals.total
    return SalesBook(
        month=month,
        lines=lines,
        rates=tuple(_rate_sum(rate, counting) for rate in ItbmsRate),
        retention=retention,
        total=total,
        is_over=now >= month.ends,
    )


COLUMNS = (
    *("issued_on", "document_type", "billing_point", "number", "cufe", "receiver_ruc", "receiver_name", "kind"),
    *("standing", "net"),
    *(f"{part}_{rate.value}" for rate in ItbmsRate for part in ("base", "itbms")),
    *("total", "retention", "may_change"),
)


def book_as_csv(book: SalesBook) -> str:
    """One row per document; amounts as the document says them, all positive: ``kind`` and ``standing`` say what they
    do to the sums. ``may_change`` is empty when the row is final, else it has the codes of what keeps it open."""
    of_month = () if book.is_over else (BookOpenReason.MONTH_RUNNING,)
    return csv_text(COLUMNS, ((*_row(line), _codes((*of_month, *line.open_because))) for line in book.lines))


def _line(document: FiscalDocument, *, now: datetime, window: VoidWindow) -> BookLine | None:
    is_sale = document.mode is DocumentMode.DGI and document.draft.operation is OperationType.OUTGOING
    if not is_sale or not (document.may_count or document.is_void):
        return None
    if document.is_void:
        standing = BookStanding.VOID
    else:
        standing = BookStanding.COUNTS if document.is_issued else BookStanding.OPEN
    reasons = open_reasons(document, now=now, window=window)
    is_voidable = BookOpenReason.VOID_WINDOW_OPEN in reasons
    return BookLine(
        document=document,
        kind=_kind(document),
        standing=standing,
        open_because=reasons,
        voidable_until=window.closes_at(document.issued_at) if is_voidable else None,
    )


def _codes(reasons: Iterable[BookOpenReason]) -> str:
    return " ".join(reason.value for reason in reasons)


def _kind(document: FiscalDocument) -> BookKind:
    if document.document_type.is_credit_note:
        return BookKind.CREDIT
    return BookKind.DEBIT if document.document_type.is_debit_note else BookKind.SALE


def _rate_sum(rate: ItbmsRate, lines: list[BookLine]) -> RateSum:
    sums = dict.fromkeys(BookKind, (_NOTHING, _NOTHING))
    with exact_arithmetic():
        for line in lines:
            for each in line.document.totals.rates:
                if each.rate is rate:
                    base, itbms = sums[line.kind]
                    sums[line.kind] = (base + each.base, itbms + each.itbms_amount)
    (sales, debits, credited) = (sums[BookKind.SALE], sums[BookKind.DEBIT], sums[BookKind.CREDIT])
    return RateSum(
        rate=rate,
        sales_base=sales[0],
        sales_itbms=sales[1],
        debits_base=debits[0],
        debits_itbms=debits[1],
        credits_base=credited[0],
        credits_itbms=credited[1],
    )


def _row(line: BookLine) -> tuple[object, ...]:
    document = line.document
    by_rate = {each.rate: each for each in document.totals.rates}
    amounts = [
        amount
        for rate in ItbmsRate
        for amount in ((by_rate[rate].base, by_rate[rate].itbms_amount) if rate in by_rate else (_NOTHING, _NOTHING))
    ]
    return (
        panama_date(document.issued_at).isoformat(),
        document.document_type.value,
        document.series.billing_point,
        f"{document.number:010d}",
        document.cufe or document.expected_cufe,
        document.draft.receiver.ruc,
        document.draft.receiver.name,
        line.kind.value,
        line.standing.value,
        document.totals.net_total,
        *amounts,
        document.totals.total,
        document.totals.retention_amount,
    )
