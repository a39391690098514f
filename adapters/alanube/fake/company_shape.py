"""The shapes of companies and offices (contract sections 2.5 and 2.6)."""

from adapters.alanube.fake.shape import Kind, Shape, choice, record, text

_BASE64 = r"[A-Za-z0-9+/\s]+={0,2}\s*"
_CERTIFICATE = {
    "extension": choice("p12", required=True),
    "password": text(0, 200, required=True),
    "content": text(4, 100_000, pattern=_BASE64, required=True),
}
_EMAILS = record(
    {
        "active": Shape(kinds=(Kind.BOOLEAN,)),
        "replyTo": text(0, 320),
        "message": text(0, 5000),
    }
)
_WEBHOOKS = record(
    {
        "url": text(8, 2000, pattern="https?://.+", required=True),
        "secret": text(1, 1000, required=True),
        "userId": text(0, 200),
    },
    nullable=True,
)
_QR = text(9, 9, pattern="[0-9]{9}")
_TYPE_RUC = Shape(
    kinds=(Kind.OBJECT, Kind.WHOLE),
    required=True,
    choices=(1, 2),
    fields={"code": choice(1, 2, required=True)},
)

COMPANY = record(
    {
        "name": text(1, 200, required=True),
        "tradeName": text(2, 200, required=True),
        "ruc": text(5, 20, required=True),
        "checkDigit": text(1, 2, pattern="[0-9]{2}", required=True),
        "type": choice("main", "associated", required=True),
        "typeRuc": _TYPE_RUC,
        "emails": _EMAILS,
        "certificates": record(
            {
                "signature": record(_CERTIFICATE, required=True),
                "authentication": record(_CERTIFICATE, required=True),
            },
            required=True,
        ),
        "qr": _QR,
        "logo": text(0, 2000),
        "webhooks": _WEBHOOKS,
    }
)
COMPANY_PATCH = record(
    {
        "name": text(1, 200),
        "tradeName": text(2, 200),
        "emails": _EMAILS,
        "qr": _QR,
        "securityCode": _QR,
        "certificates": record(
            {"signature": record(_CERTIFICATE), "authentication": record(_CERTIFICATE)},
        ),
        "logo": text(0, 2000),
        "webhooks": _WEBHOOKS,
    }
)
_OFFICE_PLACE = {
    "coordinates": text(1, 22, pattern=r"[+-]?[0-9]{1,3}(\.[0-9]+)?,[+-]?[0-9]{1,3}(\.[0-9]+)?"),
    "address": text(1, 100),
    "telephone": text(1, 12),
    "location": text(1, 20, pattern="[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}"),
    "email": text(3, 50, pattern="[^@ ]+@[^@ ]+"),
}
OFFICE = record(
    {
        "code": text(4, 4, pattern="[0-9A-Za-z]{4}", required=True),
        "type": choice("main", "associated", required=True),
        "coordinates": text(1, 22, pattern=r"[+-]?[0-9]{1,3}(\.[0-9]+)?,[+-]?[0-9]{1,3}(\.[0-9]+)?", required=True),
        "address": text(1, 100, required=True),
        "telephone": text(1, 12, required=True),
        "location": text(1, 20, pattern="[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}", required=True),
        "email": text(3, 50, pattern="[^@ ]+@[^@ ]+"),
    }
)
OFFICE_PATCH = record(_OFFICE_PLACE)
