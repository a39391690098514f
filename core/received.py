"""A document that somebody else issued to us: what its CUFE says, and amounts with their source.

A CUFE holds no amounts. They come from the caller, or from the text of the file when it has figures that add up.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from core.codes import ReceiverType
from core.cufe import CufeParts
from core.documents import INTERNAL_POINT, DocumentMode, FiscalDocument, Issuer, SeriesKey, Submission
from core.drafts import AmountSource, Draft, DraftReceiver
from core.identifiers import DocumentId, OfficeId
from core.issue_time import PANAMA
from core.money import exact_arithmetic
from core.tenants import Tenant
from core.totals import Totals

_NOTHING = Decimal("0.00")
_TEXT_MAX = 200_000
_FIGURES_MAX = 50
_AMOUNT = r"(?:B/\.?|\$|USD|PAB)?\s*([0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}|[0-9]{1,9}\.[0-9]{2})(?![0-9.%])"
_LABELS = {
    "net": r"(?:sub\s*-?total|total\s+neto|monto\s+neto|base\s+imponible)",
    "itbms": r"(?:total\s+)?I\.?T\.?B\.?M\.?S\.?",
    "total": r"(?<![a-z])(?<!sub)(?<!sub-)(?<!sub )total(?:\s+(?:a\s+pagar|factura|general))?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAmounts:
    """What a received document adds up to, in balboas with two decimals. What the total has beyond ``net`` and
    ``itbms`` are other taxes and charges."""

    net: Decimal
    itbms: Decimal
    total: Decimal
    source: AmountSource

    @property
    def other(self) -> Decimal:
        """Other taxes and charges."""
        with exact_arithmetic():
            return self.total - self.net - self.itbms

    @property
    def adds_up(self) -> bool:
        """Whether nothing is negative and the parts do not exceed the total."""
        return min(self.net, self.itbms, self.other) >= 0


def amounts_in(text: str) -> ReceivedAmounts | None:
    """The amounts of a text layer, when it has a net, an ITBMS and a total that add up and no others that do."""
    # a run of blanks is one blank: a stranger's text with thousands of them must not keep the patterns trying
    told = " ".join(text[:_TEXT_MAX].split())
    found = {name: _figures(label, told) for name, label in _LABELS.items()}
    if max(map(len, found.values())) > _FIGURES_MAX:
        return None  # no document names so many totals
    fitting = {
        (net, itbms, total)
        for net in found["net"]
        for itbms in found["itbms"]
        for total in found["total"]
        if total > 0 and net + itbms == total
    }
    if len(fitting) != 1:
        return None
    ((net, itbms, total),) = fitting
    return ReceivedAmounts(net=net, itbms=itbms, total=total, source=AmountSource.FILE)


def _figures(label: str, text: str) -> set[Decimal]:
    """Each amount that follows the label on its line."""
    pattern = re.compile(rf"{label}\s*[:.]?\s*{_AMOUNT}", re.IGNORECASE)
    return {Decimal(match[1].replace(",", "")) for match in pattern.finditer(text)}


def received_document(
    tenant: Tenant,
    parts: CufeParts,
    amounts: ReceivedAmounts,
    *,
    document_id: DocumentId,
    cufe: str,
    qr: str,
    issuer_name: str,
    idempotency_key: str,
    external_id: str | None,
    now: datetime,
) -> FiscalDocument:
    """The document as it is kept: IMPORTED, numbered apart, its issuer and date those of the CUFE.

    The hour of issue is not in a CUFE: midnight in Panama stands for the day.
    """
    receiver = DraftReceiver(
        receiver_type=ReceiverType.TAXPAYER, ruc=tenant.ruc, ruc_type=tenant.ruc_type, dv=tenant.dv, name=tenant.name
    )
    return FiscalDocument(
        tenant_id=tenant.tenant_id,
        document_id=document_id,
        mode=DocumentMode.DGI_IMPORT,
        series=SeriesKey(billing_point=INTERNAL_POINT, document_type=parts.document_type),
        number=0,
        office_id=OfficeId(""),
        issuer=Issuer(
            ruc=parts.ruc,
            ruc_type=parts.ruc_type,
            dv=parts.dv,
            name=issuer_name,
            environment=parts.environment,
            branch=parts.branch,
            pac_office_id=None,
        ),
        draft=Draft(
            document_type=parts.document_type,
            receiver=receiver,
            lines=(),
            emission=parts.emission,
            amounts_source=amounts.source,
        ),
        totals=_totals(amounts),
        issued_at=datetime.combine(parts.issued_on, time(), PANAMA).astimezone(UTC),
        security_code=parts.security_code,
        expected_cufe="",
        idempotency_key=idempotency_key,
        created_at=now,
        updated_at=now,
        external_id=external_id,
        submission=Submission.IMPORTED,
        cufe=cufe,
        qr=qr,
    )


def _totals(amounts: ReceivedAmounts) -> Totals:
    return Totals(
        lines=(),
        rates=(),
        net_total=amounts.net,
        itbms_total=amounts.itbms,
        isc_total=_NOTHING,
        oti_totals=(),
        oti_total=_NOTHING,
        tax_total=amounts.itbms,
        discount_total=_NOTHING,
        freight_total=_NOTHING,
        insurance_total=_NOTHING,
        other_charges=amounts.other,
        lines_total=amounts.net + amounts.itbms,
        total=amounts.total,
        payments=(),
        received=_NOTHING,
        change=_NOTHING,
        instalments=(),
        retention_amount=None,
        shelf_total=None,
    )
