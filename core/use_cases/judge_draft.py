"""What would keep a draft from becoming a DGI document now."""

from core.drafts import Draft
from core.ports.clock import Clock
from core.preflight import PreflightRefusedError, PreflightSettings, Verdict, preflight
from core.totals import Totals, compute_totals


class JudgeDraft:
    """Preflight as of now. For a draft its findings are something to show: only its figures have to compute."""

    def __init__(self, clock: Clock, settings: PreflightSettings) -> None:
        self._clock = clock
        self._settings = settings

    def __call__(self, draft: Draft) -> Verdict:
        """Everything that preflight finds. The registry is not asked."""
        now = self._clock.now()
        return preflight(draft, issued_at=now, now=now, settings=self._settings)

    def figures(self, draft: Draft) -> tuple[Totals, Verdict]:
        """The totals with the verdict. Raises PreflightRefusedError for a draft without lines, with too many, or with
        amounts that nothing can be computed from."""
        verdict = self(draft)
        if verdict.totals is not None:
            return verdict.totals, verdict
        if verdict.is_refused:
            raise PreflightRefusedError(verdict)
        return compute_totals(draft), verdict


def codes_of(verdict: Verdict) -> str:
    """The findings of a draft as a fact of its timeline: rules where there are some, else codes."""
    return " ".join(sorted({finding.rule or finding.code for finding in verdict.findings}))
