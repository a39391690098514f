"""Sound drafts of every document type and receiver: preflight lets nearly all of them pass, warnings aside.

``drafts(abroad=False)`` draws only what the PAC's confirmed keys can carry; with ``abroad=True`` foreigners, exports
and contingency come too, whose keys a setting must name. OTI is drawn by ``with_oti`` alone: no key is known for it.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from adapters.alanube.fake.strategies.draft_pieces import cents, lines, millionths, receivers, texts
from adapters.alanube.fake.strategies.taxpayers import cufe_parts
from core.codes import (
    CafeDelivery,
    CafeFormat,
    ContainerHandling,
    Destination,
    DocumentType,
    EmissionType,
    OperationType,
    OtiCode,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
    SaleType,
)
from core.combinations import COMBINATIONS
from core.cufe import build_cufe
from core.drafts import (
    Draft,
    DraftContingency,
    DraftDiscount,
    DraftExport,
    DraftInstalment,
    DraftPayment,
    DraftReference,
    OtiCharge,
)
from core.issue_time import panama_date
from core.totals import Totals, compute_totals

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
ZERO = Decimal(0)
AT_HOME = (
    DocumentType.DOMESTIC_INVOICE,
    DocumentType.REFERRING_CREDIT_NOTE,
    DocumentType.REFERRING_DEBIT_NOTE,
    DocumentType.GENERIC_CREDIT_NOTE,
    DocumentType.GENERIC_DEBIT_NOTE,
    DocumentType.FREE_ZONE_INVOICE,
    DocumentType.REIMBURSEMENT,
)


@st.composite
def drafts(draw: st.DrawFn, *, abroad: bool = False, document_types: tuple[DocumentType, ...] | None = None) -> Draft:
    """A draft that can be issued at ``NOW``."""
    document_type = draw(st.sampled_from(document_types or (tuple(DocumentType) if abroad else AT_HOME)))
    allowed = COMBINATIONS[document_type]
    goes_abroad = abroad and Destination.ABROAD in allowed.destinations and draw(st.booleans())
    goes_abroad = goes_abroad or Destination.PANAMA not in allowed.destinations
    kinds = sorted(allowed.receivers)
    if not (abroad or goes_abroad):
        kinds = [kind for kind in kinds if kind is not ReceiverType.FOREIGNER]
    kind = draw(st.sampled_from(kinds))
    on_lines, on_document = draw(st.sampled_from([(True, False), (False, True), (False, False)]))
    needs_cpbs = kind is ReceiverType.GOVERNMENT
    line = lines(has_freight=on_lines, has_insurance=on_lines, needs_cpbs=needs_cpbs)
    draft = Draft(
        document_type=document_type,
        receiver=draw(receivers(kind, draw(st.sampled_from(["US", "DE", "CO"])) if goes_abroad else "PA")),
        lines=tuple(draw(st.lists(line, min_size=1, max_size=4))),
        prices_include_itbms=draw(st.booleans()),
        nature=draw(st.sampled_from(sorted(allowed.natures))),
        operation=draw(st.sampled_from(sorted(allowed.operations))) or OperationType.OUTGOING,
        destination=Destination.ABROAD if goes_abroad else Destination.PANAMA,
        sale_type=draw(st.sampled_from([None, *SaleType])) if document_type.is_invoice else None,
        container=draw(st.sampled_from(ContainerHandling)),
        freight=draw(cents()) if on_document else ZERO,
        insurance=draw(cents()) if on_document else ZERO,
        other_charges=draw(cents()),
        references=draw(references(document_type)),
        information=draw(st.none() | texts(1, 5000) | st.just("primera línea\nsegunda línea")),
    )
    draft = replace(draft, **draw(_printing()))
    if goes_abroad:
        draft = replace(draft, export=draw(exports()))
    if abroad:
        draft = replace(draft, **draw(_emission(is_taxpayer=kind is ReceiverType.TAXPAYER)))
    return draw(paid(draft))


@st.composite
def with_oti(draw: st.DrawFn, base: st.SearchStrategy[Draft]) -> Draft:
    """A draft of ``base`` whose lines carry other taxes; its payments are left to the totals."""
    draft = draw(base)
    charges = st.lists(
        st.builds(OtiCharge, code=st.sampled_from(OtiCode), amount=millionths(0, 99_999_999)),
        max_size=3,
        unique_by=lambda charge: charge.code,
    )
    changed = tuple(replace(line, oti=tuple(draw(charges))) for line in draft.lines)
    return replace(draft, lines=changed, payments=(), instalments=(), payment_time=PaymentTime.IMMEDIATE)


@st.composite
def references(draw: st.DrawFn, document_type: DocumentType) -> tuple[DraftReference, ...]:
    """What a document may name: invoices by CUFE for 04 and 05, paper and fiscal printers for any note."""
    if document_type.is_invoice:
        return ()
    days = st.integers(0, 170).map(lambda ago: panama_date(NOW) - timedelta(days=ago))
    kinds = ["cufe", "paper", "printer"] if document_type.is_referring else ["paper", "printer"]
    least = 1 if document_type.is_referring else 0
    named = []
    for _ in range(draw(st.integers(least, 2))):
        day = draw(days)
        issued_at = min(datetime.combine(day, time(17), UTC), NOW)
        kind = draw(st.sampled_from(kinds))
        if kind == "cufe":
            parts = draw(cufe_parts(st.just(DocumentType.DOMESTIC_INVOICE), st.just(day)))
            named.append(DraftReference(issued_at=issued_at, cufe=build_cufe(parts)))
        elif kind == "paper":
            named.append(DraftReference(issued_at=issued_at, paper_number=draw(texts(1, 22))))
        else:
            named.append(DraftReference(issued_at=issued_at, printer_number=draw(texts(1, 22))))
    distinct = {reference.cufe or place: reference for place, reference in enumerate(named)}
    return tuple(distinct.values())


@st.composite
def exports(draw: st.DrawFn) -> DraftExport:
    """The export group, in USD or with a rate."""
    currency = draw(st.sampled_from(["USD", "EUR", "COP"]))
    return DraftExport(
        incoterm=draw(st.sampled_from(["FOB", "CIF", "EXW"])),
        currency=currency,
        exchange_rate=None if currency == "USD" else draw(millionths(1, 9_999_000_000)),
        port=draw(st.none() | texts(1, 50)),
    )


@st.composite
def paid(draw: st.DrawFn, draft: Draft) -> Draft:
    """``draft`` with discounts, payments, instalments and retention that fit its total."""
    bare = compute_totals(draft)
    discounts = draw(st.lists(st.builds(DraftDiscount, description=texts(1, 100), amount=cents(1)), max_size=5))
    if sum(discount.amount for discount in discounts) <= bare.total:
        draft = replace(draft, discounts=tuple(discounts))
    totals = compute_totals(draft)
    draft = replace(draft, **draw(_retention(totals)))
    payment_time = draw(st.sampled_from(PaymentTime))
    payments = draw(_payments(totals.total, payment_time))
    instalments: tuple[DraftInstalment, ...] = ()
    if payment_time is not PaymentTime.IMMEDIATE:
        instalments = draw(_instalments(totals.total))
    return replace(draft, payment_time=payment_time, payments=payments, instalments=instalments)


@st.composite
def _payments(draw: st.DrawFn, total: Decimal, payment_time: PaymentTime) -> tuple[DraftPayment, ...]:
    if payment_time is not PaymentTime.MIXED and draw(st.booleans()):
        return ()
    first = (total * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))
    form = draw(st.sampled_from(PaymentForm))
    described = draw(texts(10, 100)) if form is PaymentForm.OTHER else None
    change = draw(st.sampled_from([ZERO, ZERO, Decimal("0.05"), Decimal(20)]))
    return (
        DraftPayment(form=form, amount=first, description=described),
        DraftPayment(form=PaymentForm.CASH, amount=total - first + change),
    )


@st.composite
def _instalments(draw: st.DrawFn, total: Decimal) -> tuple[DraftInstalment, ...]:
    count = draw(st.integers(1, 3))
    each = (total / count).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    amounts = [each] * (count - 1) + [total - each * (count - 1)]
    if draw(st.integers(0, 9)) == 0:
        amounts[-1] += Decimal("1.00")  # warned about, never refused
    first = panama_date(NOW)
    return tuple(
        DraftInstalment(
            due_on=first + timedelta(days=30 * place), amount=amount, note=draw(st.none() | texts(15, 1000))
        )
        for place, amount in enumerate(amounts)
    )


@st.composite
def _retention(draw: st.DrawFn, totals: Totals) -> dict[str, Any]:
    code = draw(st.sampled_from([None, None, *RetentionCode]))
    if code is not RetentionCode.OTHER:
        return {"retention": code}
    share = draw(st.integers(0, 100))
    return {
        "retention": code,
        "retention_amount": (totals.itbms_total * share / 100).quantize(Decimal("0.01"), rounding="ROUND_DOWN"),
    }


@st.composite
def _printing(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    return draw(
        st.sampled_from(
            [
                {"cafe_format": CafeFormat.NONE, "cafe_delivery": CafeDelivery.NONE},
                {"cafe_format": CafeFormat.PAPER_ROLL, "cafe_delivery": CafeDelivery.PAPER},
            ]
        )
    )


@st.composite
def _emission(draw: st.DrawFn, *, is_taxpayer: bool) -> dict[str, Any]:
    emission = draw(st.sampled_from([each for each in EmissionType if each.is_prior or not is_taxpayer]))
    if not emission.is_contingency:
        return {"emission": emission}
    hours = draw(st.integers(0, 100))
    started_at = NOW - timedelta(hours=hours)
    return {"emission": emission, "contingency": DraftContingency(started_at=started_at, reason=draw(texts(15, 250)))}
