"""DGI rules on items, totals and payments (format sections 5 and 6), on the fake's own sums."""

from collections.abc import Iterator
from decimal import Decimal

from adapters.alanube.fake.amounts import (
    CENT,
    ZERO,
    DocumentAmounts,
    LineAmounts,
    is_number,
    number,
    to_cents,
)
from adapters.alanube.fake.records import Finding
from adapters.alanube.fake.wire import JsonObject

# The vendor's codes for these are unknown and the DGI's not published: the fake's own.
WRONG_CPBS = "AP10120"
WRONG_RETENTION = "AP10121"
WRONG_ISC = "AP10122"

RETENTION_SHARES: dict[str, Decimal | None] = {
    "1": Decimal(1),
    "2": Decimal("0.5"),
    "3": Decimal(1),
    "4": Decimal("0.5"),
    "7": Decimal("0.5"),
    "8": None,
}


def numbers_that_are_text(payload: JsonObject) -> Iterator[Finding]:
    """Rates that may come as text must be numbers before any sum is made."""
    for place, item in enumerate(payload["items"]):
        rate = (item.get("isc") or {}).get("rate", 0)
        if not is_number(rate) or not 0 <= Decimal(str(rate)) <= 1:
            yield _at(place, WRONG_ISC, "isc.rate", "La tasa de ISC debe estar entre 0 y 1")


def amount_findings(payload: JsonObject, amounts: DocumentAmounts) -> Iterator[Finding]:
    """Every rule on amounts that the payload breaks, notifications included."""
    sequences = [item["number"] for item in payload["items"]]
    if len(set(sequences)) != len(sequences):
        yield Finding(code="2001", message="Secuencia de ítem repetida", field="items")
    for place, (item, line) in enumerate(zip(payload["items"], amounts.lines, strict=True)):
        yield from _item(place, item, line)
    yield from _totals(payload, amounts)
    yield from _payments(payload["totals"], amounts)
    yield from _retention(payload["totals"].get("retention"), amounts)


def _item(place: int, item: JsonObject, line: LineAmounts) -> Iterator[Finding]:
    if line.price == 0 and line.discount > 0:
        yield _at(place, "2052", "prices.discount", "Sin precio no hay descuento")
    elif line.discount > line.price:
        yield _at(place, "2051", "prices.discount", "El descuento unitario supera el precio unitario")
    if line.price > 100_000:
        yield _at(place, "2050", "prices.transfer", "Precio unitario mayor de 100 000", notify=True)
    itbms = item["itbms"]
    if "amount" in itbms and abs(number(itbms, "amount") - line.itbms) > CENT:
        yield _at(place, "2152", "itbms.amount", "El ITBMS no es la tasa por el precio del ítem")
    code = str((item.get("cpbs") or {}).get("code", "0000"))
    if len(code) not in (2, 4) or not code.isdigit():
        yield _at(place, WRONG_CPBS, "cpbs.code", "El código CPBS tiene 2 (segmento) o 4 dígitos (familia)")


def _totals(payload: JsonObject, amounts: DocumentAmounts) -> Iterator[Finding]:
    if amounts.freight and (places := [place for place, line in enumerate(amounts.lines) if line.freight]):
        message = "El acarreo va en los ítems o en el total, no en ambos"
        yield from (_at(place, "2054", "prices.transport", message) for place in places)
        yield _total("2505", "transport", message)
    if amounts.insurance and (places := [place for place, line in enumerate(amounts.lines) if line.insurance]):
        message = "El seguro va en los ítems o en el total, no en ambos"
        yield from (_at(place, "2055", "prices.insurance", message) for place in places)
        yield _total("2506", "insurance", message)
    if amounts.total < 0:
        yield _total("2507", "discounts", "Los descuentos superan el total")
    if amounts.total > 1_000_000:
        yield _total("2509", "", "Total mayor de 1 000 000", notify=True)
    if amounts.total > 10_000 and payload["receiver"]["type"] == "02":
        yield _total("2515", "", "Total mayor de 10 000 a consumidor final", notify=True)


def _payments(totals: JsonObject, amounts: DocumentAmounts) -> Iterator[Finding]:
    expected = amounts.total + number(totals, "change")
    if abs(amounts.paid - expected) > CENT:
        message = f"Los pagos suman {amounts.paid} y el total es {expected}"
        yield _total("2510", "paymentMethods", message)
    for place, payment in enumerate(totals["paymentMethods"]):
        described = payment.get("otherType", "")
        field = f"paymentMethods[{place}].otherType"
        if payment["type"] == "99" and len(described) < 10:
            yield _total("2601", field, "La forma de pago 99 exige una descripción de 10 a 100 caracteres")
        elif payment["type"] != "99" and described:
            yield _total("2602", field, "La descripción es solo para la forma de pago 99")
    if totals["paymentTime"] == 1:
        if totals.get("installmentPayment"):
            yield _total("2512", "installmentPayment", "Un pago inmediato no lleva plazos")
        return
    instalments = sum((number(each, "amount") for each in totals["installmentPayment"]), ZERO)
    exceeds = instalments > amounts.total + CENT
    falls_short = totals["paymentTime"] == 2 and instalments < amounts.total - CENT
    if exceeds or falls_short:  # no source says that the DGI refuses this: told, not refused
        message = f"Los plazos suman {instalments} y el total es {amounts.total}"
        yield _total("2512", "installmentPayment", message, notify=True)


def _retention(retention: JsonObject | None, amounts: DocumentAmounts) -> Iterator[Finding]:
    if retention is None:
        return
    code = str(retention["code"])
    if code not in RETENTION_SHARES:
        yield _total(WRONG_RETENTION, "retention.code", "Código de retención inexistente")
        return
    share, retained = RETENTION_SHARES[code], number(retention, "amount")
    if share is not None and abs(retained - to_cents(share * amounts.itbms)) > CENT:
        yield _total(WRONG_RETENTION, "retention.amount", f"La retención {code} es {share} del ITBMS total")
    elif retained > amounts.itbms + CENT:
        yield _total(WRONG_RETENTION, "retention.amount", "La retención supera el ITBMS total")


def _at(place: int, code: str, name: str, message: str, *, notify: bool = False) -> Finding:
    return Finding(code=code, message=message, field=f"items[{place}].{name}", is_notification=notify)


def _total(code: str, name: str, message: str, *, notify: bool = False) -> Finding:
    field = f"totals.{name}" if name else "totals"
    return Finding(code=code, message=message, field=field, is_notification=notify)
