"""DGI rules on a document's header: combinations, dates, contingency, export (format sections 1 and 7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.wire import JsonObject
from core.issue_time import business_days_ahead, panama_date

_PLAUSIBLE_YEARS = range(2000, 2200)
_BOTH, _HOME, _ABROAD = (1, 2), (1,), (2,)


@dataclass(frozen=True, slots=True)
class Combination:
    """What goes with one document type."""

    natures: tuple[str, ...]
    destinations: tuple[int, ...]
    operation: int


COMBINATIONS = {
    "01": Combination(("01", "10", "12", "13", "14"), _HOME, 1),
    "02": Combination(("21",), _ABROAD, 2),
    "03": Combination(("02", "03"), _ABROAD, 1),
    "04": Combination(("11", "01"), _BOTH, 1),
    "05": Combination(("01",), _BOTH, 1),
    "06": Combination(("11", "01"), _BOTH, 1),
    "07": Combination(("01",), _BOTH, 1),
    "08": Combination(("01", "02", "10", "12", "13", "14"), _BOTH, 1),
    "09": Combination(("01", "10"), _HOME, 1),
    "10": Combination(("04",), _ABROAD, 1),
}
NOTES = ("04", "05", "06", "07")
B14B = "The destination of the operation cannot be Foreign if the Document Type is Internal Operation Invoice"


def read_time(text: str) -> datetime | None:
    """A date-time with its offset, or None when there is no such moment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in _PLAUSIBLE_YEARS else None


def header_findings(payload: JsonObject, now: datetime, contingency_keys: tuple[str, str]) -> Iterator[Finding]:
    """Every header rule that the payload breaks, notifications included."""
    information = payload["information"]
    yield from _combination(information)
    yield from _issue_date(information, now)
    yield from _contingency(information, contingency_keys)
    yield from _export(payload)
    if information["documentType"] in NOTES and "saleType" in information:
        yield _header("1531", "saleType", "El tipo de transacción de venta no se informa en notas")
    if payload["receiver"]["type"] == "01" and information["issueType"] in ("03", "04"):
        yield _header("1505", "issueType", "El receptor contribuyente exige autorización de uso previa")


def _combination(information: JsonObject) -> Iterator[Finding]:
    document_type = information["documentType"]
    combination = COMBINATIONS[document_type]
    if information["nature"] not in combination.natures:
        yield _header("1524", "nature", f"Naturaleza no permitida para el tipo de documento {document_type}")
    if information["operationType"] != combination.operation:
        yield _header("1525", "operationType", f"Operación no permitida para el tipo {document_type}")
    if information["destination"] not in combination.destinations:
        code, message = "1526", f"Destino no permitido para el tipo de documento {document_type}"
        if document_type == "01":
            code, message = "1534", B14B
        elif document_type == "03":
            code, message = "1533", "El destino de una factura de exportación debe ser Extranjero"
        yield _header(code, "destination", message)


def _issue_date(information: JsonObject, now: datetime) -> Iterator[Finding]:
    if "issueDate" not in information:
        return
    issued_at = read_time(information["issueDate"])
    if issued_at is None:
        yield _header("AP10078", "issueDate", "La fecha de emisión no existe")
    elif business_days_ahead(panama_date(now), panama_date(issued_at)) > 2:
        yield _header("1520", "issueDate", "Fecha de emisión posterior en más de 2 días hábiles")
    elif issued_at > now + timedelta(hours=24):
        yield _header("1535", "issueDate", "Fecha de emisión posterior en más de 24 horas", notify=True)
    elif issued_at < now - timedelta(days=30):
        yield _header("1519", "issueDate", "Fecha de emisión con más de 30 días", notify=True)


def _contingency(information: JsonObject, keys: tuple[str, str]) -> Iterator[Finding]:
    start_key, reason_key = keys
    if information["issueType"] not in ("02", "04"):
        return
    start = read_time(information.get(start_key, ""))
    if start is None:
        yield _header("1506", start_key, "Falta la fecha de inicio de la contingencia")
    if reason_key not in information:
        yield _header("1509", reason_key, "Falta el motivo de la contingencia")
    issued_at = read_time(information.get("issueDate", ""))
    if start is None or issued_at is None:
        return
    if start > issued_at:
        yield _header("1507", start_key, "La contingencia empieza después de la emisión")
    elif issued_at - start > timedelta(hours=72):
        yield _header("1508", start_key, "La contingencia supera 72 horas", notify=True)


def _export(payload: JsonObject) -> Iterator[Finding]:
    group = payload.get("exportation") or payload["receiver"].get("exportation")
    abroad = payload["information"]["destination"] == 2
    if abroad and not group:
        yield Finding(code="1650", message='instance requires property "exportation"', field="exportation")
    elif not abroad and group:
        yield Finding(code="1651", message="No se informa exportación con destino Panamá", field="exportation")
    elif group and (
        not group.get("incoterm") or (group.get("currency", "USD") != "USD" and not group.get("exchangeRate"))
    ):
        yield Finding(
            code="1650",
            message="La exportación exige incoterm y, si la moneda no es USD, tipo de cambio",
            field="exportation",
        )


def _header(code: str, name: str, message: str, *, notify: bool = False) -> Finding:
    return Finding(code=code, message=message, field=f"information.{name}", is_notification=notify)
