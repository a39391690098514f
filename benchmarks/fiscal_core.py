"""Preflight, totals, payload and CUFE of a 20-line invoice, against bare Decimal arithmetic of the same lines.

Run from the root of the project: ``python -m benchmarks.fiscal_core [--seconds 2] [--lines 20]``.
Read the ratio within one run, not the absolute figures. The bare arithmetic is what no program can leave out: net,
ITBMS and total of every line, rounded half-up, and their sums.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from adapters.alanube.mapping import encode
from adapters.alanube.settings import WireOptions
from core.codes import DocumentType, EmissionType, Environment, ItbmsRate, ReceiverType, RucType
from core.cufe import CufeParts, build_cufe
from core.documents import DocumentMode, FiscalDocument, Issuer, SeriesKey
from core.drafts import Draft, DraftLine, DraftReceiver
from core.identifiers import DocumentId, OfficeId, TenantId
from core.preflight import preflight
from core.totals import compute_totals

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CENT = Decimal("0.01")
ROUNDS = 5
RATES = (ItbmsRate.GENERAL_7, ItbmsRate.EXEMPT, ItbmsRate.SPECIAL_10)
ISSUER = Issuer(
    ruc="155704849-2-2021",
    ruc_type=RucType.LEGAL,
    dv="32",
    name="Comercial Istmo, S.A.",
    environment=Environment.TEST,
    branch="0000",
    pac_office_id="01J9ZK4T7Q8R2M5N6P7S8T9V0W",
)
RECEIVER = DraftReceiver(
    receiver_type=ReceiverType.TAXPAYER,
    ruc="155596713-2-2015",
    ruc_type=RucType.LEGAL,
    dv="59",
    name="Constructora Añil, S.A.",
    address="Calle 50, edificio 3",
    location_code="8-8-7",
    phones=("200-0101",),
    emails=("compras@example.com",),
)


def an_invoice(count: int) -> Draft:
    """``count`` lines of three rates, with a discount on every other one."""
    lines = tuple(
        DraftLine(
            description=f"Artículo {place} de ferretería",
            quantity=Decimal(place % 7 + 1),
            unit_price=Decimal(1999 + 137 * place).scaleb(-2),
            unit_discount=Decimal("0.25") if place % 2 else Decimal(0),
            itbms=RATES[place % len(RATES)],
            code=f"SKU-{place}",
            unit="und",
        )
        for place in range(count)
    )
    return Draft(document_type=DocumentType.DOMESTIC_INVOICE, receiver=RECEIVER, lines=lines)


def bare(draft: Draft) -> Decimal:
    """The arithmetic that everything else is measured against; gives the total."""
    net_total = itbms_total = total = Decimal(0)
    for line in draft.lines:
        net = (line.quantity * (line.unit_price - line.unit_discount)).quantize(CENT, ROUND_HALF_UP)
        itbms = (line.itbms.fraction * net).quantize(CENT, ROUND_HALF_UP)
        net_total += net
        itbms_total += itbms
        total += net + itbms
    return total


def a_document(draft: Draft) -> FiscalDocument:
    """The invoice as it would be recorded."""
    return FiscalDocument(
        tenant_id=TenantId("t"),
        document_id=DocumentId("d"),
        mode=DocumentMode.DGI,
        series=SeriesKey(billing_point="001", document_type=draft.document_type),
        number=451,
        office_id=OfficeId("o"),
        issuer=ISSUER,
        draft=draft,
        totals=compute_totals(draft),
        issued_at=NOW,
        security_code="483920175",
        expected_cufe="",
        idempotency_key="k",
        created_at=NOW,
        updated_at=NOW,
    )


def a_cufe() -> str:
    """Of that document."""
    return build_cufe(
        CufeParts(
            document_type=DocumentType.DOMESTIC_INVOICE,
            ruc_type=ISSUER.ruc_type,
            ruc=ISSUER.ruc,
            dv=ISSUER.dv,
            branch=ISSUER.branch,
            issued_on=date(2026, 3, 4),
            number=451,
            billing_point="001",
            emission=EmissionType.PRIOR_NORMAL,
            environment=ISSUER.environment,
            security_code="483920175",
        )
    )


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that is timed."""

    name: str
    work: Callable[[], object]


def microseconds(work: Callable[[], object], seconds: float) -> float:
    """The best mean of ``ROUNDS`` rounds: other work on the machine only ever makes it slower."""
    best = float("inf")
    for _ in range(ROUNDS):
        count, started = 0, time.perf_counter()
        while (spent := time.perf_counter() - started) < seconds / ROUNDS:
            work()
            count += 1
        best = min(best, spent / count)
    return best * 1e6


def main() -> None:
    """Print where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=2.0, help="per part")
    parser.add_argument("--lines", type=int, default=20)
    options = parser.parse_args()
    draft = an_invoice(options.lines)
    document = a_document(draft)
    if bare(draft) != document.totals.total:
        raise SystemExit("the bare arithmetic and the totals disagree")
    wire = WireOptions()

    def whole() -> object:
        verdict = preflight(draft, issued_at=NOW, now=NOW)
        made = a_document(draft)
        return verdict, encode(made, wire), a_cufe()

    parts = (
        Part(name="totals", work=lambda: compute_totals(draft)),
        Part(name="preflight (its own totals included)", work=lambda: preflight(draft, issued_at=NOW, now=NOW)),
        Part(name="payload", work=lambda: encode(document, wire)),
        Part(name="CUFE", work=a_cufe),
        Part(name="all, as issuing does it", work=whole),
    )
    base = microseconds(lambda: bare(draft), options.seconds)
    sys.stdout.write(f"{options.lines} lines, {options.seconds:g} s per part\n")
    sys.stdout.write(f"{'bare Decimal arithmetic':40}{base:10.1f} us{1:8.1f} x\n")
    for part in parts:
        spent = microseconds(part.work, options.seconds)
        sys.stdout.write(f"{part.name:40}{spent:10.1f} us{spent / base:8.1f} x\n")


if __name__ == "__main__":
    main()
