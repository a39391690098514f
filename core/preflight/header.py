"""Rules of the document's header: combinations, sale type, printed form, emission and export."""

import re
from collections.abc import Iterator
from decimal import Decimal

from core.codes import CafeDelivery, CafeFormat, Destination, ReceiverType
from core.combinations import combination_breaches
from core.drafts import DraftExport
from core.errors import Path, Wording
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity

LONGEST_PORT = 50
_THREE_LETTERS = re.compile(r"[A-Z]{3}", re.ASCII)
_PLACES: dict[str, Path] = {
    "nature": ("nature",),
    "destination": ("destination",),
    "operation": ("operation",),
    "receiver": ("receiver", "receiverType"),
}

NATURE_NOT_ALLOWED = Rule(
    code="nature_not_allowed",
    dgi="1524",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Nature {given} does not go with document type {document_type}.",
        "La naturaleza {given} no corresponde al tipo de documento {document_type}.",
    ),
    hint=Wording("Use one of: {allowed}.", "Use una de: {allowed}."),
)
DESTINATION_NOT_ALLOWED = Rule(
    code="destination_not_allowed",
    dgi="1526",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Destination {given} does not go with document type {document_type}.",
        "El destino {given} no corresponde al tipo de documento {document_type}.",
    ),
    hint=Wording("Use: {allowed} (1 Panama, 2 abroad).", "Use: {allowed} (1 Panamá, 2 extranjero)."),
)
OPERATION_NOT_ALLOWED = Rule(
    code="operation_not_allowed",
    dgi="1525",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Operation type {given} does not go with document type {document_type}.",
        "El tipo de operación {given} no corresponde al tipo de documento {document_type}.",
    ),
    hint=Wording("Use: {allowed} (1 outgoing, 2 incoming).", "Use: {allowed} (1 salida, 2 entrada)."),
)
RECEIVER_NOT_ALLOWED = Rule(
    code="receiver_not_allowed",
    dgi="1600",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Receiver type {given} does not go with document type {document_type}.",
        "El tipo de receptor {given} no corresponde al tipo de documento {document_type}.",
    ),
    hint=Wording("Use: {allowed} (04 is a foreigner).", "Use: {allowed} (04 es extranjero)."),
)
SALE_TYPE_ON_NOTE = Rule(
    code="sale_type_on_note",
    dgi="1531",
    confidence=Confidence.MEDIUM,
    message=Wording("A note carries no sale type.", "Una nota no lleva tipo de transacción de venta."),
    hint=Wording("Leave saleType out.", "Omita saleType."),
)
PRIOR_AUTHORISATION_NEEDED = Rule(
    code="prior_authorisation_needed",
    dgi="1505",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A taxpayer can only be billed with prior authorisation (01 or 02).",
        "A un contribuyente solo se le factura con autorización previa (01 o 02).",
    ),
    hint=Wording("Use emission 01, or 02 in contingency.", "Use emisión 01, o 02 en contingencia."),
)
CAFE_MISMATCH = Rule(
    code="cafe_mismatch",
    dgi=None,
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording(
        "The printed form's format and delivery contradict each other.",
        "El formato y la entrega del CAFE se contradicen.",
    ),
    hint=Wording(
        "Format 1 (none) goes with delivery 1 (none), and no other.",
        "El formato 1 (ninguno) va con la entrega 1 (ninguna), y con ninguna otra.",
    ),
)
EXPORT_MISSING = Rule(
    code="export_missing",
    dgi="1650",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A destination abroad needs the export group.", "Un destino en el extranjero requiere los datos de exportación."
    ),
    hint=Wording("Give export with its incoterm.", "Indique export con su incoterm."),
)
EXPORT_NOT_EXPECTED = Rule(
    code="export_not_expected",
    dgi="1651",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A destination in Panama excludes the export group.", "Un destino en Panamá excluye los datos de exportación."
    ),
    hint=Wording("Remove export, or change the destination.", "Quite export o cambie el destino."),
)
EXPORT_MALFORMED = Rule(
    code="export_malformed",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording("The export's {field} is not well formed.", "El campo {field} de la exportación no es válido."),
    hint=Wording(
        "Incoterm and currency are three capital letters; a port has 1 to 50 characters.",
        "El incoterm y la moneda son tres letras mayúsculas; el puerto tiene de 1 a 50 caracteres.",
    ),
)
EXCHANGE_RATE_NEEDED = Rule(
    code="exchange_rate_needed",
    dgi="1650",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A currency other than USD needs an exchange rate above zero.",
        "Una moneda distinta de USD requiere una tasa de cambio mayor que cero.",
    ),
    hint=Wording("Give export.exchangeRate.", "Indique export.exchangeRate."),
)

_BREACH_RULES = {
    "nature": NATURE_NOT_ALLOWED,
    "destination": DESTINATION_NOT_ALLOWED,
    "operation": OPERATION_NOT_ALLOWED,
    "receiver": RECEIVER_NOT_ALLOWED,
}


def judge(case: Case) -> Iterator[Finding]:
    """Combinations (1524 to 1526, 1533, 1534, 1620, 1623), 1531, 1505, CAFE and export (1650, 1651)."""
    draft = case.draft
    for breach in combination_breaches(
        document_type=draft.document_type,
        nature=draft.nature,
        destination=draft.destination,
        operation=draft.operation,
        receiver_type=draft.receiver.receiver_type,
    ):
        yield _BREACH_RULES[breach.aspect].at(
            *_PLACES[breach.aspect],
            dgi=breach.rule,
            given=breach.given,
            document_type=draft.document_type,
            allowed=", ".join(breach.allowed),
        )
    if not draft.document_type.is_invoice and draft.sale_type is not None:
        yield SALE_TYPE_ON_NOTE.at("saleType")
    if draft.receiver.receiver_type is ReceiverType.TAXPAYER and not draft.emission.is_prior:
        yield PRIOR_AUTHORISATION_NEEDED.at("emission")
    if (draft.cafe_format is CafeFormat.NONE) != (draft.cafe_delivery is CafeDelivery.NONE):
        yield CAFE_MISMATCH.at("cafeDelivery")
    if draft.destination is Destination.ABROAD:
        if draft.export is None:
            yield EXPORT_MISSING.at("export")
        else:
            yield from _judge_export(draft.export)
    elif draft.export is not None:
        yield EXPORT_NOT_EXPECTED.at("export")


def _judge_export(export: DraftExport) -> Iterator[Finding]:
    if _THREE_LETTERS.fullmatch(export.incoterm) is None:
        yield EXPORT_MALFORMED.at("export", "incoterm", field="incoterm")
    if _THREE_LETTERS.fullmatch(export.currency) is None:
        yield EXPORT_MALFORMED.at("export", "currency", field="currency")
    if export.port is not None and not has_length(export.port, 1, LONGEST_PORT):
        yield EXPORT_MALFORMED.at("export", "port", field="port")
    rate = export.exchange_rate
    if export.currency != "USD" and (rate is None or not rate.is_finite() or rate <= Decimal(0)):
        yield EXCHANGE_RATE_NEEDED.at("export", "exchangeRate")
