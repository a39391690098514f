"""Draws the troubles of a world that are not the PAC's own faults, each a field of the plan."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bootstrap.simulation.plans import (
    ClockJump,
    Crash,
    Outage,
    OutageForm,
    Rotation,
    Stop,
    TailLoss,
    Window,
)

HOUR = 3600.0
_SHORT = (5.0, 30.0, 120.0)
_OUTAGES = {20.0: 20, 120.0: 20, 600.0: 20, 3 * HOUR: 4, 6 * HOUR: 2, 73 * HOUR: 1}  # with their weights
_SILENCES = {60.0: 40, 600.0: 40, 6 * HOUR: 6, 25 * HOUR: 2, 91 * HOUR: 1}  # the last: decided within 182 h
# how often a point is reached for each document, roughly: crashes are drawn so that most of them strike
_PER_DOCUMENT = {
    "before_claim": 1.0,
    "after_claim_before_send": 1.0,
    "after_answer_before_record": 1.0,
    "after_record": 0.9,
    "before_commit": 10.0,
    "after_commit": 10.0,
    "after_file_before_row": 2.0,
    "after_mark_before_claim": 1.0,
    "before_ring": 1.0,
    "before_void_claim": 0.05,
    "after_void_claim_before_delete": 0.05,
    "after_void_answer_before_record": 0.05,
    "after_void_record": 0.05,
}


@dataclass(slots=True, kw_only=True)
class Drawn:
    """What was drawn before. ``chaos`` is how likely each kind of trouble exists in this world."""

    dice: random.Random
    documents: int
    processes: int
    tenants: int
    chaos: float = field(init=False)

    def __post_init__(self) -> None:
        """Some worlds are calm: in them a mistake of the service has nothing to hide behind."""
        self.chaos = self.dice.choice((0.0, 0.1, 0.1, 0.2, 0.4))

    def moment(self) -> float:
        """Some time while documents are made."""
        return round(self.dice.uniform(1, 600), 3)

    def moment_before(self, seconds: float) -> float:
        """Some time; late when what begins then lasts for hours, so that a few documents meet it and not all: each
        that waits is looked at for days, which costs as much as a hundred that do not."""
        return round(self.dice.uniform(560, 600), 3) if seconds >= 2 * HOUR else self.moment()

    def window(self, lengths: tuple[float, ...] = _SHORT) -> Window:
        """Some while."""
        seconds = self.dice.choice(lengths)
        return Window(at=self.moment_before(seconds), seconds=seconds)


def _crashes(drawn: Drawn) -> tuple[Crash, ...]:
    dice = drawn.dice
    points = dice.sample(sorted(_PER_DOCUMENT), dice.randint(1, 4))
    return tuple(
        Crash(
            point=point,
            nth=dice.randint(1, max(1, int(_PER_DOCUMENT[point] * drawn.documents))),
            downtime=dice.choice((1.0, 5.0, 120.0)),
            is_whole_machine=dice.random() < 0.3,
        )
        for point in points
        for _ in range(dice.randint(1, 3))
    )


def _stops(drawn: Drawn) -> tuple[Stop, ...]:
    """A few by chance, or a loop of deployments (B57)."""
    dice = drawn.dice
    if dice.random() < 0.2:
        return tuple(Stop(at=30.0 * turn, process=turn, is_graceful=True, downtime=2.0) for turn in range(1, 20))
    return tuple(
        Stop(at=drawn.moment(), process=dice.randrange(drawn.processes), is_graceful=dice.random() < 0.5)
        for _ in range(dice.randint(1, 4))
    )


def _outages(drawn: Drawn) -> tuple[Outage, ...]:
    dice = drawn.dice
    lengths = dice.choices(list(_OUTAGES), list(_OUTAGES.values()), k=dice.choice((1, 1, 2)))
    return tuple(
        Outage(at=drawn.moment_before(seconds), seconds=seconds, form=dice.choice(tuple(OutageForm)))
        for seconds in lengths
    )


def _rotations(drawn: Drawn) -> tuple[Rotation, ...]:
    dice = drawn.dice
    return tuple(
        Rotation(at=drawn.moment(), lag=dice.choice((1.0, 60.0, 600.0)), tenant=tenant)
        for tenant in range(drawn.tenants)
        if dice.random() < 0.7
    )


def _clock_jumps(drawn: Drawn) -> tuple[ClockJump, ...]:
    """An hour to either side, as an administrator or a broken NTP server does it (B17)."""
    dice = drawn.dice
    jump = ClockJump(
        at=drawn.moment(), seconds=dice.choice(_SHORT), process=0, skew=dice.choice((HOUR, -HOUR, 60.0, -60.0))
    )
    return (jump,)


def _tail_loss(drawn: Drawn) -> TailLoss:
    dice = drawn.dice
    copied_at = drawn.moment()
    return TailLoss(copied_at=copied_at, lost_at=copied_at + dice.choice((2.0, 30.0, 200.0)))


def _silences(drawn: Drawn) -> tuple[Window, ...]:
    seconds = drawn.dice.choices(list(_SILENCES), list(_SILENCES.values()))[0]
    return (Window(at=drawn.moment_before(seconds), seconds=seconds),)


def _windows(lengths: tuple[float, ...] = _SHORT) -> Callable[[Drawn], tuple[Window, ...]]:
    def draw(drawn: Drawn) -> tuple[Window, ...]:
        return tuple(drawn.window(lengths) for _ in range(drawn.dice.choice((1, 1, 2))))

    return draw


TROUBLES: Mapping[str, Callable[[Drawn], Any]] = {
    "crashes": _crashes,
    "stops": _stops,
    "outages": _outages,
    "dgi_silences": _silences,
    "full_disks": _windows(),
    "full_file_stores": _windows((60.0, 600.0)),
    "lost_rings": _windows((30.0, 600.0)),
    "doubled_rings": _windows((30.0, 600.0)),
    "webhook_rotations": _rotations,
    "token_rotations": _rotations,
    "certificate_expiries": _windows((30.0, 600.0, 3 * HOUR)),
    "clock_jumps": _clock_jumps,
    "tail_loss": _tail_loss,
}
CRASH_POINTS = tuple(_PER_DOCUMENT)
