"""The result of an examination: bounded, however much is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.invariants.faults import Fault, Severity
from core.invariants.findings import Finding

SHOWN_PER_FAULT = 50


@dataclass(slots=True)
class Examination:
    """What was looked at and what is wrong. Of each fault the first findings are kept, all are counted."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[Fault] = field(default_factory=Counter)
    mended: Counter[Fault] = field(default_factory=Counter)
    looked_at: Counter[str] = field(default_factory=Counter)
    actions: list[str] = field(default_factory=list)  # what ``--fix`` did, the first of each fault

    def add(self, found: Iterable[Finding]) -> None:
        """Keep or count findings."""
        for finding in found:
            self.counts[finding.fault] += 1
            if self.counts[finding.fault] <= SHOWN_PER_FAULT:
                self.findings.append(finding)

    def mend(self, finding: Finding, action: str) -> None:
        """Remember that a finding is no longer one."""
        self.mended[finding.fault] += 1
        if self.mended[finding.fault] <= SHOWN_PER_FAULT:
            self.actions.append(action)

    @property
    def is_healthy(self) -> bool:
        """Whether every invariant holds, now that what could be mended is mended."""
        return not any(
            fault.severity is Severity.BROKEN and count > self.mended[fault] for fault, count in self.counts.items()
        )
