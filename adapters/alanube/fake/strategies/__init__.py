"""Hypothesis strategies: what the fake PAC accepts, what it refuses by one rule, numbers, and faults.

For projects that have Istmo's core; they need the extra ``istmo[strategies]``. Nothing else in Istmo imports them.
"""

try:
    import hypothesis  # noqa: F401 - the extra is there, or the reader is told which one is missing
except ImportError as error:
    raise ImportError("adapters.alanube.fake.strategies needs Hypothesis: pip install 'istmo[strategies]'") from error

from adapters.alanube.fake.strategies.drafts import drafts, with_oti
from adapters.alanube.fake.strategies.fault_plans import fault_plans
from adapters.alanube.fake.strategies.nearly_valid import nearly_valid_drafts, warned_drafts
from adapters.alanube.fake.strategies.taxpayers import cufes, legal_rucs, natural_rucs, rucs, state_bodies
from adapters.alanube.fake.strategies.wire_invoices import wire_invoices

__all__ = [
    "cufes",
    "drafts",
    "fault_plans",
    "legal_rucs",
    "natural_rucs",
    "nearly_valid_drafts",
    "rucs",
    "state_bodies",
    "warned_drafts",
    "wire_invoices",
    "with_oti",
]
