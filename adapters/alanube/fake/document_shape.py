"""The shapes of the document requests (contract sections 2.1 to 2.3), closed where the published schema is open."""

from collections.abc import Iterator
from decimal import Decimal

from adapters.alanube.fake.records import DocumentFamily, Finding
from adapters.alanube.fake.shape import (
    ULID_PATTERN,
    Kind,
    Shape,
    amount,
    check,
    choice,
    listing,
    record,
    required_property,
    text,
)
from adapters.alanube.fake.wire import JsonObject

DOCUMENT_TYPES = {
    DocumentFamily.INVOICES: ("01", "02", "03", "08", "09", "10"),
    DocumentFamily.CREDIT_NOTES: ("04", "06"),
    DocumentFamily.DEBIT_NOTES: ("05", "07"),
}
_TEXT_OR_WHOLE = (Kind.TEXT, Kind.WHOLE)
_TEXT_OR_NUMBER = (Kind.TEXT, Kind.NUMBER)
_ANY_OBJECT = Shape(kinds=(Kind.OBJECT,))
_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
_ISSUE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"

_CAFE = {
    "format": choice(1, 2, 3, required=True, code="1527"),
    "delivery": choice(1, 2, 3, required=True, code="1528"),
    "information": text(),
}
_EXPORTATION = {
    "incoterm": text(1, 10),
    "currency": text(3, 3),
    "otherCurrency": text(),
    "exchangeRate": Shape(kinds=(Kind.NUMBER,), nullable=True),
    "amount": Shape(kinds=(Kind.NUMBER,), nullable=True),
    "port": text(),
}
_RECEIVER = {
    "type": choice("01", "02", "03", "04", required=True, code="1600"),
    "ruc": record(
        {
            "type": choice(1, 2, required=True),
            "ruc": text(5, 20, required=True, code="1601"),
            "verificationDigit": text(1, 2, pattern="[0-9]{1,2}"),
        },
        nullable=True,
    ),
    "name": text(2, 100, code="1605"),
    "address": text(1, 100, code="1606"),
    "location": record(
        {
            "code": text(1, 8, required=True, pattern=r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{8}"),
            "correction": text(0, 50),
            "district": text(0, 50),
            "province": text(0, 50),
        }
    ),
    "country": text(required=True, pattern="[A-Z]{2}", code="1611"),
    "telephones": listing(text(pattern="[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{4}"), 0, 3),
    "emails": listing(text(3, 50, pattern="[^@ ]+@[^@ ]+"), 0, 3),
    "foreign": record({"number": text(1, 50), "country": text(1, 50)}),
    "exportation": record(_EXPORTATION),
}
_ITEM = {
    "number": text(required=True, pattern="(?!0000)[0-9]{4}", code="2001"),
    "description": text(2, 500, required=True),
    "code": text(0, 20),
    "unit": text(0, 20),
    "quantity": amount(6, 9, required=True, above_zero=True),
    "cpbs": record(
        {"code": Shape(kinds=_TEXT_OR_WHOLE, required=True, pattern="[0-9]{2}|[0-9]{4}"), "unit": text(0, 20)}
    ),
    "prices": record(
        {
            "transfer": amount(6, 9, required=True),
            "discount": amount(6, 9),
            "transport": amount(2, 9),
            "insurance": amount(2, 9),
        },
        required=True,
    ),
    "itbms": record(
        {"rate": choice("00", "01", "02", "03", required=True, code="2150"), "amount": amount(6, 9)},
        required=True,
    ),
    "isc": record({"rate": Shape(kinds=_TEXT_OR_NUMBER), "amount": amount(6, 9)}),
    "gtin": record(
        {
            "commercializationCode": Shape(kinds=_TEXT_OR_WHOLE),
            "commercializationQuantity": amount(6, 9),
            "inventoryCode": Shape(kinds=_TEXT_OR_WHOLE),
            "inventoryQuantity": amount(6, 9),
        }
    ),
}
_PAYMENT_FORMS = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "99")
_TOTALS = {
    "paymentTime": choice(1, 2, 3, required=True, code="2512"),
    "paymentMethods": listing(
        record(
            {
                "type": choice(*_PAYMENT_FORMS, required=True, code="2600"),
                "amount": amount(2, 11, required=True),
                "otherType": text(0, 100),
            }
        ),
        1,
        10,
        required=True,
    ),
    "installmentPayment": listing(
        record(
            {
                "sequence": Shape(kinds=(Kind.WHOLE,), least=Decimal(1)),
                "dueDate": text(required=True, pattern=_DATE_TIME),
                "amount": amount(2, 11, required=True),
                "information": text(15, 1000),
            }
        ),
        0,
        99,
    ),
    "discounts": listing(
        record({"description": text(1, 100, required=True), "amount": amount(2, 11, required=True)}), 0, 5
    ),
    "retention": record({"code": Shape(kinds=_TEXT_OR_WHOLE, required=True), "amount": amount(2, 11, required=True)}),
    "change": amount(2, 11),
    "transport": amount(2, 11),
    "insurance": amount(2, 11),
    "otherExpenses": amount(2, 11),
}
_REFERENCE = {
    "emissionType": choice("ID", "CUFE", "PAPER", "PRINTER", required=True),
    "apiIdentification": text(pattern=ULID_PATTERN),
    "cufeIdentification": text(66, 66, code="1703"),
    "otherIdentification": text(1, 22),
    "issueDate": text(pattern=_DATE_TIME),
}
_REFERENCE_NEEDS = {
    "ID": ("apiIdentification",),
    "CUFE": ("cufeIdentification", "issueDate"),
    "PAPER": ("otherIdentification", "issueDate"),
    "PRINTER": ("otherIdentification", "issueDate"),
}


def _information(family: DocumentFamily, contingency_keys: tuple[str, str]) -> dict[str, Shape]:
    start, reason = contingency_keys
    return {
        "issueType": choice("01", "02", "03", "04", required=True, code="1503"),
        "documentType": choice(*DOCUMENT_TYPES[family], required=True, code="1510"),
        "numeration": text(required=True, pattern="(?!0{10})[0-9]{10}", code="1512"),
        "billingPoint": text(required=True, pattern="(?!000)[0-9]{3}", code="1515"),
        "securityCode": text(required=True, pattern="(?!0{9})[0-9]{9}", code="1517"),  # ASSUME-029: any nine digits
        "cafe": record(_CAFE, required=True),
        "nature": choice("01", "02", "03", "04", "10", "11", "12", "13", "14", "20", "21", required=True, code="1524"),
        "operationType": choice(1, 2, required=True, code="1525"),
        "destination": choice(1, 2, required=True, code="1526"),
        "receiverContainer": choice(1, 2, required=True, code="1529"),
        "saleType": choice(1, 2, 3, 4, code="1531"),
        "issueDate": text(pattern=_ISSUE_TIME),
        "information": text(0, 5000),
        "modificationCode": choice(1, 2, 3),
        start: text(pattern=_DATE_TIME),
        reason: text(15, 250, code="1509"),
    }


def _document(family: DocumentFamily, contingency_keys: tuple[str, str]) -> Shape:
    fields = {
        "idOffice": text(pattern=ULID_PATTERN),
        "information": record(_information(family, contingency_keys), required=True),
        "receiver": record(_RECEIVER, required=True),
        "items": listing(record(_ITEM), 1, 1000, required=True, code="2000", missing_code="2000"),
        "totals": record(_TOTALS, required=True),
        "authorizedGroup": Shape(kinds=(Kind.OBJECT, Kind.ARRAY)),
        "exportation": record(_EXPORTATION),
        "global": _ANY_OBJECT,
        "logistic": _ANY_OBJECT,
        "delivery": _ANY_OBJECT,
        "referencedDocuments": listing(record(_REFERENCE), 0, 99),
    }
    return record(fields)


class DocumentShapes:
    """The three document shapes, built once; the contingency keys are settings because nobody knows them."""

    def __init__(self, contingency_keys: tuple[str, str]) -> None:
        """``contingency_keys`` name the start and the reason inside ``information``."""
        self._shapes = {family: _document(family, contingency_keys) for family in DocumentFamily}

    def findings(
        self, family: DocumentFamily, payload: object, *, closed: bool, address_required: bool
    ) -> tuple[Finding, ...]:
        """Everything that the shape refuses in a request body."""
        found = list(check(payload, self._shapes[family], closed=closed))
        if isinstance(payload, dict):
            found.extend(_conditional(payload, address_required=address_required))
        return tuple(found)


def _conditional(payload: JsonObject, *, address_required: bool) -> Iterator[Finding]:
    receiver, items = payload.get("receiver"), payload.get("items")
    if isinstance(receiver, dict):
        yield from _receiver_needs(receiver, address_required=address_required)
        if receiver.get("type") == "03" and isinstance(items, list):
            for place, item in enumerate(items):
                if isinstance(item, dict) and "cpbs" not in item:
                    yield required_property(f"items[{place}]", "cpbs")
    totals = payload.get("totals")
    if isinstance(totals, dict) and totals.get("paymentTime") in (2, 3) and not totals.get("installmentPayment"):
        yield required_property("totals", "installmentPayment", "2512")
    references = payload.get("referencedDocuments")
    for place, reference in enumerate(references if isinstance(references, list) else ()):
        if isinstance(reference, dict):
            for name in _REFERENCE_NEEDS.get(str(reference.get("emissionType")), ()):
                if name not in reference:
                    yield required_property(f"referencedDocuments[{place}]", name)


def _receiver_needs(receiver: JsonObject, *, address_required: bool) -> Iterator[Finding]:
    if receiver.get("type") in ("01", "03"):
        if receiver.get("ruc") is None:
            yield required_property("receiver", "ruc", "1601")
        if "name" not in receiver:
            yield required_property("receiver", "name", "1605")
        if address_required:
            for name in ("address", "location"):
                if name not in receiver:
                    yield required_property("receiver", name)
    if receiver.get("type") == "04" and "name" not in receiver:
        yield required_property("receiver", "name", "1605")
