"""A preview as tables for people."""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bootstrap.json_files import dotted, printable
from core.errors import Wording
from core.money import amount_text
from core.previews import DocumentPreview
from core.totals import Totals

PIPED_WIDTH = 200
_DOCUMENT = "document"


def print_preview(preview: DocumentPreview, *, spanish: bool) -> None:
    """Findings, lines, totals, trace, payload and CUFE, on standard output."""
    console = Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False, emoji=False, markup=False
    )
    console.print(_findings(preview, spanish=spanish))
    if preview.totals is not None:
        console.print(_lines(preview, preview.totals))
        console.print(_figures(preview.totals))
        console.print(_trace(preview.totals))
    _print_payload(console, preview, spanish=spanish)
    _print_cufe(console, preview)


def _said(wording: Wording, *, spanish: bool) -> str:
    return wording.spanish if spanish else wording.english


def _findings(preview: DocumentPreview, *, spanish: bool) -> Table | Text:
    if not preview.verdict.findings:
        return Text("Nothing to mend.\n")
    rows = (
        (
            finding.severity.value,
            finding.rule or "",
            finding.code,
            dotted(finding.path),
            _said(finding.message, spanish=spanish),
            _said(finding.hint, spanish=spanish),
        )
        for finding in preview.verdict.findings
    )
    return _table("Findings", ("severity", "DGI rule", "code", "field", "what", "what to do"), rows)


def _lines(preview: DocumentPreview, totals: Totals) -> Table:
    headings = ("line", "description", "quantity", "price", "discount", "net", "ITBMS", "ISC", "OTI", "total")
    rows = (
        (
            str(place),
            drafted.description,
            *_amounts(drafted.quantity, line.unit_price, line.unit_discount, line.line_net, line.itbms_amount),
            *_amounts(line.isc_amount, line.oti_amount, line.line_total),
        )
        for place, (drafted, line) in enumerate(zip(preview.draft.lines, totals.lines, strict=True), start=1)
    )
    return _table("Lines", headings, rows, right_from=2)


def _figures(totals: Totals) -> Table:
    figures: list[tuple[str, str, Decimal | None]] = [
        ("net total", "dTotNeto", totals.net_total),
        ("ITBMS", "dTotITBMS", totals.itbms_total),
        ("ISC", "dTotISC", totals.isc_total),
        ("OTI", "", totals.oti_total),
        ("sum of taxes", "dTotGravado", totals.tax_total),
        ("sum of lines", "dVTotItems", totals.lines_total),
        ("freight", "dTotAcar", totals.freight_total),
        ("insurance", "dTotSeg", totals.insurance_total),
        ("other charges", "dTotOtrosGastos", totals.other_charges),
        ("discounts", "dTotDesc", totals.discount_total),
        ("total", "dVTot", totals.total),
        ("received", "dTotRec", totals.received),
        ("change", "dVuelto", totals.change),
        ("retention", "cValRetenc", totals.retention_amount),
    ]
    rows = ((name, field, amount_text(amount)) for name, field, amount in figures if amount is not None)
    return _table("Totals", ("figure", "DGI field", "amount"), rows, right_from=2)


def _trace(totals: Totals) -> Table:
    rows = (
        (
            f"line {step.path[1] + 1}" if len(step.path) > 1 and isinstance(step.path[1], int) else _DOCUMENT,
            step.field,
            step.spelled,
            *_amounts(step.exact, step.rounded),
            step.rule or "",
        )
        for step in totals.trace
    )
    return _table("Trace", ("where", "figure", "operation", "exact", "rounded", "DGI rule"), rows)


def _print_payload(console: Console, preview: DocumentPreview, *, spanish: bool) -> None:
    payload = preview.payload
    if payload.body is None:
        reason = _said(payload.reason, spanish=spanish) if payload.reason is not None else ""
        console.print(Text(f"No payload: {printable(reason)}\n"))
        return
    console.print(Text(f"Payload (placeholders: {', '.join(payload.placeholders)})"))
    console.print(Text(printable(payload.body.decode("utf-8"))), soft_wrap=True)
    console.print()


def _print_cufe(console: Console, preview: DocumentPreview) -> None:
    if preview.cufe is None:
        console.print(Text("No CUFE: the issuer does not fit one."))
        return
    console.print(Text(f"CUFE {preview.cufe.pattern}"), soft_wrap=True)
    rows = (
        (f"{place.first}-{place.last}", place.name, place.text if place.text is not None else "not known yet")
        for place in preview.cufe.places
    )
    console.print(_table("CUFE", ("positions", "part", "value"), rows))


def _amounts(*amounts: Decimal) -> tuple[str, ...]:
    return tuple(amount_text(amount) for amount in amounts)


def _table(
    title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, right_from: int | None = None
) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        is_right = right_from is not None and place >= right_from
        table.add_column(heading, justify="right" if is_right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table
