"""The JSON that we send (contract sections 2.1 to 2.3 and 2.6), in its own names and order.

Absent fields are left out. Amounts are JSON numbers, exact and without an exponent; coded ids are text.
"""

from decimal import Context, Decimal

import msgspec

from core.money import ITEM_DECIMALS, ITEM_INTEGER_DIGITS, MalformedAmountError


class WireShape(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel", forbid_unknown_fields=True
):
    """What every shape here has in common; has no fields itself."""


class WireCafe(WireShape, frozen=True, kw_only=True):
    """How the document is printed and handed over."""

    format: int
    delivery: int


class WireInformation(WireShape, frozen=True, kw_only=True):
    """The header. ``issue_date`` is Panama time with its offset, never Z."""

    issue_type: str
    document_type: str
    numeration: str
    billing_point: str
    security_code: str
    modification_code: int | None = None
    cafe: WireCafe
    nature: str
    operation_type: int
    destination: int
    receiver_container: int
    sale_type: int | None = None
    issue_date: str
    information: str | None = None


class WireRuc(WireShape, frozen=True, kw_only=True):
    """A RUC in the form that is sent. No DV: no real client sends one (contract section 6)."""

    type: int
    ruc: str


class WireLocation(WireShape, frozen=True, kw_only=True):
    """Province-district-corregimiento without zero fill."""

    code: str


class WireReceiver(WireShape, frozen=True, kw_only=True):
    """The customer."""

    type: str
    ruc: WireRuc | None = None
    name: str | None = None
    address: str | None = None
    location: WireLocation | None = None
    country: str
    telephones: tuple[str, ...] | None = None
    emails: tuple[str, ...] | None = None


class WireCpbs(WireShape, frozen=True, kw_only=True):
    """The State's catalogue code: 2-digit segment or 4-digit family."""

    code: str
    unit: str | None = None


class WirePrices(WireShape, frozen=True, kw_only=True):
    """Per unit and before tax; freight and insurance are of the whole line."""

    transfer: Decimal
    discount: Decimal | None = None
    transport: Decimal | None = None
    insurance: Decimal | None = None


class WireItbms(WireShape, frozen=True, kw_only=True):
    """The rate's code; present even when exempt."""

    rate: str


class WireIsc(WireShape, frozen=True, kw_only=True):
    """A rate (0.05 is 5 %) or a fixed amount."""

    rate: Decimal | None = None
    amount: Decimal | None = None


class WireItem(WireShape, frozen=True, kw_only=True):
    """One line; ``number`` has four digits and starts at 0001."""

    number: str
    description: str
    code: str | None = None
    unit: str | None = None
    quantity: Decimal
    cpbs: WireCpbs | None = None
    prices: WirePrices
    itbms: WireItbms
    isc: WireIsc | None = None


class WirePayment(WireShape, frozen=True, kw_only=True):
    """One payment form, ITBMS included."""

    type: str
    amount: Decimal
    other_type: str | None = None


class WireInstalment(WireShape, frozen=True, kw_only=True):
    """Due at noon in Panama."""

    sequence: int
    due_date: str
    amount: Decimal
    information: str | None = None


class WireDiscount(WireShape, frozen=True, kw_only=True):
    """A discount of the whole document, after tax."""

    description: str
    amount: Decimal


class WireTotals(WireShape, frozen=True, kw_only=True):
    """Payments and what belongs to the whole document. The PAC computes the totals themselves."""

    payment_time: int
    payment_methods: tuple[WirePayment, ...]
    installment_payment: tuple[WireInstalment, ...] | None = None
    retention: dict[str, str | Decimal] | None = None
    discounts: tuple[WireDiscount, ...] | None = None
    change: Decimal | None = None
    transport: Decimal | None = None
    insurance: Decimal | None = None
    other_expenses: Decimal | None = None


class WireReference(WireShape, frozen=True, kw_only=True):
    """The document that a note changes, with its issue date."""

    emission_type: str
    cufe_identification: str | None = None
    other_identification: str | None = None
    issue_date: str


class WireDocument(WireShape, frozen=True, kw_only=True):
    """The body of POST /invoices, /credit-notes and /debit-notes."""

    id_office: str | None = None
    information: WireInformation
    receiver: WireReceiver
    items: tuple[WireItem, ...]
    totals: WireTotals
    referenced_documents: tuple[WireReference, ...] | None = None


class WireOffice(WireShape, frozen=True, kw_only=True):
    """The body of POST /companies/{id}/offices."""

    code: str
    type: str
    coordinates: str
    address: str
    telephone: str
    location: str


class WireRucType(WireShape, frozen=True, kw_only=True):
    """1 natural person, 2 legal person."""

    code: int


class WireCertificate(WireShape, frozen=True, kw_only=True, omit_defaults=False):
    """A .p12 with the password that opens it; ``content`` is base64."""

    extension: str
    password: str
    content: str


class WireCertificates(WireShape, frozen=True, kw_only=True):
    """The two slots; one that is absent stays as it is (ASSUME-039)."""

    signature: WireCertificate | None = None
    authentication: WireCertificate | None = None


class WireCompany(WireShape, frozen=True, kw_only=True):
    """The body of POST /companies (contract section 2.5)."""

    name: str
    trade_name: str
    ruc: str
    check_digit: str
    type: str
    type_ruc: WireRucType
    certificates: WireCertificates
    logo: str | None = None


class WireCompanyChange(WireShape, frozen=True, kw_only=True):
    """The body of PATCH /companies/{id}: its certificates alone."""

    certificates: WireCertificates


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_EXACT = Context(prec=100)


def to_bytes(value: object) -> bytes:
    """UTF-8 JSON; the same value gives the same bytes, fields in the order in which they were named."""
    return _ENCODER.encode(value)


def plain_number(amount: Decimal) -> Decimal:
    """The same value without trailing zeros, in the one form that is never written with an exponent.

    Raises MalformedAmountError for NaN, infinity and anything finer than six decimals: the wire has no place for it.
    """
    if not amount:
        return Decimal(0)
    trimmed = amount.normalize(_EXACT) if amount.is_finite() else amount
    exponent = trimmed.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -ITEM_DECIMALS:
        raise MalformedAmountError(text=str(amount)[:40], integer_digits=ITEM_INTEGER_DIGITS, decimals=ITEM_DECIMALS)
    return trimmed.quantize(Decimal(1), context=_EXACT) if exponent > 0 else trimmed
