"""What preflight says: rules, findings, the verdict and the settings that soften or sharpen it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

from core.drafts import Draft
from core.errors import IstmoError, Path, Wording
from core.totals import Totals


class Severity(Enum):
    """What a finding does to the document."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Confidence(Enum):
    """How sure the source of a rule is. Only HIGH rules cannot be softened by a setting."""

    HIGH = "H"  # official text, or verified by computation
    MEDIUM = "M"  # vendor documentation, or two independent sources
    LOW = "L"  # one secondary source, or inference


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem. ``path`` is in the caller's own input; ``rule`` is the DGI's number where one exists."""

    severity: Severity
    code: str
    rule: str | None
    path: Path
    message: Wording
    hint: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its stable code, the DGI's number, how sure it is and what it tells people."""

    code: str
    dgi: str | None
    confidence: Confidence
    message: Wording
    hint: Wording
    severity: Severity = Severity.ERROR

    def at(self, *path: str | int, dgi: str | None = None, **details: object) -> Finding:
        """A finding of this rule; ``dgi`` replaces the number where one rule covers several of the DGI's."""
        return Finding(
            severity=self.severity,
            code=self.code,
            rule=dgi or self.dgi,
            path=path,
            message=self.message.filled(details),
            hint=self.hint.filled(details),
        )


class UnsettableRuleError(IstmoError):
    """A setting names a rule that does not exist or that is certain and so cannot be softened."""

    code = "unsettable_rule"
    wording = Wording(
        'The severity of preflight rule "{rule}" cannot be set.',
        'La severidad de la regla "{rule}" no se puede configurar.',
    )
    advice = Wording(
        "Only rules that the documentation marks M or L have a setting.",
        "Solo las reglas marcadas M o L en la documentación son configurables.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightSettings:
    """What an installation may change. ``severities`` maps rule codes to how hard they are here.

    Raises UnsettableRuleError for a code that no rule has, or whose rule is certain (confidence H).
    """

    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    high_unit_price: Decimal = Decimal(100_000)  # 2050W
    high_total: Decimal = Decimal(1_000_000)  # 2509W
    high_consumer_total: Decimal = Decimal(10_000)  # 2515W
    oldest_issue: timedelta = timedelta(days=30)  # 1519W
    furthest_issue: timedelta = timedelta(hours=24)  # 1535W
    furthest_business_days: int = 2  # 1520
    longest_contingency: timedelta = timedelta(hours=72)  # 1508W
    credit_note_window: timedelta = timedelta(days=180)
    longest_name: int = 100  # later editions allow 200

    def __post_init__(self) -> None:
        """Refuse settings for rules that have none."""
        from core.preflight.catalogue import every_rule

        settable = {rule.code for rule in every_rule() if rule.confidence is not Confidence.HIGH}
        for code in self.severities:
            if code not in settable:
                raise UnsettableRuleError(rule=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A draft with everything that judging it needs. ``totals`` is None when no arithmetic can be done on it."""

    draft: Draft
    totals: Totals | None
    issued_at: datetime
    now: datetime
    settings: PreflightSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All findings at once, errors first, with the totals that were judged."""

    findings: tuple[Finding, ...]
    totals: Totals | None = None  # as they were computed for judging; None when no arithmetic can be done

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended before a number is taken."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What a person should look at; the document may go."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def is_refused(self) -> bool:
        """Whether there is an error."""
        return bool(self.errors)


class PreflightRefusedError(IstmoError):
    """The draft breaks rules; ``verdict`` has every finding with its path."""

    code = "preflight_refused"
    wording = Wording(
        "The document would be refused: {count} error(s), first: {first}",
        "El documento sería rechazado: {count} error(es), el primero: {first}",
    )
    advice = Wording(
        "Correct every error of the verdict; no number was taken.",
        "Corrija todos los errores del dictamen; no se tomó ningún número.",
    )

    def __init__(self, verdict: Verdict) -> None:
        """``verdict`` must hold an error."""
        first = verdict.errors[0]
        super().__init__(path=first.path, count=len(verdict.errors), first=first.message)
        self.verdict = verdict
