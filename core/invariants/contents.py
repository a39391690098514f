"""Whether what a document says still holds together: its bytes (I5), its CUFE and its figures (I11)."""

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence

from core.cufe import CufeParts, MalformedCufeError, build_cufe, verify_cufe
from core.dgi_totals_check import check_dgi_document
from core.documents import DocumentMode, FiscalDocument
from core.errors import IstmoError
from core.events import ChainedEvent, EventKind
from core.invariants.faults import Fault
from core.invariants.findings import Findings, about
from core.issue_time import panama_date
from core.money import amount_text
from core.totals import Totals, compute_totals

BODY_DIGEST = "body_digest"
"""The fact of the RECORDED event (CONVERTED, of a former draft) that keeps the SHA-256 of the bytes in the chain."""

_RECORDING = (EventKind.RECORDED, EventKind.CONVERTED)
_SUMS = frozenset({"2152", "2056", "2500", "2501", "2503", "2507", "2510", "2513", "2514"})


def check_body(
    document: FiscalDocument, body: bytes | None, events: Sequence[ChainedEvent] | None, encoded: bytes | None
) -> Findings:
    """``encoded``: what this version would post for the document; None when it cannot say."""
    if document.mode is not DocumentMode.DGI:
        if body:
            yield about(document, Fault.STATE_CONTRADICTS, "bytes to post are stored for what is never sent")
        return
    if body is None:
        yield about(document, Fault.BODY_MISSING, "its body is not stored")
        return
    recorded = _recorded_digest(events)
    if recorded is not None and recorded != hashlib.sha256(body).hexdigest():
        yield about(document, Fault.BODY_CHANGED, "its body is not the one that was recorded")
        return
    missing = [name for name, text in _names_in_body(document) if text.encode() not in body]
    if missing:
        yield about(document, Fault.BODY_CHANGED, f"its body does not contain the document's {' and '.join(missing)}")
    elif recorded is None and encoded is not None and encoded != body:
        yield about(document, Fault.BODY_ENCODED_OTHERWISE, "its body differs from what this version would post")


def check_cufe(document: FiscalDocument) -> Findings:
    """The expected CUFE verifies and follows from the document's parts."""
    if document.mode is not DocumentMode.DGI:
        if document.expected_cufe:
            yield about(document, Fault.CUFE_WRONG, "it has an expected CUFE, and is never sent")
        return
    verdict = verify_cufe(document.expected_cufe)
    if not verdict.valid:
        reason = verdict.reason.english if verdict.reason else "it cannot be read"
        yield about(document, Fault.CUFE_WRONG, f"the expected CUFE does not verify: {reason}")
        return
    try:
        rebuilt = build_cufe(cufe_parts(document))
    except MalformedCufeError as error:
        yield about(document, Fault.CUFE_WRONG, f"no CUFE can be made of the document's parts: {error}")
        return
    if rebuilt != document.expected_cufe:
        yield about(document, Fault.CUFE_WRONG, f"expected {document.expected_cufe}, its parts give {rebuilt}")


def check_totals(document: FiscalDocument) -> Findings:
    """The stored figures are what the lines compute to, to the cent, and obey the DGI's own arithmetic.

    A draft need not obey it yet, and what somebody else computed is not ours to judge.
    """
    if document.mode is DocumentMode.DGI_IMPORT:
        return
    try:
        computed = compute_totals(document.draft)
    except IstmoError as error:
        yield about(document, Fault.TOTALS_WRONG, f"nothing can be computed from its lines: {error}")
        return
    differing = [
        field.name
        for field in dataclasses.fields(Totals)
        if field.name != "trace" and getattr(document.totals, field.name) != getattr(computed, field.name)
    ]
    if differing:
        yield about(document, Fault.TOTALS_WRONG, f"{', '.join(differing)} differ from what the lines compute to")
        return
    if document.mode is not DocumentMode.DGI:
        return
    broken = sorted(_SUMS.intersection(_broken_rules(document)))
    if broken:
        yield about(document, Fault.TOTALS_WRONG, f"the figures break DGI rule {', '.join(broken)}")


def cufe_parts(document: FiscalDocument) -> CufeParts:
    """What the document's CUFE is made of."""
    issuer = document.issuer
    return CufeParts(
        document_type=document.document_type,
        ruc_type=issuer.ruc_type,
        ruc=issuer.ruc,
        dv=issuer.dv,
        branch=issuer.branch,
        issued_on=panama_date(document.issued_at),
        number=document.number,
        billing_point=document.series.billing_point,
        emission=document.draft.emission,
        environment=issuer.environment,
        security_code=document.security_code,
    )


def _recorded_digest(events: Sequence[ChainedEvent] | None) -> str | None:
    recorded = (chained.event.facts for chained in events or () if chained.event.kind in _RECORDING)
    return next((facts[BODY_DIGEST] for facts in recorded if BODY_DIGEST in facts), None)


def _names_in_body(document: FiscalDocument) -> Iterator[tuple[str, str]]:
    yield "number", f"{document.number:010d}"
    yield "security code", document.security_code


def _broken_rules(document: FiscalDocument) -> list[str]:
    try:
        return check_dgi_document(_in_dgi_names(document))
    except IstmoError:
        return []  # figures outside the format are preflight's matter, not arithmetic


def _in_dgi_names(document: FiscalDocument) -> dict[str, object]:
    totals = document.totals
    items = [
        {
            "dCantCodInt": amount_text(drafted.quantity),
            "dPrUnit": amount_text(line.unit_price),
            "dPrUnitDesc": amount_text(line.unit_discount),
            "dPrItem": amount_text(line.line_net),
            "dPrAcarItem": amount_text(line.freight),
            "dPrSegItem": amount_text(line.insurance),
            "dTasaITBMS": drafted.itbms.value,
            "dValITBMS": amount_text(line.itbms_amount),
            "dValISC": amount_text(line.isc_amount),
            "oti": [{"dCodOTI": "all", "dValOTI": amount_text(line.oti_amount)}] if line.oti_amount else None,
            "dValTotItem": amount_text(line.line_total),
        }
        for drafted, line in zip(document.draft.lines, totals.lines, strict=True)
    ]
    tot = {
        "dTotNeto": amount_text(totals.net_total),
        "dTotITBMS": amount_text(totals.itbms_total),
        "dTotISC": amount_text(totals.isc_total),
        "dTotGravado": amount_text(totals.tax_total),
        "dTotDesc": amount_text(totals.discount_total),
        "dTotAcar": amount_text(totals.freight_total),
        "dTotSeg": amount_text(totals.insurance_total),
        "dTotOtrosGastos": amount_text(totals.other_charges),
        "dVTotItems": amount_text(totals.lines_total),
        "dVTot": amount_text(totals.total),
        "dTotRec": amount_text(totals.received),
        "dVuelto": amount_text(totals.change),
        "dNroItems": totals.item_count,
    }
    return {"items": items, "tot": tot}
