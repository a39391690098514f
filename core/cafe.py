"""What the printed form of a document says, before it is drawn: the CAFE.

Plain data in the domain's words. Amounts are balboas; nothing here is computed, and nothing is looked up while it is
drawn, so that the same page gives the same picture.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from core.codes import (
    DocumentType,
    EmissionType,
    Environment,
    ItbmsRate,
    OperationNature,
    PaymentTime,
    ReceiverType,
)

TEST_ENVIRONMENT_TEXT = "FE generada en ambiente de pruebas - sin valor comercial ni fiscal"  # the DGI's fixed text
CUFE_GROUP = 6  # characters that an eye can keep; 66 are eleven groups


class CafePaper(Enum):
    """What it is drawn for: a letter sheet (iFormCAFE 3) or a roll of 80 mm (iFormCAFE 2)."""

    LETTER = "LETTER"
    TICKET = "TICKET"


class CafeStanding(Enum):
    """What a reader must know before anything else on the page."""

    AUTHORIZED = "AUTHORIZED"  # by the DGI: no mark
    PROVISIONAL = "PROVISIONAL"  # the DGI has not authorised it yet
    PROFORMA = "PROFORMA"  # never sent
    REJECTED = "REJECTED"  # refused or rejected, by the PAC or the DGI
    VOID = "VOID"

    @property
    def mark(self) -> tuple[str, str] | None:
        """The big word and what it means, or None: nothing stands over an authorised document."""
        return _MARKS.get(self)


_MARKS = {
    CafeStanding.PROVISIONAL: ("PROVISIONAL", "pendiente de autorización de la DGI"),
    CafeStanding.PROFORMA: ("PROFORMA", "sin valor fiscal"),
    CafeStanding.REJECTED: ("RECHAZADA", "sin valor fiscal"),
    CafeStanding.VOID: ("ANULADA", "sin valor fiscal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeIssuer:
    """Who sells. ``trade_name`` is what the sign over the door says, when it differs."""

    name: str
    ruc: str
    dv: str
    branch: str
    trade_name: str | None = None
    address: str = ""
    telephone: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeReceiver:
    """Who buys. ``identity``: a foreigner's document with its country."""

    receiver_type: ReceiverType
    country: str
    name: str | None = None
    ruc: str | None = None
    dv: str | None = None
    identity: str | None = None
    address: str | None = None
    location: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeLine:
    """One item. Prices are before tax; ``total`` is with taxes (dValTotItem)."""

    position: int
    description: str
    quantity: Decimal
    unit_price: Decimal
    unit_discount: Decimal
    itbms: ItbmsRate
    itbms_amount: Decimal
    total: Decimal
    code: str | None = None
    unit: str | None = None
    cpbs_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeRate:
    """What one ITBMS rate adds up to."""

    rate: ItbmsRate
    base: Decimal
    itbms_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeSums:
    """The figures below the lines: net, taxes, charges and less discounts are the total."""

    net: Decimal
    itbms: Decimal
    isc: Decimal
    oti: Decimal
    freight: Decimal
    insurance: Decimal
    other_charges: Decimal
    discounts: Decimal
    total: Decimal
    received: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeAmount:
    """Money with its name: a payment form, a retention."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeInstalment:
    """When what falls due."""

    due_on: date
    amount: Decimal
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CafeAuthorisation:
    """The foot: how anybody can verify the document. ``qr`` is the PAC's address, never one of our own making."""

    state: str
    cufe: str | None = None
    is_cufe_expected: bool = False  # it follows from the document; no PAC confirmed it yet
    qr: str | None = None
    protocol: str | None = None
    moments: tuple[tuple[str, datetime], ...] = ()  # what happened when, with its label
    notices: tuple[str, ...] = ()

    @property
    def grouped_cufe(self) -> str:
        """The CUFE in groups of six, for eyes and fingers."""
        text = self.cufe or ""
        return " ".join(text[start : start + CUFE_GROUP] for start in range(0, len(text), CUFE_GROUP))


@dataclass(frozen=True, slots=True, kw_only=True)
class CafePage:
    """Everything that the printed form says, whatever it is printed on."""

    standing: CafeStanding
    document_type: DocumentType
    number: str  # ten digits
    billing_point: str  # "" for a draft, which the DGI does not number
    issued_at: datetime
    nature: OperationNature
    emission: EmissionType
    environment: Environment
    issuer: CafeIssuer
    receiver: CafeReceiver
    references: tuple[str, ...]
    lines: tuple[CafeLine, ...]
    rates: tuple[CafeRate, ...]
    sums: CafeSums
    payment_time: PaymentTime
    payments: tuple[CafeAmount, ...]
    instalments: tuple[CafeInstalment, ...]
    retention: CafeAmount | None
    information: str | None
    authorisation: CafeAuthorisation
    is_draft: bool = False  # internal, never sent

    @property
    def is_test(self) -> bool:
        """Whether the DGI's text for its test environment must stand on it."""
        return self.environment is Environment.TEST

    @property
    def kind(self) -> str:
        """What the sheet itself is, in Spanish."""
        return "Documento interno" if self.is_draft else "Comprobante Auxiliar de Factura Electrónica"

    @property
    def heading(self) -> str:
        """What it is, in Spanish, with its number."""
        return f"{self.document_type.label_es} N.º {self.number}"
