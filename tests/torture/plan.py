"""What one torture run does: everything that chance decides is drawn here, from one seed, before it starts."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

DUPLICATE_FORMS = ("bad_request_known_code", "conflict_with_id", "conflict_without_id")
# how each kind of trouble is bounded: the least and the highest rate, and the seconds where it takes time
REQUEST_FAULTS: dict[str, tuple[float, float, float | None]] = {
    "slow_drip": (0.2, 0.4, 0.0001),  # a byte at a time: some tenths of a second between the first byte and the answer
    "drop_after_accept": (0.04, 0.10, None),
    "error_500_after_accept": (0.04, 0.10, None),
    "truncate_body": (0.02, 0.06, None),
    "time_out_after_accept": (0.02, 0.06, 0.7),
    "drop_before": (0.02, 0.05, None),
    "lose_webhook": (0.1, 0.4, None),
    "duplicate_webhook": (0.1, 0.3, None),
    "delay_webhook": (0.05, 0.2, 1.5),
    "pdf_truncated": (0.02, 0.08, None),
    "not_found_404": (0.01, 0.03, None),
}


class Engine(StrEnum):
    """How Istmo runs."""

    SQLITE = "sqlite"  # one `istmo serve`, which also does the due work
    SCALED = "scaled"  # PostgreSQL, Redis, two `istmo serve` and two `istmo worker`


class Aim(StrEnum):
    """When a process is killed."""

    IN_FLIGHT = "in_flight"  # while it holds a document that it is about to post or has posted
    ANY_MOMENT = "any_moment"
    STARTING = "starting"  # before it is ready again


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill. ``victim`` counts through the processes; ``delay`` seconds pass once the aim is met."""

    aim: Aim
    victim: int
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When a run ends, and how large it may become."""

    kills: int
    in_flight: int  # at least so many kills between the first byte and the recorded answer
    seconds: float  # the longest that killing goes on
    kills_least: int  # however slow the machine is
    rest_seconds: float  # the longest that everything may then take to come to rest
    documents: int  # no new one is asked for beyond this; the fake shows a thousand
    callers: int

    @property
    def pause(self) -> float:
        """Seconds between two documents of one caller, so that they last as long as the killing."""
        return min(max(0.5 * self.callers * self.seconds / self.documents, 0.3), 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The settings that a run shortens, so that minutes do for what takes hours."""

    pac_seconds: float
    settling_seconds: float
    doubt_seconds: float

    @property
    def lease_seconds(self) -> float:
        """The shortest that settings allow."""
        return self.pac_seconds + 20

    def variables(self) -> dict[str, str]:
        """As a process reads them."""
        return {
            "ISTMO_PAC_READ_SECONDS": f"{self.pac_seconds:g}",
            "ISTMO_PAC_TOTAL_SECONDS": f"{self.pac_seconds:g}",
            "ISTMO_LEASE_SECONDS": f"{self.lease_seconds:g}",
            "ISTMO_SETTLING_SECONDS": f"{self.settling_seconds:g}",
            "ISTMO_DOUBT_HOURS": f"{self.doubt_seconds / 3600:.6f}",
            "ISTMO_SWEEP_SECONDS": "0.3",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run. Processes and the network are not deterministic; what is asked of them is."""

    seed: int
    engine: Engine
    bounds: Bounds
    pace: Pace

    def faults(self) -> dict[str, Any]:
        """What the fake does wrong, as POST /_fake/faults takes it."""
        chance = Random(f"faults {self.seed}")
        rules = []
        for kind, (least, most, seconds) in REQUEST_FAULTS.items():
            rule: dict[str, Any] = {"kind": kind, "rate": round(chance.uniform(least, most), 3)}
            if seconds is not None:
                rule["seconds"] = seconds
            rules.append(rule)
        return {"seed": self.seed, "rules": rules}

    def duplicate_form(self) -> str:
        """How the fake answers a number that it has already (ASSUME-001)."""
        return Random(f"duplicates {self.seed}").choice(DUPLICATE_FORMS)

    def kills(self) -> Iterator[Kill]:
        """One after the other, without end; the first is aimed at a POST."""
        chance = Random(f"kills {self.seed}")
        aim = Aim.IN_FLIGHT
        while True:
            yield Kill(
                aim=aim,
                victim=chance.randrange(1000),
                delay=0 if chance.random() < 0.4 else round(chance.uniform(0, 0.25), 3),
            )
            aim = chance.choices(list(Aim), weights=(45, 47, 8))[0]


LONG = Bounds(kills=300, in_flight=30, seconds=780, kills_least=1, rest_seconds=240, documents=900, callers=6)
SHORT = Bounds(kills=20, in_flight=2, seconds=15, kills_least=5, rest_seconds=120, documents=60, callers=4)
LONG_PACE = Pace(pac_seconds=3, settling_seconds=5, doubt_seconds=60)
SHORT_PACE = Pace(pac_seconds=2, settling_seconds=1, doubt_seconds=5)
