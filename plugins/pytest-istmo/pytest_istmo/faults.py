"""Faults on demand: at the nth call, at a rate with a seed, for the requests that match."""

from collections.abc import Iterable
from typing import Any

from pytest_istmo.wire import Wire


class FakePacFaults:
    """The fault plan of the fake. Empty at the start of each test."""

    def __init__(self, wire: Wire) -> None:
        """``wire`` leads to the fake."""
        self._wire = wire
        self._rules: list[dict[str, Any]] = []
        self._seed = 0

    def plan(
        self,
        kind: str,
        *,
        nth: Iterable[int] | int = (),
        rate: float = 1.0,
        seed: int | None = None,
        times: int | None = None,
        seconds: float | None = None,
        method: str | None = None,
        path_contains: str | None = None,
        company_id: str | None = None,
        body_contains: str | None = None,
    ) -> None:
        """Add one fault to the plan; the plan starts again from its first call.

        Without ``method``, ``path_contains``, ``company_id`` or ``body_contains`` a fault is about POSTs of documents
        (a strange read about GETs of documents). ``nth`` counts matching calls from 1; ``rate`` is a probability drawn
        with ``seed`` (one for the whole plan); ``times`` is an upper bound; ``seconds`` is what the kind makes of it.
        Raises FakePacCallError for a kind or a value that does not exist; ``kinds`` lists the kinds.
        """
        matching = {
            "method": method,
            "pathContains": path_contains,
            "companyId": company_id,
            "bodyContains": body_contains,
        }
        match = {name: value for name, value in matching.items() if value is not None}
        rule = {
            "kind": kind,
            "nth": [nth] if isinstance(nth, int) else sorted(nth),
            "rate": rate,
            "times": times,
            "seconds": seconds,
            "match": match or None,
        }
        self._start([*self._rules, rule], self._seed if seed is None else seed)

    def clear(self) -> None:
        """No more faults."""
        self._start([], 0)

    @property
    def fired(self) -> dict[str, int]:
        """How often each kind struck in this test."""
        fired: dict[str, int] = self._wire.script("GET", "/faults")["fired"]
        return fired

    @property
    def kinds(self) -> list[str]:
        """Every kind of fault that the fake can do."""
        kinds: list[str] = self._wire.script("GET", "/faults")["kinds"]
        return kinds

    def _start(self, rules: list[dict[str, Any]], seed: int) -> None:
        self._wire.script("POST", "/faults", {"rules": rules, "seed": seed})
        self._rules, self._seed = rules, seed
