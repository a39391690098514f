"""Rules about the documents that a note refers to (1703 to 1716)."""

from collections.abc import Iterator

from core.codes import DocumentType
from core.cufe import CUFE_LENGTH, CufeParts, verify_cufe
from core.drafts import DraftReference
from core.errors import Wording
from core.issue_time import panama_date
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity

MOST_REFERENCES = 99
LONGEST_OTHER_NUMBER = 22
_NO_FE_RULES = {
    DocumentType.GENERIC_CREDIT_NOTE: "1706",
    DocumentType.GENERIC_DEBIT_NOTE: "1706",
    DocumentType.DOMESTIC_INVOICE: "1708",
    DocumentType.FREE_ZONE_INVOICE: "1708",
}

TOO_MANY_REFERENCES = Rule(
    code="too_many_references",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("A document names at most 99 others.", "Un documento referencia a lo sumo otros 99."),
    hint=Wording("Split the note.", "Divida la nota."),
)
REFERENCE_MISSING = Rule(
    code="reference_missing",
    dgi="1705",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A note of type {document_type} must name the document that it changes.",
        "Una nota de tipo {document_type} debe indicar el documento que modifica.",
    ),
    hint=Wording("Give references, or use the generic note.", "Indique references o use la nota genérica."),
)
REFERENCE_NOT_ALLOWED = Rule(
    code="reference_not_allowed",
    dgi="1706",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A document of type {document_type} may not name an electronic invoice.",
        "Un documento de tipo {document_type} no puede referenciar una factura electrónica.",
    ),
    hint=Wording("Use a referring note (04 or 05).", "Use una nota referente (04 o 05)."),
)
REFERENCE_NOT_ONE = Rule(
    code="reference_not_one",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording(
        "A reference holds exactly one of CUFE, paper number and fiscal-printer number.",
        "Una referencia lleva exactamente uno: CUFE, número en papel o número de impresora fiscal.",
    ),
    hint=Wording("Keep the one that identifies the document.", "Deje el que identifica al documento."),
)
REFERENCE_NUMBER_LENGTH = Rule(
    code="reference_number_length",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("The number must have 1 to 22 characters.", "El número debe tener de 1 a 22 caracteres."),
    hint=Wording("Copy it from the document.", "Cópielo del documento."),
)
REFERENCE_CUFE_LENGTH = Rule(
    code="reference_cufe_length",
    dgi="1703",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The referenced CUFE has {length} characters, not 66.", "El CUFE tiene {length} caracteres, no 66."
    ),
    hint=Wording("Copy all of it.", "Cópielo completo."),
)
REFERENCE_CUFE_WRONG = Rule(
    code="reference_cufe_wrong",
    dgi="1704",
    confidence=Confidence.MEDIUM,
    message=Wording("The referenced CUFE is wrong. {reason}", "El CUFE referenciado es incorrecto. {reason}"),
    hint=Wording("Copy it again from the document.", "Cópielo de nuevo del documento."),
)
REFERENCE_TWICE = Rule(
    code="reference_twice",
    dgi="1709",
    confidence=Confidence.MEDIUM,
    message=Wording("The same CUFE is named twice.", "El mismo CUFE aparece dos veces."),
    hint=Wording("Name each document once.", "Indique cada documento una sola vez."),
)
REFERENCE_TO_NOTE = Rule(
    code="reference_to_note",
    dgi="1712",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A note of type {document_type} may not name a document of type {named}.",
        "Una nota de tipo {document_type} no puede referenciar un documento de tipo {named}.",
    ),
    hint=Wording("Name the invoice.", "Referencie la factura."),
)
REFERENCE_DATE_DIFFERS = Rule(
    code="reference_date_differs",
    dgi=None,
    confidence=Confidence.LOW,
    severity=Severity.WARNING,
    message=Wording("The date is not the one in the CUFE.", "La fecha no es la del CUFE."),
    hint=Wording("Use the issue date of the named document.", "Use la fecha de emisión del documento referenciado."),
)
REFERENCE_LATER = Rule(
    code="reference_later",
    dgi=None,
    confidence=Confidence.LOW,
    message=Wording("The named document is later than this one.", "El documento referenciado es posterior a este."),
    hint=Wording("Check both dates.", "Revise ambas fechas."),
)
CREDIT_NOTE_TOO_LATE = Rule(
    code="credit_note_too_late",
    dgi=None,
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The invoice is older than {days} days: too old for a credit note.",
        "La factura tiene más de {days} días: ya no admite nota de crédito.",
    ),
    hint=Wording(
        "Ask your accountant which document corrects it.", "Consulte con su contador qué documento corresponde."
    ),
)


def judge(case: Case) -> Iterator[Finding]:
    """Presence (1705, 1706, 1708), each reference (1703, 1704), pairs (1709) and kinds (1712, 1713, 1715, 1716)."""
    draft = case.draft
    document_type = draft.document_type
    if len(draft.references) > MOST_REFERENCES:
        yield TOO_MANY_REFERENCES.at("references")
        return
    if document_type.is_referring and not draft.references:
        yield REFERENCE_MISSING.at("references", document_type=document_type)
    seen: set[str] = set()
    for place, reference in enumerate(draft.references):
        yield from _judge_identity(case, place, reference)
        if reference.cufe is not None:
            if reference.cufe in seen:
                yield REFERENCE_TWICE.at("references", place, "cufe")
            seen.add(reference.cufe)
        if reference.issued_at.utcoffset() is not None:
            yield from _judge_age(case, place, reference)


def _judge_identity(case: Case, place: int, reference: DraftReference) -> Iterator[Finding]:
    numbers = (("paperNumber", reference.paper_number), ("printerNumber", reference.printer_number))
    given = [value for value in (reference.cufe, *(number for _, number in numbers)) if value is not None]
    if len(given) != 1:
        yield REFERENCE_NOT_ONE.at("references", place)
    for field, number in numbers:
        if number is not None and not has_length(number, 1, LONGEST_OTHER_NUMBER):
            yield REFERENCE_NUMBER_LENGTH.at("references", place, field)
    if reference.cufe is None:
        return
    document_type = case.draft.document_type
    if document_type in _NO_FE_RULES:
        rule = _NO_FE_RULES[document_type]
        yield REFERENCE_NOT_ALLOWED.at("references", place, "cufe", dgi=rule, document_type=document_type)
    if len(reference.cufe) != CUFE_LENGTH:
        yield REFERENCE_CUFE_LENGTH.at("references", place, "cufe", length=len(reference.cufe))
        return
    verdict = verify_cufe(reference.cufe)
    if verdict.reason is not None:
        yield REFERENCE_CUFE_WRONG.at("references", place, "cufe", reason=verdict.reason)
    if verdict.parts is not None:
        yield from _judge_named(case, place, reference, verdict.parts)


def _judge_named(case: Case, place: int, reference: DraftReference, named: CufeParts) -> Iterator[Finding]:
    rule = _kind_rule(case.draft.document_type, named.document_type)
    if rule is not None:
        yield REFERENCE_TO_NOTE.at(
            "references",
            place,
            "cufe",
            dgi=rule,
            document_type=case.draft.document_type,
            named=named.document_type,
        )
    if reference.issued_at.utcoffset() is not None and panama_date(reference.issued_at) != named.issued_on:
        yield REFERENCE_DATE_DIFFERS.at("references", place, "issuedAt")


def _kind_rule(document_type: DocumentType, named: DocumentType) -> str | None:
    if document_type.is_credit_note and named.is_credit_note:
        return "1712"
    if document_type.is_credit_note and named.is_debit_note:
        return "1715"
    if document_type.is_debit_note and named.is_debit_note:
        return "1713"
    if document_type.is_debit_note and named.is_credit_note:
        return "1716"
    return None


def _judge_age(case: Case, place: int, reference: DraftReference) -> Iterator[Finding]:
    age = case.issued_at - reference.issued_at
    if panama_date(reference.issued_at) > panama_date(case.issued_at):
        yield REFERENCE_LATER.at("references", place, "issuedAt")
    elif case.draft.document_type.is_credit_note and age > case.settings.credit_note_window:
        days = case.settings.credit_note_window.days
        yield CREDIT_NOTE_TOO_LATE.at("references", place, "issuedAt", days=days)
