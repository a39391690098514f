"""What a document would be, without a number: verdict, figures, the PAC's payload and the CUFE's fixed parts.

Pure: nothing is taken, kept or sent. The number and the security code of the payload are all zeros, which the DGI
refuses (1512, 1517), so that a copied preview can never pass for a document; an unknown billing point is 000 (1515).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.cufe import MalformedCufeError
from core.cufe_outline import UNKNOWN_ISSUER, CufeOutline, outline_cufe
from core.documents import DocumentMode, FiscalDocument, Issuer, SeriesKey
from core.drafts import Draft
from core.errors import IstmoError, Wording
from core.identifiers import DocumentId, OfficeId, TenantId
from core.issue_time import panama_date
from core.money import MalformedAmountError
from core.preflight import Finding, PreflightSettings, Severity, Verdict, preflight
from core.totals import Totals, compute_totals

PLACEHOLDER_NUMBER = 0
PLACEHOLDER_SECURITY_CODE = "000000000"
PLACEHOLDER_BILLING_POINT = "000"
PLACEHOLDERS = ("information.numeration", "information.securityCode", "information.issueDate")
_BROKEN_FIRST = Wording(
    "The draft's errors come first: with them no payload can be made.",
    "Primero los errores del borrador: con ellos no se puede formar el mensaje al PAC.",
)
_NO_FIGURES = Wording("Its amounts cannot be computed.", "Sus montos no se pueden calcular.")

Encode = Callable[[FiscalDocument], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The exact bytes for the PAC, or why there are none. ``placeholders``: places whose value is not the final one."""

    body: bytes | None
    reason: Wording | None = None
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPreview:
    """A draft as it would be issued at ``issued_at``. ``totals`` is None when no arithmetic can be done on it."""

    draft: Draft
    issued_at: datetime
    verdict: Verdict
    totals: Totals | None
    payload: Payload
    cufe: CufeOutline | None  # None for an issuer that no CUFE can hold


def preview_draft(
    draft: Draft,
    *,
    issuer: Issuer | None,
    billing_point: str | None,
    now: datetime,
    encode: Encode,
    settings: PreflightSettings,
) -> DocumentPreview:
    """Everything about ``draft`` but its number. ``issuer`` None: not known; its places stay open.

    ``encode`` is the PAC gateway's own. Raises ValueError when ``now`` has no time zone.
    """
    verdict = preflight(draft, issued_at=now, now=now, settings=settings)
    try:
        totals = compute_totals(draft)
    except MalformedAmountError:
        totals = None
    if totals is None:
        payload = Payload(body=None, reason=_NO_FIGURES)
    else:
        document = _unnumbered(draft, totals, issuer, billing_point, now)
        payload, verdict = _encoded(document, encode, verdict)
        payload = replace(payload, placeholders=_placeholders(issuer, billing_point))
    return DocumentPreview(
        draft=draft,
        issued_at=now,
        verdict=verdict,
        totals=totals,
        payload=payload,
        cufe=_outline(draft, issuer, billing_point, now),
    )


def with_findings(verdict: Verdict, *findings: Finding) -> Verdict:
    """``verdict`` with more findings, errors first."""
    together = (*verdict.findings, *findings)
    return Verdict(findings=tuple(sorted(together, key=lambda finding: finding.severity is not Severity.ERROR)))


def finding_of(error: IstmoError, severity: Severity = Severity.ERROR) -> Finding:
    """A failure as a finding, so that it stands beside those of preflight."""
    return Finding(
        severity=severity, code=error.code, rule=None, path=error.path, message=error.message, hint=error.hint
    )


def _encoded(document: FiscalDocument, encode: Encode, verdict: Verdict) -> tuple[Payload, Verdict]:
    try:
        return Payload(body=encode(document)), verdict
    except IstmoError as error:
        told = verdict if verdict.is_refused else with_findings(verdict, finding_of(error))
        return Payload(body=None, reason=error.message), told
    except (ValueError, ArithmeticError):  # text or amounts that no wire carries, which preflight has named
        if not verdict.is_refused:
            raise
        return Payload(body=None, reason=_BROKEN_FIRST), verdict


def _unnumbered(
    draft: Draft, totals: Totals, issuer: Issuer | None, billing_point: str | None, now: datetime
) -> FiscalDocument:
    return FiscalDocument(
        tenant_id=TenantId(""),
        document_id=DocumentId(""),
        mode=DocumentMode.DGI,
        series=SeriesKey(billing_point=billing_point or PLACEHOLDER_BILLING_POINT, document_type=draft.document_type),
        number=PLACEHOLDER_NUMBER,
        office_id=OfficeId(""),
        issuer=issuer or UNKNOWN_ISSUER,
        draft=draft,
        totals=totals,
        issued_at=now,
        security_code=PLACEHOLDER_SECURITY_CODE,
        expected_cufe="",
        idempotency_key="",
        created_at=now,
        updated_at=now,
    )


def _placeholders(issuer: Issuer | None, billing_point: str | None) -> tuple[str, ...]:
    places: tuple[str, ...] = PLACEHOLDERS
    if billing_point is None:
        places = (*places, "information.billingPoint")
    return places if issuer is not None and issuer.pac_office_id else (*places, "idOffice")


def _outline(draft: Draft, issuer: Issuer | None, billing_point: str | None, now: datetime) -> CufeOutline | None:
    try:
        return outline_cufe(
            document_type=draft.document_type,
            issuer=issuer,
            issued_on=panama_date(now),
            billing_point=billing_point,
            emission=draft.emission,
        )
    except MalformedCufeError:
        return None
