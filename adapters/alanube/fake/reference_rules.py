"""DGI rules on the documents that a note names (format section 1), and the PAC's own: it must be authorised."""

from collections.abc import Callable, Iterator

from adapters.alanube.fake.records import FakeDocument, Finding
from adapters.alanube.fake.wire import JsonObject
from core.cufe import CUFE_LENGTH, luhn_digit

# The vendor's codes for these are unknown: the fake's own.
UNKNOWN_REFERENCE = "AP10110"
REFERENCE_NOT_AUTHORISED = "AP10111"
REFERENCE_VOIDED = "AP10112"

_CREDIT, _DEBIT = ("04", "06"), ("05", "07")
_FORBIDDEN_TARGETS = {
    ("credit", "credit"): "1712",
    ("credit", "debit"): "1715",
    ("debit", "debit"): "1713",
    ("debit", "credit"): "1716",
}
FindDocument = Callable[[str], FakeDocument | None]


def reference_findings(
    payload: JsonObject, by_id: FindDocument, by_cufe: FindDocument, *, unknown_allowed: bool
) -> Iterator[Finding]:
    """Every reference rule that the payload breaks. The look-ups see the issuing company's documents alone."""
    document_type = payload["information"]["documentType"]
    references = payload.get("referencedDocuments") or []
    electronic = [ref for ref in references if ref["emissionType"] in ("ID", "CUFE")]
    if document_type in ("04", "05") and not references:
        yield _finding("1705", "La nota debe referir al menos un documento")
    if document_type in ("06", "07") and electronic:
        yield _finding("1706", "Una nota genérica no refiere facturas electrónicas")
    elif document_type in ("01", "08") and electronic:
        yield _finding("1708", "Este tipo de documento no refiere facturas electrónicas")
    cufes: list[str] = []
    for place, reference in enumerate(references):
        if reference["emissionType"] == "ID":
            target = by_id(reference["apiIdentification"])
        elif reference["emissionType"] == "CUFE":
            target = by_cufe(reference["cufeIdentification"])
            yield from _cufe_form(place, reference["cufeIdentification"])
        else:
            continue
        cufe = reference.get("cufeIdentification") or (target.cufe if target else None)
        if cufe and cufe in cufes:
            yield _finding("1709", "CUFE referido dos veces", place)
        if cufe:
            cufes.append(cufe)
            yield from _target_type(place, document_type, cufe[2:4])
        if target is not None or reference["emissionType"] == "ID" or not unknown_allowed:
            yield from _target_state(place, target)


def _cufe_form(place: int, cufe: str) -> Iterator[Finding]:
    if len(cufe) != CUFE_LENGTH or not cufe.startswith("FE"):
        yield _finding("1703", "El CUFE referido no tiene la forma de un CUFE", place)
    elif luhn_digit(cufe[2:-1]) != cufe[-1]:
        yield _finding("1704", "Dígito verificador del CUFE referido incorrecto", place)


def _target_type(place: int, document_type: str, target_type: str) -> Iterator[Finding]:
    code = _FORBIDDEN_TARGETS.get((_note_kind(document_type), _note_kind(target_type)))
    if code:
        yield _finding(code, f"Un documento {document_type} no refiere un documento {target_type}", place)


def _note_kind(document_type: str) -> str:
    return "credit" if document_type in _CREDIT else "debit" if document_type in _DEBIT else "invoice"


def _target_state(place: int, target: FakeDocument | None) -> Iterator[Finding]:
    if target is None:
        yield _finding(UNKNOWN_REFERENCE, "El documento referido no existe", place)
    elif target.legal_status != "DGI_AUTHORIZED":
        yield _finding(REFERENCE_NOT_AUTHORISED, "El documento referido no está DGI_AUTHORIZED", place)
    elif target.voided_at is not None:
        yield _finding(REFERENCE_VOIDED, "El documento referido está anulado", place)


def _finding(code: str, message: str, place: int | None = None) -> Finding:
    field = "referencedDocuments" if place is None else f"referencedDocuments[{place}]"
    return Finding(code=code, message=message, field=field)
