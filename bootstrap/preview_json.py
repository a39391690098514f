"""A preview as one JSON object: amounts are strings, texts come twice, the payload is the PAC's own JSON."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from bootstrap.json_files import printable
from core.cufe_outline import CufeOutline
from core.errors import Wording
from core.issue_time import wire_time
from core.line_totals import TraceStep
from core.money import amount_text
from core.preflight import Finding
from core.previews import DocumentPreview
from core.totals import Totals

_APART = {"trace", "payments", "instalments", "lines", "rates", "oti_totals"}


def preview_bytes(preview: DocumentPreview) -> bytes:
    """UTF-8 JSON on one line. Text that no JSON can carry (a lone surrogate) is spelled as an escape."""
    payload = preview.payload
    return msgspec.json.encode(
        {
            "refused": preview.verdict.is_refused,
            "findings": [_finding(finding) for finding in preview.verdict.findings],
            "issuedAt": wire_time(preview.issued_at),
            "totals": _totals(preview.totals) if preview.totals is not None else None,
            "payload": msgspec.Raw(payload.body) if payload.body is not None else None,
            "payloadReason": _both(payload.reason) if payload.reason is not None else None,
            "placeholders": list(payload.placeholders),
            "cufe": _outline(preview.cufe) if preview.cufe is not None else None,
        }
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "rule": finding.rule,
        "path": list(finding.path),
        "message": _both(finding.message),
        "hint": _both(finding.hint),
    }


def _both(wording: Wording) -> dict[str, str]:
    return {"en": printable(wording.english), "es": printable(wording.spanish)}


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        **_figures(totals),
        "itemCount": totals.item_count,
        "lines": [_figures(line) for line in totals.lines],
        "rates": [_figures(rate) for rate in totals.rates],
        "otiTotals": [_figures(charge) for charge in totals.oti_totals],
        "payments": [_figures(payment) for payment in totals.payments],
        "trace": [_step(step) for step in totals.trace],
    }


def _figures(holder: Any) -> dict[str, Any]:
    fields = (field.name for field in dataclasses.fields(holder) if field.name not in _APART)
    return {_camel(name): _plain(getattr(holder, name)) for name in fields}


def _step(step: TraceStep) -> dict[str, Any]:
    return {
        "path": list(step.path),
        "field": step.field,
        "operation": step.spelled,
        "exact": amount_text(step.exact),
        "rounded": amount_text(step.rounded),
        "rule": step.rule,
    }


def _outline(outline: CufeOutline) -> Mapping[str, Any]:
    places = {place.name: {"first": place.first, "last": place.last, "text": place.text} for place in outline.places}
    return {"pattern": outline.pattern, "parts": places}


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return amount_text(value)
        case Enum():
            return value.name
        case str():
            return printable(value)
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
