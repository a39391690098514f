"""Where a field of the core stands in the arguments of a mutation, and the table row that says so."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from core.errors import Path
from core.tenants import Role

Locate = Callable[[Path], list[str]]
Mutations = tuple[tuple[str, Role, Callable[..., Awaitable[dict[str, Any]]], Locate], ...]
"""Name, weakest role, resolver, and where its arguments are."""


def locating(arguments: Collection[str], otherwise: str) -> Locate:
    """Paths of the core begin at an argument or within the one that holds the rest."""

    def locate(path: Path) -> list[str]:
        steps = [str(step) for step in path]
        return steps if not steps or steps[0] in arguments else [otherwise, *steps]

    return locate
