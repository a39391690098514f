"""Rules about items (2000 to 2056, 2150, 2300) and the government's classification (CPBS)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from core.codes import OtiCode, ReceiverType
from core.drafts import DraftLine
from core.errors import Wording
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity
from core.units import KNOWN_UNITS, Unit, similar_unit

MOST_LINES = 1000
LONGEST_CODE = 20
HIGHEST_ISC_RATE = Decimal(1)
EARLY_ISC_RATES = frozenset(Decimal(rate) for rate in ("0", "0.035", "0.05", "0.06", "0.1325", "0.325"))
_CPBS = re.compile(r"[1-9][0-9](?:[0-9]{2})?", re.ASCII)

NO_LINES = Rule(
    code="no_lines",
    dgi="2000",
    confidence=Confidence.HIGH,
    message=Wording("The document has no lines.", "El documento no tiene líneas."),
    hint=Wording("Give 1 to 1000 lines.", "Indique de 1 a 1000 líneas."),
)
TOO_MANY_LINES = Rule(
    code="too_many_lines",
    dgi="2000",
    confidence=Confidence.HIGH,
    message=Wording(
        "The document has {count} lines; at most 1000 fit.", "El documento tiene {count} líneas; caben 1000."
    ),
    hint=Wording("Split the document.", "Divida el documento."),
)
DESCRIPTION_LENGTH = Rule(
    code="description_length",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("A description has 2 to 500 characters.", "Una descripción tiene de 2 a 500 caracteres."),
    hint=Wording("Shorten or complete it.", "Acórtela o complétela."),
)
QUANTITY_NOT_POSITIVE = Rule(
    code="quantity_not_positive",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The quantity must be above zero.", "La cantidad debe ser mayor que cero."),
    hint=Wording("Correct the quantity.", "Corrija la cantidad."),
)
HIGH_UNIT_PRICE = Rule(
    code="high_unit_price",
    dgi="2050",
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording("The unit price is above {limit}.", "El precio unitario supera {limit}."),
    hint=Wording("Check the price.", "Revise el precio."),
)
DISCOUNT_ABOVE_PRICE = Rule(
    code="discount_above_price",
    dgi="2051",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The discount per unit is above the unit price.", "El descuento por unidad supera el precio unitario."
    ),
    hint=Wording(
        "The discount is money per unit, not a percentage.", "El descuento es dinero por unidad, no un porcentaje."
    ),
)
DISCOUNT_ON_NOTHING = Rule(
    code="discount_on_nothing",
    dgi="2052",
    confidence=Confidence.MEDIUM,
    message=Wording("A price of zero cannot have a discount.", "Un precio de cero no admite descuento."),
    hint=Wording("Remove the discount.", "Quite el descuento."),
)
FREIGHT_TWICE = Rule(
    code="freight_on_lines_and_document",
    dgi="2054",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Freight goes on lines or on the document, never both (2054, 2505).",
        "El acarreo va en las líneas o en el documento, nunca en ambos (2054, 2505).",
    ),
    hint=Wording("Keep one of them.", "Deje uno solo."),
)
INSURANCE_TWICE = Rule(
    code="insurance_on_lines_and_document",
    dgi="2055",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Insurance goes on lines or on the document, never both (2055, 2506).",
        "El seguro va en las líneas o en el documento, nunca en ambos (2055, 2506).",
    ),
    hint=Wording("Keep one of them.", "Deje uno solo."),
)
OTI_REPEATED = Rule(
    code="oti_repeated",
    dgi="2300",
    confidence=Confidence.MEDIUM,
    message=Wording("Tax {oti} appears twice on the line.", "El impuesto {oti} aparece dos veces en la línea."),
    hint=Wording("Add the amounts up.", "Sume los montos."),
)
ISC_TWICE = Rule(
    code="isc_rate_and_amount",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording("ISC is a rate or an amount, not both.", "El ISC es una tasa o un monto, no ambos."),
    hint=Wording("Keep one of them.", "Deje uno solo."),
)
ISC_RATE_UNKNOWN = Rule(
    code="isc_rate_unknown",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording("ISC rate {rate} is not in the DGI's early table.", "La tasa de ISC {rate} no está en la tabla."),
    hint=Wording("A rate is a fraction: 0.05 is 5 %.", "La tasa es una fracción: 0.05 es 5 %."),
)
ISC_RATE_ABOVE_ONE = Rule(
    code="isc_rate_above_one",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording("ISC rate {rate} is above 100 %.", "La tasa de ISC {rate} supera el 100 %."),
    hint=Wording("A rate is a fraction: write 5 % as 0.05.", "La tasa es una fracción: escriba 5 % como 0.05."),
)
UNIT_UNKNOWN = Rule(
    code="unit_unknown",
    dgi=None,
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording('Istmo does not know the unit "{unit}".', 'Istmo no conoce la unidad "{unit}".'),
    hint=Wording(
        "Istmo knows a part of the DGI's table, {known}; check the unit there.{similar}",
        "Istmo conoce una parte de la tabla de la DGI, {known}; revise la unidad allí.{similar}",
    ),
)
CODE_LENGTH = Rule(
    code="line_code_length",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording("The {field} has 1 to 20 characters.", "El campo {field} tiene de 1 a 20 caracteres."),
    hint=Wording("Shorten it.", "Acórtelo."),
)
CPBS_MISSING = Rule(
    code="cpbs_missing",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording(
        "The government needs a CPBS code on every line.", "El gobierno requiere código CPBS en cada línea."
    ),
    hint=Wording("Give the 2-digit segment or 4-digit family.", "Indique el segmento (2 dígitos) o la familia (4)."),
)
CPBS_MALFORMED = Rule(
    code="cpbs_malformed",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording('"{cpbs}" is no CPBS code.', '"{cpbs}" no es un código CPBS.'),
    hint=Wording(
        "A segment has 2 digits, a family 4; 8 digits are another catalogue.",
        "El segmento tiene 2 dígitos y la familia 4; 8 dígitos son otro catálogo.",
    ),
)


def judge(case: Case) -> Iterator[Finding]:
    """The number of lines, then each of at most 1000."""
    draft = case.draft
    if not draft.lines:
        yield NO_LINES.at("lines")
    if len(draft.lines) > MOST_LINES:
        yield TOO_MANY_LINES.at("lines", count=len(draft.lines))
    needs_cpbs = draft.receiver.receiver_type is ReceiverType.GOVERNMENT
    for place, line in enumerate(draft.lines[:MOST_LINES]):
        yield from _judge_texts(place, line, needs_cpbs=needs_cpbs)
        yield from _judge_price(case, place, line)
        yield from _judge_other_taxes(place, line)
        if draft.freight and line.freight:
            yield FREIGHT_TWICE.at("lines", place, "freight")
        if draft.insurance and line.insurance:
            yield INSURANCE_TWICE.at("lines", place, "insurance")


def _judge_texts(place: int, line: DraftLine, *, needs_cpbs: bool) -> Iterator[Finding]:
    if not has_length(line.description, 2, 500):
        yield DESCRIPTION_LENGTH.at("lines", place, "description")
    for field, text in (("code", line.code), ("unit", line.unit), ("cpbsUnit", line.cpbs_unit)):
        if text is not None and not has_length(text, 1, LONGEST_CODE):
            yield CODE_LENGTH.at("lines", place, field, field=field)
        elif text is not None and field != "code" and text not in KNOWN_UNITS:
            yield _unknown_unit(place, field, text)
    if line.cpbs_code is None:
        if needs_cpbs:
            yield CPBS_MISSING.at("lines", place, "cpbsCode")
    elif _CPBS.fullmatch(line.cpbs_code) is None:
        yield CPBS_MALFORMED.at("lines", place, "cpbsCode", cpbs=line.cpbs_code[:20])


def _unknown_unit(place: int, field: str, text: str) -> Finding:
    similar, known = similar_unit(text), ", ".join(Unit)
    if similar is None:
        return UNIT_UNKNOWN.at("lines", place, field, unit=text, known=known, similar="")
    meant = Wording(f' Did you mean "{similar}"?', f' ¿Quiso decir "{similar}"?')
    return UNIT_UNKNOWN.at("lines", place, field, unit=text, known=known, similar=meant)


def _judge_price(case: Case, place: int, line: DraftLine) -> Iterator[Finding]:
    if not all(amount.is_finite() for amount in (line.quantity, line.unit_price, line.unit_discount)):
        return
    if line.quantity <= 0:
        yield QUANTITY_NOT_POSITIVE.at("lines", place, "quantity")
    if line.unit_price > case.settings.high_unit_price:
        yield HIGH_UNIT_PRICE.at("lines", place, "unitPrice", limit=case.settings.high_unit_price)
    if line.unit_discount and not line.unit_price:
        yield DISCOUNT_ON_NOTHING.at("lines", place, "unitDiscount")
    elif line.unit_discount > line.unit_price:
        yield DISCOUNT_ABOVE_PRICE.at("lines", place, "unitDiscount")


def _judge_other_taxes(place: int, line: DraftLine) -> Iterator[Finding]:
    seen: set[OtiCode] = set()
    for position, charge in enumerate(line.oti):
        if charge.code in seen:
            yield OTI_REPEATED.at("lines", place, "oti", position, "code", oti=charge.code)
        seen.add(charge.code)
    if line.isc_rate is not None:
        if line.isc_amount is not None:
            yield ISC_TWICE.at("lines", place, "iscAmount")
        if line.isc_rate.is_finite() and line.isc_rate > HIGHEST_ISC_RATE:
            yield ISC_RATE_ABOVE_ONE.at("lines", place, "iscRate", rate=line.isc_rate)
        elif line.isc_rate.is_finite() and line.isc_rate not in EARLY_ISC_RATES:
            yield ISC_RATE_UNKNOWN.at("lines", place, "iscRate", rate=line.isc_rate)
