"""What a caller submits: a fiscal document before it has a number, an issuer or an issue time.

Every amount is a Decimal in balboas (B/., at par with USD). Nothing here is validated beyond its type;
``core.preflight`` judges a draft and ``core.totals`` does its arithmetic.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from core.codes import (
    CafeDelivery,
    CafeFormat,
    ContainerHandling,
    Destination,
    DocumentType,
    EmissionType,
    ItbmsRate,
    OperationNature,
    OperationType,
    OtiCode,
    PaymentForm,
    PaymentTime,
    ReceiverType,
    RetentionCode,
    RucType,
    SaleType,
)

ZERO = Decimal(0)


class AmountSource(Enum):
    """Who says the amounts of a received document: its CUFE has none."""

    CALLER = "CALLER"
    FILE = "FILE"  # the file's own text, in which they add up


class Modification(Enum):
    """What a note does to what was billed. The PAC has codes for it, the DGI's format has none."""

    WHOLE = "WHOLE"  # takes all of an invoice back
    PART = "PART"
    INTEREST = "INTEREST"
    ADJUSTMENT = "ADJUSTMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignIdentity:
    """A foreigner's document (rule 1618). ``kind``: 01 passport, 02 tax number, 99 other."""

    kind: str
    number: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReceiver:
    """The receiver as the document will name it, ad-hoc values already laid over the client's own."""

    receiver_type: ReceiverType
    ruc: str | None = None
    ruc_type: RucType | None = None
    dv: str | None = None
    name: str | None = None
    address: str | None = None
    location_code: str | None = None  # province-district-corregimiento without zero fill: 8-8-7
    country: str = "PA"  # ISO 3166 alpha-2, or ZZ with ``country_name``
    country_name: str | None = None  # 5 to 50 characters, only with ZZ (1612)
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    foreign_identity: ForeignIdentity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtiCharge:
    """One of the other taxes of an item (OTI), as an amount of money."""

    code: OtiCode
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One item. ``unit_price`` is before tax unless the draft says that prices include ITBMS."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    unit_discount: Decimal = ZERO  # money per unit (rule 2051), not a percentage
    itbms: ItbmsRate = ItbmsRate.GENERAL_7
    code: str | None = None  # the seller's own item code
    unit: str | None = None  # the DGI's unit: und, kg, m ...
    cpbs_code: str | None = None  # 2-digit segment or 4-digit family; required for the government
    cpbs_unit: str | None = None
    freight: Decimal = ZERO
    insurance: Decimal = ZERO
    isc_rate: Decimal | None = None  # 0.05 is 5 %
    isc_amount: Decimal | None = None  # when ISC is a fixed amount
    oti: tuple[OtiCharge, ...] = ()
    invoice_line: int | None = None  # only in a credit note: which line of its invoice it takes back, 1 is the first
    returned: Decimal | None = None  # of that line's quantity; zero where money alone is given back


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPayment:
    """One payment form with its amount, ITBMS included. ``description`` only for form 99 (2601, 2602)."""

    form: PaymentForm
    amount: Decimal
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInstalment:
    """One instalment of a credit sale."""

    due_on: date
    amount: Decimal
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscount:
    """A document discount: lowers the total after tax."""

    description: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReference:
    """The document that a note refers to: exactly one of CUFE, paper number, fiscal-printer number."""

    issued_at: datetime
    cufe: str | None = None
    paper_number: str | None = None
    printer_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftExport:
    """The export group, required when the destination is abroad (1650, 1651)."""

    incoterm: str
    currency: str = "USD"
    exchange_rate: Decimal | None = None
    port: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContingency:
    """When and why the issuer worked without authorisation (1506 to 1509)."""

    started_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document as its caller means it."""

    document_type: DocumentType
    receiver: DraftReceiver
    lines: tuple[DraftLine, ...]
    payments: tuple[DraftPayment, ...] = ()  # none: one payment in cash, or on credit, of the whole total
    payment_time: PaymentTime = PaymentTime.IMMEDIATE
    instalments: tuple[DraftInstalment, ...] = ()
    prices_include_itbms: bool = False
    emission: EmissionType = EmissionType.PRIOR_NORMAL
    nature: OperationNature = OperationNature.SALE
    operation: OperationType = OperationType.OUTGOING
    destination: Destination = Destination.PANAMA
    sale_type: SaleType | None = SaleType.ORDINARY  # never on notes
    cafe_format: CafeFormat = CafeFormat.LETTER
    cafe_delivery: CafeDelivery = CafeDelivery.ELECTRONIC
    container: ContainerHandling = ContainerHandling.NORMAL
    discounts: tuple[DraftDiscount, ...] = ()
    freight: Decimal = ZERO
    insurance: Decimal = ZERO
    other_charges: Decimal = ZERO
    retention: RetentionCode | None = None
    retention_amount: Decimal | None = None  # only where the code fixes no share of the ITBMS (code 8)
    references: tuple[DraftReference, ...] = ()
    modification: Modification | None = None  # what a note does; None: the PAC's usual code for its type
    export: DraftExport | None = None
    contingency: DraftContingency | None = None
    information: str | None = None  # free text on the document, up to 5000 characters
    amounts_source: AmountSource | None = None  # of a received document alone
    billing_point: str | None = None  # of a PROFORM document alone: where it will get its number
