"""The DGI's code tables (sections 1, 2 and 5.2 of the format) under English names.

A member's value is the code as the DGI writes it: zero-padded text where the DGI pads, a number where it does
not. ``label`` and ``label_es`` are what people read. Codes of the early schema are certain; the ones that a
table marks "later" come from a PAC's documentation and may change with the technical sheet.
"""

from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Self


class TextCode(StrEnum):
    """A zero-padded code with its labels; has no members itself."""

    _value_: str
    label: str
    label_es: str

    def __new__(cls, code: str, label: str = "", label_es: str = "") -> Self:
        """A member is the code itself, so it can be written to the wire as it is."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.label_es = label_es
        return member


class NumberCode(IntEnum):
    """A numeric code with its labels; has no members itself."""

    _value_: int
    label: str
    label_es: str

    def __new__(cls, code: int, label: str = "", label_es: str = "") -> Self:
        """A member is the number itself."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.label_es = label_es
        return member


class Environment(NumberCode):
    """iAmb (1500)."""

    PRODUCTION = 1, "Production", "Producción"
    TEST = 2, "Test", "Pruebas"


class EmissionType(TextCode):
    """iTpEmis (1503). A taxpayer may only be billed with prior authorisation (1505)."""

    PRIOR_NORMAL = "01", "Prior authorisation, normal", "Autorización previa, operación normal"
    PRIOR_CONTINGENCY = "02", "Prior authorisation, contingency", "Autorización previa, contingencia"
    LATER_NORMAL = "03", "Later authorisation, normal", "Autorización posterior, operación normal"
    LATER_CONTINGENCY = "04", "Later authorisation, contingency", "Autorización posterior, contingencia"

    @property
    def is_contingency(self) -> bool:
        """Needs a start and a reason (1506, 1509)."""
        return self in {EmissionType.PRIOR_CONTINGENCY, EmissionType.LATER_CONTINGENCY}

    @property
    def is_prior(self) -> bool:
        """Authorised before it is handed over."""
        return self in {EmissionType.PRIOR_NORMAL, EmissionType.PRIOR_CONTINGENCY}


class DocumentType(TextCode):
    """iDoc (1510). Type 10 is later than the early schema."""

    DOMESTIC_INVOICE = "01", "Domestic invoice", "Factura de operación interna"
    IMPORT_INVOICE = "02", "Import invoice", "Factura de importación"
    EXPORT_INVOICE = "03", "Export invoice", "Factura de exportación"
    REFERRING_CREDIT_NOTE = "04", "Credit note naming invoices", "Nota de crédito referente a una o varias FE"
    REFERRING_DEBIT_NOTE = "05", "Debit note naming invoices", "Nota de débito referente a una o varias FE"
    GENERIC_CREDIT_NOTE = "06", "Generic credit note", "Nota de crédito genérica"
    GENERIC_DEBIT_NOTE = "07", "Generic debit note", "Nota de débito genérica"
    FREE_ZONE_INVOICE = "08", "Free-zone invoice", "Factura de zona franca"
    REIMBURSEMENT = "09", "Reimbursement", "Reembolso"
    FOREIGN_OPERATION_INVOICE = "10", "Foreign-operation invoice", "Factura de operación extranjera"

    @property
    def is_credit_note(self) -> bool:
        """Types 04 and 06."""
        return self in {DocumentType.REFERRING_CREDIT_NOTE, DocumentType.GENERIC_CREDIT_NOTE}

    @property
    def is_debit_note(self) -> bool:
        """Types 05 and 07."""
        return self in {DocumentType.REFERRING_DEBIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE}

    @property
    def is_invoice(self) -> bool:
        """Everything that is not a note."""
        return not (self.is_credit_note or self.is_debit_note)

    @property
    def is_referring(self) -> bool:
        """Types 04 and 05, which must name what they change (1705)."""
        return self in {DocumentType.REFERRING_CREDIT_NOTE, DocumentType.REFERRING_DEBIT_NOTE}


class OperationNature(TextCode):
    """iNatOp (1524). 03 and 04 are later than the early schema."""

    SALE = "01", "Sale", "Venta"
    EXPORT = "02", "Export", "Exportación"
    REEXPORT = "03", "Re-export", "Reexportación"
    FOREIGN_SOURCE_SALE = "04", "Sale from a foreign source", "Venta de fuente extranjera"
    TRANSFER = "10", "Transfer", "Transferencia"
    RETURN = "11", "Return", "Devolución"
    CONSIGNMENT = "12", "Consignment", "Consignación"
    REMITTANCE = "13", "Remittance", "Remesa"
    FREE_DELIVERY = "14", "Free delivery", "Entrega gratuita"
    PURCHASE = "20", "Purchase", "Compra"
    IMPORT = "21", "Import", "Importación"


class OperationType(NumberCode):
    """iTipoOp (1525)."""

    OUTGOING = 1, "Outgoing or sale", "Salida o venta"
    INCOMING = 2, "Incoming or purchase", "Entrada o compra"


class Destination(NumberCode):
    """iDest (1526, 1533, 1534)."""

    PANAMA = 1, "Panama", "Panamá"
    ABROAD = 2, "Abroad", "Extranjero"


class CafeFormat(NumberCode):
    """iFormCAFE (1527): on what the document is printed."""

    NONE = 1, "Not printed", "Sin generación de CAFE"
    PAPER_ROLL = 2, "Paper roll", "Cinta de papel"
    LETTER = 3, "Letter sheet", "Papel formato carta"


class CafeDelivery(NumberCode):
    """iEntCAFE (1528): how the printed form reaches the receiver."""

    NONE = 1, "Not delivered", "Sin generación de CAFE"
    PAPER = 2, "Handed on paper", "Entregado en papel"
    ELECTRONIC = 3, "Sent electronically", "Enviado en formato electrónico"


class ContainerHandling(NumberCode):
    """dEnvFE (1529): whether the receiver wants the document's container."""

    NORMAL = 1, "Normal", "Normal"
    WAIVED = 2, "The receiver waives it", "El receptor exceptúa el envío"


class IssuingProcess(NumberCode):
    """iProGen (1530): what made the document."""

    OWN_SYSTEM = 1, "The taxpayer's own system", "Sistema propio del contribuyente"
    CONTRACTED_THIRD_PARTY = 2, "A contracted third party", "Tercero contratado"
    FREE_THIRD_PARTY = 3, "A free third-party tool", "Tercero gratuito"
    DGI_FREE_TOOL = 4, "The DGI's free web tool", "Herramienta gratuita de la DGI"


class SaleType(NumberCode):
    """iTipoTranVenta (1531): on sales alone, never on notes."""

    ORDINARY = 1, "Ordinary business sale", "Venta de giro del negocio"
    FIXED_ASSET = 2, "Fixed asset", "Venta de activo fijo"
    REAL_ESTATE = 3, "Real estate", "Venta de bienes raíces"
    SERVICE = 4, "Service", "Prestación de servicio"


class BranchType(NumberCode):
    """iTipoSuc."""

    RETAIL = 1, "Mostly retail", "Mayor cantidad de operaciones al detal"
    WHOLESALE = 2, "Mostly wholesale", "Mayor cantidad de operaciones al por mayor"


class ReceiverType(TextCode):
    """iTipoRec (1600)."""

    TAXPAYER = "01", "Taxpayer", "Contribuyente"
    FINAL_CONSUMER = "02", "Final consumer", "Consumidor final"
    GOVERNMENT = "03", "Government", "Gobierno"
    FOREIGNER = "04", "Foreigner", "Extranjero"


class RucType(NumberCode):
    """dTipoRuc. An input, never a guess: one NT number has two check digits."""

    NATURAL = 1, "Natural person", "Persona natural"
    LEGAL = 2, "Legal person", "Persona jurídica"


class ForeignIdentityKind(TextCode):
    """iTipoId of a foreigner (1618)."""

    PASSPORT = "01", "Passport", "Pasaporte"
    TAX_NUMBER = "02", "Tax number", "Número tributario"
    OTHER = "99", "Other", "Otro"


class ItbmsRate(TextCode):
    """dTasaITBMS (2150). A property of the product, not of the customer."""

    EXEMPT = "00", "Exempt", "Exento"
    GENERAL_7 = "01", "General rate, 7 %", "Tasa general, 7 %"
    SPECIAL_10 = "02", "Alcohol and lodging, 10 %", "Licores y hospedaje, 10 %"
    SPECIAL_15 = "03", "Tobacco, 15 %", "Tabaco, 15 %"

    @property
    def fraction(self) -> Decimal:
        """0.07 for 7 %."""
        return _ITBMS_FRACTIONS[self]


_ITBMS_FRACTIONS = {
    ItbmsRate.EXEMPT: Decimal(0),
    ItbmsRate.GENERAL_7: Decimal("0.07"),
    ItbmsRate.SPECIAL_10: Decimal("0.10"),
    ItbmsRate.SPECIAL_15: Decimal("0.15"),
}


class OtiCode(TextCode):
    """Other taxes of an item (2300). 03 to 11 are later than the early schema."""

    SUME_911 = "01", "SUME 911", "SUME 911"
    NUMBER_PORTABILITY = "02", "Number portability", "Tasa de portabilidad numérica"
    INSURANCE_TAX = "03", "Insurance tax, 5 %", "Impuesto sobre seguros, 5 %"
    ATTT_CAR_INSURANCE = "04", "ATTT car insurance, 1 %", "ATTT seguro de automóvil, 1 %"
    AIRPORT_EXIT_FZ = "05", "Airport exit charge FZ", "Tasa de salida de aeropuerto FZ"
    AIRPORT_F3 = "06", "Airport charge F3", "Tasa de aeropuerto F3"
    AIRPORT_AH = "07", "Airport charge AH", "Tasa de aeropuerto AH"
    OTHER_XT = "08", "Other charges XT", "Otras tasas XT"
    FUEL_YQ = "09", "Fuel surcharge YQ", "Cargo por combustible YQ"
    FECI = "10", "FECI", "FECI"
    INTEREST = "11", "Interest", "Intereses"


class PaymentForm(TextCode):
    """iFormaPago (2600). 09 and 10 are later than the early schema."""

    CREDIT = "01", "Credit", "Crédito"
    CASH = "02", "Cash", "Efectivo"
    CREDIT_CARD = "03", "Credit card", "Tarjeta de crédito"
    DEBIT_CARD = "04", "Debit card", "Tarjeta de débito"
    LOYALTY_CARD = "05", "Loyalty card", "Tarjeta de fidelización"
    VOUCHER = "06", "Voucher", "Vale"
    GIFT_CARD = "07", "Gift card", "Tarjeta de regalo"
    TRANSFER = "08", "Transfer or deposit", "Transferencia o depósito"
    CHEQUE = "09", "Cheque", "Cheque"
    PAYMENT_POINT = "10", "Payment point", "Punto de pago"
    OTHER = "99", "Other", "Otro"


class PaymentTime(NumberCode):
    """iPzPag (2512)."""

    IMMEDIATE = 1, "Immediate", "Inmediato"
    INSTALMENTS = 2, "Instalments", "A plazo"
    MIXED = 3, "Mixed", "Mixto"


class RetentionCode(TextCode):
    """cCodRetenc. Codes 5 and 6 do not exist."""

    STATE_PROFESSIONAL_SERVICE = "1", "Professional service to the State, 100 %", "Servicio al Estado, 100 %"
    STATE_GOODS_OR_SERVICES = "2", "Goods or services to the State, 50 %", "Bienes o servicios al Estado, 50 %"
    NON_DOMICILED = "3", "Payment to a non-domiciled person, 100 %", "Pago a no domiciliado, 100 %"
    PURCHASE = "4", "Purchase of goods or services, 50 %", "Compra de bienes o servicios, 50 %"
    CARD_MERCHANT = "7", "Card-affiliated merchant, 50 %", "Comercio afiliado a tarjetas, 50 %"
    OTHER = "8", "Other, reduced", "Otros, disminución de la retención"

    @property
    def fraction(self) -> Decimal | None:
        """Share of the ITBMS that is retained; None where the DGI fixes none (code 8)."""
        return _RETENTION_FRACTIONS[self]


_RETENTION_FRACTIONS = {
    RetentionCode.STATE_PROFESSIONAL_SERVICE: Decimal(1),
    RetentionCode.STATE_GOODS_OR_SERVICES: Decimal("0.5"),
    RetentionCode.NON_DOMICILED: Decimal(1),
    RetentionCode.PURCHASE: Decimal("0.5"),
    RetentionCode.CARD_MERCHANT: Decimal("0.5"),
    RetentionCode.OTHER: None,
}
