"""Makes a failing plan small: drop what it does not need, until every part of it is needed for the failure."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from bootstrap.simulation.plans import DocumentPlan, WorldPlan

Fails = Callable[[WorldPlan], bool]

_CALM = WorldPlan(seed=0)
_LISTS = tuple(
    each.name for each in fields(WorldPlan) if isinstance(getattr(_CALM, each.name), tuple) and each.name != "tenants"
)
_KEPT = frozenset({"seed", "tenants", "faults_end", *_LISTS})
MOST_TRIALS = 400
FIRST = (1, 2, 3)


class _OutOfTrialsError(Exception):
    """Enough was tried: the plan is as small as it got."""


def shrink(plan: WorldPlan, fails: Fails, *, trials: int = MOST_TRIALS) -> WorldPlan:
    """The smallest plan found that still ``fails``. Deterministic; at most ``trials`` worlds are lived.

    ``plan`` itself fails. Greedy delta debugging: whole kinds of trouble first, then halves of every list, then single
    entries, then the parts of what is left; again until nothing more can go.
    """
    counted = _Counted(fails, trials)
    try:
        while True:
            before = plan
            plan = _without_kinds(plan, counted)
            for name in _LISTS:
                plan = _with_shorter(plan, name, counted)
            plan = _with_calmer_values(plan, counted)
            plan = _with_fewer_tenants(plan, counted)
            plan = _with_simpler_documents(plan, counted)
            plan = _with_earlier_troubles(plan, counted)
            if plan == before:
                return plan
    except _OutOfTrialsError as ended:
        best: WorldPlan = ended.args[0]
        return best


class _Counted:
    def __init__(self, fails: Fails, trials: int) -> None:
        self._fails = fails
        self._left = trials
        self.best: WorldPlan | None = None

    def __call__(self, smaller: WorldPlan, current: WorldPlan) -> bool:
        if smaller == current:
            return False
        if self._left == 0:
            raise _OutOfTrialsError(current)
        self._left -= 1
        return self._fails(smaller)


def _with(plan: WorldPlan, name: str, value: Any) -> WorldPlan:
    changed: dict[str, Any] = {name: value}
    return replace(plan, **changed)


def _without_kinds(plan: WorldPlan, fails: _Counted) -> WorldPlan:
    for name in (*_LISTS, "tail_loss"):
        if name == "documents":
            continue
        smaller = _with(plan, name, getattr(_CALM, name))
        plan = smaller if fails(smaller, plan) else plan
    return plan


def _with_shorter(plan: WorldPlan, name: str, fails: _Counted) -> WorldPlan:
    size = len(getattr(plan, name)) // 2
    while size >= 1:
        at = 0
        while at < len(getattr(plan, name)):
            whole = getattr(plan, name)
            smaller = _with(plan, name, (*whole[:at], *whole[at + size :]))
            if fails(smaller, plan):
                plan = smaller
            else:
                at += size
        size //= 2
    whole = getattr(plan, name)
    if len(whole) == 1:
        smaller = _with(plan, name, ())
        plan = smaller if fails(smaller, plan) else plan
    return plan


def _with_calmer_values(plan: WorldPlan, fails: _Counted) -> WorldPlan:
    for each in fields(WorldPlan):
        if each.name in _KEPT:
            continue
        smaller = _with(plan, each.name, getattr(_CALM, each.name))
        plan = smaller if fails(smaller, plan) else plan
    if plan.processes > 1:
        smaller = replace(plan, processes=1)
        plan = smaller if fails(smaller, plan) else plan
    return plan


def _with_fewer_tenants(plan: WorldPlan, fails: _Counted) -> WorldPlan:
    for kept in plan.tenants:
        if len(plan.tenants) == 1:
            break
        smaller = replace(plan, tenants=(kept,), documents=tuple(replace(one, tenant=0) for one in plan.documents))
        if fails(smaller, plan):
            plan = smaller
    return plan


def _with_simpler_documents(plan: WorldPlan, fails: _Counted) -> WorldPlan:
    for place in range(len(plan.documents)):
        for simpler in _simpler(plan.documents[place]):
            documents = (*plan.documents[:place], simpler, *plan.documents[place + 1 :])
            smaller = replace(plan, documents=documents)
            if fails(smaller, plan):
                plan = smaller
                break
    return plan


def _with_earlier_troubles(plan: WorldPlan, fails: _Counted) -> WorldPlan:
    """A fault that strikes always, or at one of the first calls, needs fewer documents than one at the thirtieth."""
    for place, fault in enumerate(plan.pac_faults):
        for simpler in (replace(fault, nth=(), rate=1.0), *(replace(fault, nth=(nth,), rate=1.0) for nth in FIRST)):
            smaller = replace(plan, pac_faults=(*plan.pac_faults[:place], simpler, *plan.pac_faults[place + 1 :]))
            if (fault.nth[1:] or fault.rate < 1.0 or fault.nth > simpler.nth) and fails(smaller, plan):
                plan = smaller
                break
    for place, crash in enumerate(plan.crashes):
        for nth in FIRST:
            earlier = (*plan.crashes[:place], replace(crash, nth=nth), *plan.crashes[place + 1 :])
            if nth < crash.nth and fails(smaller := replace(plan, crashes=earlier), plan):
                plan = smaller
                break
    return plan


def _simpler(document: DocumentPlan) -> Iterator[DocumentPlan]:
    plainest = DocumentPlan(at=document.at, tenant=document.tenant)
    yield plainest
    for each in fields(DocumentPlan):
        if each.name in ("at", "tenant"):
            continue
        plain: dict[str, Any] = {each.name: getattr(plainest, each.name)}
        yield replace(document, **plain)
