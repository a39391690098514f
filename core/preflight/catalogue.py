"""Every judge and every rule of preflight, in the order of their findings."""

import sys
from collections.abc import Iterator

from core.preflight.amounts import judge as judge_amounts
from core.preflight.header import judge as judge_header
from core.preflight.lines import judge as judge_lines
from core.preflight.moments import judge as judge_moments
from core.preflight.payment import judge as judge_payment
from core.preflight.receiver import judge as judge_receiver
from core.preflight.references import judge as judge_references
from core.preflight.texts import judge as judge_texts
from core.preflight.totals import judge as judge_totals
from core.preflight.verdict import Rule

JUDGES = (
    judge_header,
    judge_moments,
    judge_receiver,
    judge_references,
    judge_lines,
    judge_amounts,
    judge_texts,
    judge_payment,
    judge_totals,
)


def every_rule() -> Iterator[Rule]:
    """The rules that stand beside the judges, for settings, documentation and tests."""
    for judge in JUDGES:
        module = sys.modules[judge.__module__]
        yield from (value for value in vars(module).values() if isinstance(value, Rule))
