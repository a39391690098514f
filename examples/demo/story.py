"""The life of one document, told while it happens."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from examples.demo.api import CREATE_CLIENT, CREATE_ORDER, GENERATE_INVOICE, Api
from examples.demo.machinery import DemoFailedError, Installation

WATCH_SECONDS = 60.0
POLL_SECONDS = 0.1


@dataclass(slots=True)
class Timing:
    """How long each step took, in seconds, in order."""

    steps: list[tuple[str, float]] = field(default_factory=list)
    _last: float = field(default_factory=time.perf_counter)

    def took(self, step: str) -> None:
        """The step that just ended."""
        now = time.perf_counter()
        self.steps.append((step, now - self._last))
        self._last = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person keeps of it."""

    cufe: str
    qr: str
    pdf: Path


def tell(
    api: Api, installation: Installation, sale: dict[str, Any], key: str, console: Console, timing: Timing
) -> Told:
    """From an order to the PDF. Raises DemoFailedError when it does not get there within a minute."""
    client = api.do(CREATE_CLIENT, {"i": sale["client"]}, "client")
    order = api.do(CREATE_ORDER, {"i": sale["order"] | {"clientId": client["id"]}}, "order")
    timing.took("client and order created")
    issued = api.do(GENERATE_INVOICE, {"order": order["id"], "key": key}, "invoice")
    timing.took("generateInvoice answered")
    seen: set[int] = set()
    deadline = time.monotonic() + WATCH_SECONDS
    while time.monotonic() < deadline:
        invoice = api.invoice(issued["id"])
        for line in _news(invoice, seen, installation):
            console.print(f"  {line}", soft_wrap=True, highlight=False)
        final = [f for f in invoice["attachments"] if f["kind"] == "PDF" and not f["isProvisional"]]
        if invoice["legalStatus"] == "DGI_AUTHORIZED" and final:
            timing.took("authorised by the DGI, final PDF stored")
            pdf = installation.folder / f"factura-{invoice['number']}.pdf"
            pdf.write_bytes(api.download(final[0]["downloadUrl"]))
            timing.took("PDF downloaded")
            totals = invoice["totals"]
            console.print(
                f"  net {totals['netTotal']}  ITBMS {totals['itbmsTotal']}  total [bold]B/. {totals['total']}[/]",
                highlight=False,
                soft_wrap=True,
            )
            return Told(cufe=invoice["cufe"], qr=invoice["qr"], pdf=pdf.resolve())
        if invoice["submission"] in ("REFUSED", "QUARANTINED"):
            raise DemoFailedError(f"the document is {invoice['submission']}", "Read var/demo/istmo.log.")
        time.sleep(POLL_SECONDS)
    raise DemoFailedError(
        f"the document did not get there within {WATCH_SECONDS:g} s", "Read var/demo/istmo.log; try again."
    )


def _news(invoice: dict[str, Any], seen: set[int], installation: Installation) -> Iterator[str]:
    """One line for each event that was not told yet."""
    for event in invoice["events"]:
        if event["sequence"] in seen:
            continue
        seen.add(event["sequence"])
        line = _line(event["kind"], {fact["name"]: fact["value"] for fact in event["facts"]}, installation)
        if line:
            by = "" if event["actor"].startswith("caller") else f" [dim]({event['actor'].partition(':')[0]})[/]"
            yield f"[dim]{event['at'][11:23]}[/]  {line}{by}"
            if event["kind"] == "STATUS" and invoice["cufe"] and "PAC_AUTHORIZED" in line:
                yield f"{'':14}with the CUFE     {invoice['cufe']}"


def _line(kind: str, facts: dict[str, str], installation: Installation) -> str:
    match kind:
        case "RECORDED":
            place = f"at point {facts['billing_point']}, CUFE known before sending"
            return f"number reserved   [bold]{facts['number']}[/] {place}"
        case "SENDING":
            return f"sent to the PAC   attempt {facts['attempt']}"
        case "ACCEPTED":
            return f"accepted          PAC id {facts['pac_document_id']}"
        case "STATUS":
            return f"legal status      [bold green]{facts['to']}[/]"
        case "WEBHOOK":
            return f"webhook arrived   POST {installation.webhook_path} claims {facts['claimed_status']}"
        case "FILE_STORED":
            return f"{facts['file']} stored        {int(facts['size']):,} bytes"
        case "IN_DOUBT" | "REFUSED" | "QUARANTINED" | "ALARM" | "NOT_SENT" | "FILE_FAILED" | "CHECK_FAILED":
            return f"[yellow]{kind}[/] {facts}"
        case _:
            return ""
