"""A planted bug: one function or value of the service replaced by a wrong one while a search runs.

Production code has no switch for any of them. What is replaced is found wherever a module holds it by its name, so
that ``from x import f`` is planted as well as ``x.f``.
"""

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OURS = ("core", "adapters", "bootstrap", "tests")
SPOKEN = re.compile(r"\(([A-Z]\d{1,2}|step \d)\)\s*$")


class Search(StrEnum):
    """Who looks for a bug."""

    SMALL_PLANS = "every small plan"
    SMALL_VOIDS = "every small void"
    RANDOM_WORLDS = "random worlds"
    LATER_WISHES = "worlds of later wishes"


@dataclass(frozen=True, kw_only=True)
class PlantedBug:
    """``place``: ``module:name`` or ``module:Class.name``. ``wrong`` is given what stands there and answers with what
    shall stand there. ``within``: so many worlds at most until the first is broken. ``speaks``: the invariant."""

    name: str
    breaks: str
    place: str
    wrong: Callable[[Any], Any]
    search: Search
    within: int
    speaks: str

    @contextmanager
    def planted(self) -> Iterator[None]:
        """It is there for as long as the block runs. Raises ValueError when the place does not exist any more."""
        with replaced(self.place, self.wrong):
            yield


def planted_bug(
    place: str, *, breaks: str, within: int, speaks: str, search: Search = Search.SMALL_PLANS
) -> Callable[[Callable[[Any], Any]], PlantedBug]:
    """Makes a PlantedBug of the function that builds the wrong variant; its name says what is wrong."""

    def of(wrong: Callable[[Any], Any]) -> PlantedBug:
        name = wrong.__name__.strip("_").replace("_", " ")
        return PlantedBug(
            name=name, breaks=breaks, place=place, wrong=wrong, search=search, within=within, speaks=speaks
        )

    return of


@contextmanager
def replaced(place: str, wrong: Callable[[Any], Any]) -> Iterator[None]:
    """Put ``wrong(what is there)`` in the place, and everywhere that holds it under its name."""
    module_name, _, path = place.partition(":")
    module = importlib.import_module(module_name)
    *outer, name = path.split(".")
    owner: Any = module
    for part in outer:
        owner = getattr(owner, part, None)
    if owner is None or name not in vars(owner):
        raise ValueError(f"{place} does not exist any more")
    right = vars(owner)[name]
    holders = [owner] if outer else _holders(name, right)
    put = wrong(right)
    try:
        for holder in holders:
            setattr(holder, name, put)
        yield
    finally:
        for holder in holders:
            setattr(holder, name, right)


def invariant_of(broken: AssertionError) -> str:
    """Which invariant an oracle's message speaks for: what stands in brackets at its end."""
    spoken = SPOKEN.search(str(broken).partition("\n")[0])
    return spoken[1] if spoken else "?"


def _holders(name: str, right: Any) -> list[Any]:
    ours = [module for key, module in sys.modules.items() if key.partition(".")[0] in OURS and module is not None]
    return [module for module in ours if vars(module).get(name) is right]
