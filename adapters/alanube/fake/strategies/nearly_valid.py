"""Drafts that break one rule of the DGI on the wire, made from sound ones; ``BREAKS`` names the rules.

``STAYS_OFF_THE_WIRE`` says why the other rules cannot be compared with the fake's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st

from adapters.alanube.fake.strategies.draft_pieces import receivers
from adapters.alanube.fake.strategies.drafts import NOW, drafts
from core.codes import (
    Destination,
    DocumentType,
    EmissionType,
    OperationNature,
    OperationType,
    PaymentForm,
    PaymentTime,
    ReceiverType,
)
from core.cufe import build_cufe, parse_cufe
from core.drafts import (
    Draft,
    DraftContingency,
    DraftDiscount,
    DraftExport,
    DraftInstalment,
    DraftPayment,
    DraftReceiver,
    DraftReference,
)
from core.totals import compute_totals

DOMESTIC, EXPORT = DocumentType.DOMESTIC_INVOICE, DocumentType.EXPORT_INVOICE
CREDIT, DEBIT = DocumentType.REFERRING_CREDIT_NOTE, DocumentType.REFERRING_DEBIT_NOTE
FREE_ZONE, FOREIGN = DocumentType.FREE_ZONE_INVOICE, DocumentType.FOREIGN_OPERATION_INVOICE
TAXPAYER, CONSUMER = ReceiverType.TAXPAYER, ReceiverType.FINAL_CONSUMER
INVOICE_CUFE = "FE0120000155555555-2-2020-0700002026011500000000010010121234567898"
NAMED_AT = datetime(2026, 1, 15, 17, tzinfo=UTC)
CENT = Decimal("0.01")

Breaker = Callable[[Draft], Draft]


@dataclass(frozen=True, kw_only=True)
class Break:
    """How a rule is broken: which sound drafts to take, to whom, and what to do to them."""

    document_types: tuple[DocumentType, ...]
    breaker: Breaker
    receiver: ReceiverType | None = None
    ahead: timedelta = timedelta(0)  # how far the issue date lies after now


def nearly_valid_drafts(rule: str) -> st.SearchStrategy[Draft]:
    """Drafts that break ``rule`` and pass otherwise, but for rules that no draft can keep while breaking this one."""
    breaks = st.sampled_from(BREAKS[rule])
    return breaks.flatmap(_broken)


def _broken(how: Break) -> st.SearchStrategy[Draft]:
    base = drafts(abroad=not set(how.document_types).isdisjoint({EXPORT, FOREIGN}), document_types=how.document_types)
    if how.receiver is None:
        return base.map(how.breaker)
    return st.builds(
        lambda draft, receiver, code: how.breaker(_for(draft, receiver, code)),
        base,
        receivers(how.receiver),
        st.sampled_from(["72", "7210"]),
    )


def _for(draft: Draft, receiver: DraftReceiver, cpbs_code: str) -> Draft:
    lines = tuple(replace(line, cpbs_code=cpbs_code) for line in draft.lines)
    return replace(draft, receiver=receiver, lines=lines)


def _unpaid(draft: Draft) -> Draft:
    """Payments left to the totals, so that a changed amount breaks nothing else."""
    plain = replace(draft, payments=(), instalments=(), payment_time=PaymentTime.IMMEDIATE, discounts=())
    return replace(plain, retention=None, retention_amount=None, prices_include_itbms=False)


def _with_receiver(draft: Draft, **changes: Any) -> Draft:
    return replace(draft, receiver=replace(draft.receiver, **changes))


def _with_first_line(draft: Draft, **changes: Any) -> Draft:
    plain = _unpaid(draft)
    first = replace(plain.lines[0], isc_rate=None, isc_amount=None, **changes)
    return replace(plain, lines=(first, *plain.lines[1:]), other_charges=Decimal(1_000_000_000))


def _abroad(draft: Draft) -> Draft:
    export = draft.export or DraftExport(incoterm="FOB")
    return _with_receiver(replace(draft, destination=Destination.ABROAD, export=export), country="US")


def _at_home(draft: Draft) -> Draft:
    return _with_receiver(replace(draft, destination=Destination.PANAMA, export=None), country="PA")


def _in_contingency(draft: Draft, *, started_at: datetime, reason: str = "Corte de energía en la sede") -> Draft:
    contingency = DraftContingency(started_at=started_at, reason=reason)
    return replace(draft, emission=EmissionType.PRIOR_CONTINGENCY, contingency=contingency)


def _both_sides(draft: Draft, name: str) -> Draft:
    amount: dict[str, Any] = {name: Decimal(5)}
    return replace(_with_first_line(draft, **amount), **amount)


def _discounted_away(draft: Draft) -> Draft:
    plain = _unpaid(draft)
    amount = compute_totals(plain).total + 1
    return replace(plain, discounts=(DraftDiscount(description="Todo y más", amount=amount),))


def _underpaid(draft: Draft) -> Draft:
    plain = replace(_unpaid(draft), other_charges=Decimal(10))
    short = compute_totals(plain).total - 2 * CENT  # one cent is within the DGI's tolerance
    return replace(plain, payments=(DraftPayment(form=PaymentForm.TRANSFER, amount=short),))


def _paid_as_other(draft: Draft, description: str | None) -> Draft:
    plain = _unpaid(draft)
    payment = DraftPayment(form=PaymentForm.OTHER, amount=compute_totals(plain).total, description=description)
    return replace(plain, payments=(payment,))


def _with_instalment_at_once(draft: Draft) -> Draft:
    plain = _unpaid(draft)
    due = DraftInstalment(due_on=NOW.date(), amount=compute_totals(plain).total)
    return replace(plain, instalments=(due,))


def _naming(draft: Draft, *cufes: str) -> Draft:
    return replace(draft, references=tuple(DraftReference(issued_at=NAMED_AT, cufe=cufe) for cufe in cufes))


def _cufe_of(document_type: DocumentType) -> str:
    return build_cufe(replace(parse_cufe(INVOICE_CUFE).parts, document_type=document_type))


def _on_no_terms(draft: Draft) -> Draft:
    return replace(_unpaid(draft), payment_time=PaymentTime.INSTALMENTS)


def _with_export(draft: Draft, **changes: Any) -> Draft:
    return replace(draft, export=replace(draft.export or DraftExport(incoterm="FOB"), **changes))


def _one(breaker: Breaker, *document_types: DocumentType, **options: Any) -> tuple[Break, ...]:
    return (Break(breaker=breaker, document_types=document_types or (DOMESTIC,), **options),)


BREAKS: Mapping[str, tuple[Break, ...]] = {
    "1505": _one(partial(replace, emission=EmissionType.LATER_NORMAL), receiver=TAXPAYER),
    "1506": _one(partial(replace, emission=EmissionType.PRIOR_CONTINGENCY)),
    "1507": _one(partial(_in_contingency, started_at=NOW + timedelta(hours=1))),
    "1509": _one(partial(_in_contingency, started_at=NOW, reason="corte de luz")),
    "1520": _one(lambda draft: draft, ahead=timedelta(days=6)),
    "1524": _one(partial(replace, nature=OperationNature.IMPORT), DOMESTIC, CREDIT, DEBIT, FREE_ZONE),
    "1525": _one(partial(replace, operation=OperationType.INCOMING), DOMESTIC, CREDIT, FREE_ZONE),
    "1526": _one(_abroad, DocumentType.REIMBURSEMENT),
    "1533": _one(_at_home, EXPORT),
    "1534": _one(_abroad),
    "1601": (
        *_one(partial(_with_receiver, ruc=None), receiver=TAXPAYER),
        *_one(partial(_with_receiver, ruc="999999999-9999-999999", dv=None), receiver=ReceiverType.GOVERNMENT),
    ),
    "1605": (
        *_one(partial(_with_receiver, name=None), receiver=TAXPAYER),
        *_one(partial(_with_receiver, name="x"), receiver=TAXPAYER),
        *_one(partial(_with_receiver, name="x" * 101)),
    ),
    "1611": (
        *_one(partial(_with_receiver, country="US")),
        *_one(partial(_with_receiver, country="Panama")),
        *_one(partial(_with_receiver, country="PA"), EXPORT),
    ),
    "1618": _one(partial(_with_receiver, foreign_identity=None), EXPORT, FOREIGN),
    "1620": _one(partial(_with_receiver, receiver_type=CONSUMER, foreign_identity=None), EXPORT),
    "1623": _one(partial(_with_receiver, receiver_type=CONSUMER, foreign_identity=None), FOREIGN),
    "1650": (
        *_one(partial(replace, export=None), EXPORT, FOREIGN),
        *_one(partial(_with_export, currency="EUR", exchange_rate=None), EXPORT),
    ),
    "1651": _one(partial(_with_export, incoterm="FOB")),
    "1703": _one(partial(lambda draft: _naming(draft, INVOICE_CUFE[:-1])), CREDIT, DEBIT),
    "1704": _one(partial(lambda draft: _naming(draft, INVOICE_CUFE[:-1] + "0")), CREDIT, DEBIT),
    "1705": _one(partial(replace, references=()), CREDIT, DEBIT),
    "1706": _one(
        partial(lambda draft: _naming(draft, INVOICE_CUFE)),
        DocumentType.GENERIC_CREDIT_NOTE,
        DocumentType.GENERIC_DEBIT_NOTE,
    ),
    "1708": _one(partial(lambda draft: _naming(draft, INVOICE_CUFE)), DOMESTIC, FREE_ZONE),
    "1709": _one(partial(lambda draft: _naming(draft, INVOICE_CUFE, INVOICE_CUFE)), CREDIT, DEBIT),
    "1712": _one(partial(lambda draft: _naming(draft, _cufe_of(CREDIT))), CREDIT),
    "1713": _one(partial(lambda draft: _naming(draft, _cufe_of(DEBIT))), DEBIT),
    "1715": _one(partial(lambda draft: _naming(draft, _cufe_of(DEBIT))), CREDIT),
    "1716": _one(partial(lambda draft: _naming(draft, _cufe_of(CREDIT))), DEBIT),
    "2000": _one(lambda draft: replace(_unpaid(draft), lines=())),
    "2051": _one(partial(_with_first_line, unit_price=Decimal("1.00"), unit_discount=Decimal("1.01"))),
    "2052": _one(partial(_with_first_line, unit_price=Decimal(0), unit_discount=Decimal("0.01"))),
    "2054": _one(partial(_both_sides, name="freight")),
    "2055": _one(partial(_both_sides, name="insurance")),
    "2507": _one(_discounted_away),
    "2510": _one(_underpaid),
    "2512": (*_one(_on_no_terms), *_one(_with_instalment_at_once)),
    "2601": (*_one(partial(_paid_as_other, description="corta")), *_one(partial(_paid_as_other, description=None))),
}

STAYS_OFF_THE_WIRE: Mapping[str, str] = {
    "1531": "the mapping never puts a sale type on a note",
    "1606": "the vendor's schema wants an address under a code of its own; the mapping cuts a longer one",
    "1607": "the vendor's schema wants a location under a code of its own",
    "1608": "the DGI only notifies, and the fake reads the vendor's looser pattern",
    "1612": "no source says where a country's name goes on the wire (ASSUME-024)",
    "1619": "the mapping never sends a foreigner's RUC",
    "1621": "the mapping leaves a consumer's RUC of a legal person out",
    "2300": "no key for other taxes (OTI) is known (ASSUME-023)",
    "2602": "the mapping sends a description with form 99 alone",
}
WARNED_ABOUT: Mapping[str, Break] = {
    "1508": Break(document_types=(DOMESTIC,), breaker=partial(_in_contingency, started_at=NOW - timedelta(hours=73))),
    "1519": Break(document_types=(DOMESTIC,), breaker=lambda draft: draft, ahead=timedelta(days=-31)),
    "1535": Break(document_types=(DOMESTIC,), breaker=lambda draft: draft, ahead=timedelta(hours=25)),
    "2050": Break(
        document_types=(DOMESTIC,),
        breaker=partial(
            _with_first_line, quantity=Decimal(1), unit_price=Decimal("100000.01"), unit_discount=Decimal(0)
        ),
    ),
    "2509": Break(
        document_types=(DOMESTIC,), breaker=lambda draft: replace(_unpaid(draft), other_charges=Decimal(1_000_001))
    ),
    "2515": Break(
        document_types=(DOMESTIC,),
        breaker=lambda draft: replace(_unpaid(draft), other_charges=Decimal(10_001)),
        receiver=CONSUMER,
    ),
}


def warned_drafts(rule: str) -> st.SearchStrategy[Draft]:
    """Sound drafts that break a rule of effect N: told, not refused."""
    return _broken(WARNED_ABOUT[rule])
