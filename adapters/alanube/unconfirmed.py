"""Fields that the DGI has and whose name at the PAC no source confirms: sent only where a setting names the key.

ASSUME-020 foreigner, ASSUME-021 export place, ASSUME-022 contingency, ASSUME-023 OTI, ASSUME-024 country name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.alanube.settings import WireOptions
from adapters.alanube.wire import plain_number
from core.documents import FiscalDocument
from core.errors import Path
from core.failures import PacFieldUnconfirmedError
from core.issue_time import wire_time
from core.money import round_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A value and its place in the body: keys, and positions of items."""

    place: tuple[str | int, ...]
    value: object


def placements(document: FiscalDocument, options: WireOptions) -> Iterator[Placement]:
    """Every unconfirmed field of the document. Raises PacFieldUnconfirmedError for the first without a key."""
    yield from _foreigner(document, options)
    yield from _export(document, options)
    yield from _contingency(document, options)
    yield from _other_taxes(document, options)


def _foreigner(document: FiscalDocument, options: WireOptions) -> Iterator[Placement]:
    receiver = document.draft.receiver
    identity = receiver.foreign_identity
    if identity is not None:
        key = _named(options.foreign_key, "receiver.foreignIdentity", "foreign_key", ("receiver", "foreign_identity"))
        value = {"number": identity.number, "country": identity.country}
        if options.foreign_kind_key is not None:
            value[options.foreign_kind_key] = str(identity.kind)
        yield Placement(place=("receiver", key), value=value)
    if receiver.country_name is not None:
        key = _named(options.country_name_key, "receiver.countryName", "country_name_key", ("receiver", "country_name"))
        yield Placement(place=("receiver", key), value=receiver.country_name)


def _export(document: FiscalDocument, options: WireOptions) -> Iterator[Placement]:
    export = document.draft.export
    if export is None:
        return
    place = _named(options.export_place, "export", "export_place", ("export",))
    value: dict[str, object] = {"incoterm": export.incoterm, "currency": export.currency}
    if export.exchange_rate is not None:
        value["exchangeRate"] = plain_number(export.exchange_rate)
    if export.port is not None:
        value["port"] = export.port
    yield Placement(place=("receiver", "exportation") if place == "receiver" else ("exportation",), value=value)


def _contingency(document: FiscalDocument, options: WireOptions) -> Iterator[Placement]:
    contingency = document.draft.contingency
    if contingency is None:
        return
    path = ("contingency",)
    start = _named(options.contingency_start_key, "contingency.startedAt", "contingency_start_key", path)
    reason = _named(options.contingency_reason_key, "contingency.reason", "contingency_reason_key", path)
    yield Placement(place=("information", start), value=wire_time(contingency.started_at))
    yield Placement(place=("information", reason), value=contingency.reason)


def _other_taxes(document: FiscalDocument, options: WireOptions) -> Iterator[Placement]:
    for position, line in enumerate(document.draft.lines):
        if line.oti:
            key = _named(options.oti_key, "lines.oti", "oti_key", ("lines", position, "oti"))
            charges = [
                {
                    options.oti_code_key: str(charge.code),
                    options.oti_amount_key: plain_number(round_amount(charge.amount)),
                }
                for charge in line.oti
            ]
            yield Placement(place=("items", position, key), value=charges)


def _named(key: str | None, field: str, setting: str, path: Path) -> str:
    if key is None:
        raise PacFieldUnconfirmedError(path=path, field=field, setting=f"ISTMO_PAC_WIRE_{setting.upper()}")
    return key
