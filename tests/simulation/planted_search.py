"""Looks for one planted bug, world by world in an order that is always the same, and stops at the first catch."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from random import Random
from typing import Any, TypeVar

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer, RepeatedVoid
from bootstrap.simulation.plans import WorldPlan
from bootstrap.simulation.worlds import run_world
from core.tenants import DoubtPolicy
from tests.simulation import one_document, one_void
from tests.simulation.planted_bug import PlantedBug, Search, invariant_of
from tests.simulation.planted_drawing import worlds, worlds_of_later_wishes
from tests.simulation.small_plan import TROUBLES, Meanwhile, Plan

P = TypeVar("P")
QUARTERS = [(policy, webhooks) for policy in (DoubtPolicy.RESEND, DoubtPolicy.PARK) for webhooks in (False, True)]


@dataclass(frozen=True, kw_only=True)
class Catch:
    """``worlds``: how many it took, the one that broke included."""

    worlds: int
    invariant: str
    message: str
    plan: object


def search_for(bug: PlantedBug) -> Catch | None:
    """Plant it and look for it, in no more worlds than it may take."""
    search = SEARCHES[bug.search]
    with bug.planted():
        return search(bug.within)


def search_small_plans(most: int) -> Catch | None:
    """One document under every plan of none, one and two troubles, at most ``most`` of them."""
    return _first_broken(one_document.run, _plans_in_order, most)


def search_small_voids(most: int) -> Catch | None:
    """One void under every plan of none, one and two troubles, at most ``most`` of them."""
    return _first_broken(one_void.run, _voids_in_order, most)


def _first_broken(
    run: Callable[[P, Counter[Any]], bool], in_order: Callable[[set[P]], Iterator[P]], most: int
) -> Catch | None:
    """``in_order`` leaves out what the set tells it of: plans that came to rest before their last trouble."""
    ended: set[P] = set()
    for place, plan in enumerate(islice(in_order(ended), most), start=1):
        try:
            if not run(plan, Counter()):
                ended.add(plan)
        except AssertionError as broken:
            return Catch(worlds=place, invariant=invariant_of(broken), message=str(broken), plan=plan)
    return None


def search_random_worlds(most: int) -> Catch | None:
    """The worlds of ``planted_drawing``, at most ``most`` of them."""
    return _first_accused(worlds(), most)


def search_later_wishes(most: int) -> Catch | None:
    """The same, of worlds in which much is wanted of documents that are there."""
    return _first_accused(worlds_of_later_wishes(), most)


def _first_accused(drawn: Iterator[WorldPlan], most: int) -> Catch | None:
    for place, plan in enumerate(islice(drawn, most), start=1):
        report = run_world(plan)
        if report.violations:
            first = report.violations[0]
            return Catch(worlds=place, invariant=first.invariant, message=first.what, plan=plan)
    return None


def _plans_in_order(ended: set[Plan]) -> Iterator[Plan]:
    """By turns a plan of at most one trouble and two plans of two troubles, one of them of tenants that repeat and
    never get a webhook, where a lost document hurts most. Shuffled once and for all. A plan of two whose first half
    ``ended`` has, because it came to rest before a second trouble could strike, is not walked."""
    untroubled = [list(_untroubled(policy, webhooks)) for policy, webhooks in QUARTERS]
    once = [_longer(quarter, place) for place, quarter in enumerate(untroubled)]
    short = [plan for quarter in (*untroubled, *once) for plan in quarter]
    Random(0).shuffle(short)
    first, *others = once
    streams = [
        (plan for plan in _longer(plans, 0) if _shorter(plan) not in ended)
        for plans in (first, [plan for quarter in others for plan in quarter])
    ]
    for plan in short:
        yield plan
        for stream in streams:
            yield from islice(stream, 1)
    yield from chain(*streams)


def _voids_in_order(ended: set[one_void.Plan]) -> Iterator[one_void.Plan]:
    """The same, of voids: by turns one of at most one trouble and one of two."""
    untroubled = [
        one_void.Plan(troubles=(), repeated=form, window_closes=closes, window_first=first, shows_void=shows)
        for form in RepeatedVoid
        for closes, first in ((False, False), (True, False), (True, True))
        for shows in (False, True)
    ]
    once = [replace(plan, troubles=(trouble,)) for plan in untroubled for trouble in one_void.TROUBLES]
    twice = [replace(plan, troubles=(*plan.troubles, trouble)) for plan in once for trouble in one_void.TROUBLES]
    short = [*untroubled, *once]
    Random(0).shuffle(short)
    Random(1).shuffle(twice)
    long = (plan for plan in twice if replace(plan, troubles=plan.troubles[:1]) not in ended)
    for plan in short:
        yield plan
        yield from islice(long, 1)
    yield from long


def _untroubled(policy: DoubtPolicy, webhooks: bool) -> Iterator[Plan]:
    for form in DuplicateAnswer:
        for careful in (False, True) if form in UNKNOWN_CODE_FORMS else (False,):
            yield Plan((), policy, form, webhooks, careful)
    if policy is DoubtPolicy.RESEND:
        meanwhile = Meanwhile.WEBHOOK_ARRIVES if webhooks else Meanwhile.POLICY_FALLS_TO_PARK
        yield Plan((), policy, DuplicateAnswer.BAD_REQUEST_KNOWN_CODE, webhooks, meanwhile=meanwhile)


def _longer(plans: list[Plan], seed: int) -> list[Plan]:
    made = [replace(plan, troubles=(*plan.troubles, trouble)) for plan in plans for trouble in TROUBLES]
    Random(seed).shuffle(made)
    return made


def _shorter(plan: Plan) -> Plan:
    return replace(plan, troubles=plan.troubles[:-1])


SEARCHES = {
    Search.SMALL_PLANS: search_small_plans,
    Search.SMALL_VOIDS: search_small_voids,
    Search.RANDOM_WORLDS: search_random_worlds,
    Search.LATER_WISHES: search_later_wishes,
}
