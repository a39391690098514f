"""Preflight: everything about a draft that can be decided before a number is taken, all problems at once.

``preflight`` is pure. Each finding has the DGI's rule number where one exists, the path of the field in the caller's
input, and English and Spanish text. Rules of confidence M or L can be softened by ``PreflightSettings``.
"""

from datetime import datetime
from itertools import chain

from core.drafts import Draft
from core.money import MalformedAmountError
from core.preflight.catalogue import JUDGES, every_rule
from core.preflight.lines import MOST_LINES
from core.preflight.verdict import (
    Case,
    Confidence,
    Finding,
    PreflightRefusedError,
    PreflightSettings,
    Rule,
    Severity,
    UnsettableRuleError,
    Verdict,
)
from core.totals import Totals, compute_totals

__all__ = [
    "Confidence",
    "Finding",
    "PreflightRefusedError",
    "PreflightSettings",
    "Rule",
    "Severity",
    "UnsettableRuleError",
    "Verdict",
    "every_rule",
    "preflight",
    "refuse_if_broken",
]

_DEFAULTS = PreflightSettings()


def preflight(draft: Draft, *, issued_at: datetime, now: datetime, settings: PreflightSettings = _DEFAULTS) -> Verdict:
    """Judge ``draft`` as if issued at ``issued_at``. Raises ValueError when a moment has no time zone."""
    if issued_at.utcoffset() is None or now.utcoffset() is None:
        raise ValueError("preflight needs moments with a time zone")
    case = Case(draft=draft, totals=_totals_if_computable(draft), issued_at=issued_at, now=now, settings=settings)
    found = chain.from_iterable(judge(case) for judge in JUDGES)
    settled = (_settled(finding, settings) for finding in found)
    kept = [finding for finding in settled if finding.severity is not Severity.OFF]
    findings = tuple(sorted(kept, key=lambda finding: finding.severity is not Severity.ERROR))
    return Verdict(findings=findings, totals=case.totals)


def refuse_if_broken(verdict: Verdict) -> None:
    """Raise PreflightRefusedError when ``verdict`` has errors."""
    if verdict.is_refused:
        raise PreflightRefusedError(verdict)


def _totals_if_computable(draft: Draft) -> Totals | None:
    if not 1 <= len(draft.lines) <= MOST_LINES:
        return None
    try:
        return compute_totals(draft)
    except MalformedAmountError:
        return None


def _settled(finding: Finding, settings: PreflightSettings) -> Finding:
    severity = settings.severities.get(finding.code, finding.severity)
    if severity is finding.severity:
        return finding
    return Finding(
        severity=severity,
        code=finding.code,
        rule=finding.rule,
        path=finding.path,
        message=finding.message,
        hint=finding.hint,
    )
