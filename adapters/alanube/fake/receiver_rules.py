"""DGI rules on the receiver (format section 2)."""

from collections.abc import Iterator

from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.taxpayer_registry import TaxpayerRegistry, readable_ruc
from adapters.alanube.fake.wire import JsonObject

_FOREIGN_ONLY = {"03": "1620", "10": "1623"}


def receiver_findings(payload: JsonObject, registry: TaxpayerRegistry, *, strict_registry: bool) -> Iterator[Finding]:
    """Every receiver rule that the payload breaks, notifications included."""
    receiver, information = payload["receiver"], payload["information"]
    kind, ruc = receiver["type"], receiver.get("ruc")
    must_be_foreign = _FOREIGN_ONLY.get(information["documentType"])
    if must_be_foreign and kind != "04":
        yield _receiver(must_be_foreign, "type", "El receptor debe ser extranjero para este tipo de documento")
    if kind == "04":
        yield from _foreigner(receiver)
    elif kind == "02" and ruc and ruc["type"] == 2:
        yield _receiver("1621", "ruc", "Un consumidor final no lleva RUC jurídico")
    elif ruc:
        yield from _ruc(ruc, registry, strict_registry=strict_registry)
    if kind in ("01", "03"):
        if "address" not in receiver:
            yield _receiver("1606", "address", "Falta la dirección del receptor", notify=True)
        if "location" not in receiver:
            yield _receiver("1607", "location", "Falta la ubicación del receptor", notify=True)
    yield from _country(receiver, information["destination"])


def _foreigner(receiver: JsonObject) -> Iterator[Finding]:
    foreign = receiver.get("foreign") or {}
    if not foreign.get("number") or not foreign.get("country"):
        yield _receiver("1618", "foreign", "Falta la identificación del extranjero o su país")
    if receiver.get("ruc"):
        yield _receiver("1619", "ruc", "Con identificación extranjera no se informa RUC")


def _ruc(ruc: JsonObject, registry: TaxpayerRegistry, *, strict_registry: bool) -> Iterator[Finding]:
    if readable_ruc(ruc["ruc"], ruc["type"]) is None:
        yield _receiver("1601", "ruc.ruc", "RUC del receptor mal formado")
    elif registry.find(ruc["ruc"], ruc["type"], strict=strict_registry) is None:
        yield _receiver("1602", "ruc.ruc", "RUC del receptor inexistente en el registro de la DGI")


def _country(receiver: JsonObject, destination: int) -> Iterator[Finding]:
    country = receiver["country"]
    if destination == 1 and country != "PA":
        yield _receiver("1611", "country", "El país del receptor debe ser PA con destino Panamá")
    elif destination == 2 and country == "PA":
        yield _receiver("1611", "country", "El país del receptor no puede ser PA con destino Extranjero")
    elif country == "ZZ" and not 5 <= len((receiver.get("foreign") or {}).get("country", "")) <= 50:
        yield _receiver("1612", "foreign.country", "El país ZZ exige un nombre de 5 a 50 caracteres")


def _receiver(code: str, name: str, message: str, *, notify: bool = False) -> Finding:
    return Finding(code=code, message=message, field=f"receiver.{name}", is_notification=notify)
