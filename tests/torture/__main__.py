"""``python -m tests.torture``: the long run. Exit code 1 when anything was lost, doubled or half-written."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.torture.interruptions import Interrupted
from tests.torture.plan import LONG, LONG_PACE, Engine, Plan
from tests.torture.run import Outcome, Progress, torture


def main() -> None:
    """Both engines beside each other."""
    asked = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    asked.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000, help="draws faults, aims and victims")
    asked.add_argument("--engine", choices=[engine.value for engine in Engine], action="append")
    asked.add_argument("--kills", type=int, default=LONG.kills, help="in all")
    asked.add_argument("--in-flight", type=int, default=LONG.in_flight, help="of them between POST and record")
    asked.add_argument("--seconds", type=float, default=LONG.seconds, help="the longest to kill")
    asked.add_argument("--keep", type=Path, help="folder for logs, databases and files; else a temporary one")
    given = asked.parse_args()
    plans = _plans(given)
    _tell(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="istmo-torture-") as temporary:
        outcomes = asyncio.run(_torture_all(plans, given.keep or Path(temporary)))
    for outcome in outcomes:
        _say(*outcome.lines(), "")
    _say(_together(outcomes))
    sys.exit(0 if all(outcome.verdict.is_clean and not outcome.problems for outcome in outcomes) else 1)


def _plans(given: argparse.Namespace) -> list[Plan]:
    bounds = replace(LONG, kills=given.kills, in_flight=given.in_flight, seconds=given.seconds)
    engines = [Engine(name) for name in given.engine or list(Engine)]
    return [Plan(seed=given.seed, engine=engine, bounds=bounds, pace=LONG_PACE) for engine in engines]


async def _torture_all(plans: list[Plan], folder: Path) -> list[Outcome]:
    progress = Progress()
    async with asyncio.TaskGroup() as group:
        runs = [
            group.create_task(torture(plan, folder / plan.engine.value, _telling(plan.engine.value), progress))
            for plan in plans
        ]
    return [run.result() for run in runs]


def _together(outcomes: list[Outcome]) -> str:
    kills = sum((outcome.kills for outcome in outcomes), Counter[Interrupted]())
    intents, lost, doubled, half_written = (
        sum(counts)
        for counts in zip(
            *(
                (
                    len(outcome.answered.wanted),
                    len(outcome.verdict.lost),
                    len(outcome.verdict.doubled),
                    len(outcome.verdict.half_written),
                )
                for outcome in outcomes
            ),
            strict=True,
        )
    )
    return (
        f"all: {kills.total()} kills, {kills[Interrupted.POSTED]} between the first byte and the recorded answer, "
        f"{intents} intents, {lost} lost, {doubled} doubled, {half_written} half-written"
    )


def _telling(name: str) -> Callable[[str], None]:
    return lambda line: _tell(f"{name}: {line}")


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
