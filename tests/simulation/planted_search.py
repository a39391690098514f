"""Looks for one planted bug, world by world in an order that is always the same, and stops at the first catch."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from random import Random

from adapters.alanube.fake.behaviour import UNKNOWN_CODE_FORMS, DuplicateAnswer
from bootstrap.simulation.worlds import run_world
from core.tenants import DoubtPolicy
from tests.simulation.one_document import run
from tests.simulation.planted_bug import PlantedBug, Search, invariant_of
from tests.simulation.planted_drawing import worlds
from tests.simulation.small_plan import TROUBLES, Meanwhile, Plan

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
    search = {Search.SMALL_PLANS: search_small_plans, Search.RANDOM_WORLDS: search_random_worlds}[bug.search]
    with bug.planted():
        return search(bug.within)


def search_small_plans(most: int) -> Catch | None:
    """One document under every plan of none, one and two troubles, at most ``most`` of them."""
    ended: set[Plan] = set()
    for place, plan in enumerate(_in_order(ended), start=1):
        try:
            if not run(plan, Counter()):
                ended.add(plan)
        except AssertionError as broken:
            return Catch(worlds=place, invariant=invariant_of(broken), message=str(broken), plan=plan)
        if place == most:
            return None
    return None


def search_random_worlds(most: int) -> Catch | None:
    """The worlds of ``planted_drawing``, at most ``most`` of them."""
    for place, plan in enumerate(islice(worlds(), most), start=1):
        report = run_world(plan)
        if report.violations:
            first = report.violations[0]
            return Catch(worlds=place, invariant=first.invariant, message=first.what, plan=plan)
    return None


def _in_order(ended: set[Plan]) -> Iterator[Plan]:
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
