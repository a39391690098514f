"""``istmo simulate``: the whole service under a virtual clock, with everything going wrong that can."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.speaking import complain

Flag = Annotated[bool, Parameter(negative=())]


def simulate(
    *,
    seed: int = 1,
    documents: int = 1000,
    per_world: int = 100,
    cores: int = 1,
    door: str | None = None,
    plan: Path | None = None,
    summary: Path | None = None,
    failed_plan: Path = Path("failed-plan.json"),
) -> None:
    """Run the service against the fake PAC in one thread, with faults, crashes and outages drawn from a seed, and check
    every invariant. Needs no settings, no database, no network. See docs/simulation.md.

    The same seed gives the same `trace`. Exit code 0: every invariant held. 1: one did not; the plan is made small and
    written to a file, with the line that replays it.

    Parameters
    ----------
    seed
        The first world's; each further world has the next one.
    documents
        How many documents are issued in all.
    per_world
        How many of them in one world.
    cores
        How many worlds run at once; it changes nothing but the time it takes.
    door
        Where callers come in: use_cases or http (GraphQL); one world in ten is http when left out.
    plan
        Replay the plan in this file instead, such as one that failed.
    summary
        Write the figures of the run to this file as JSON.
    failed_plan
        Where the plan of a failure is written.
    """
    from bootstrap.simulation.command import Wish, run_command

    wish = Wish(
        seed=seed,
        documents=documents,
        per_world=per_world,
        cores=cores,
        door=door,
        plan=plan,
        summary=summary,
        failed_plan=failed_plan,
    )
    try:
        is_clean = run_command(wish)
    except (ValueError, OSError) as error:
        complain(f"error: {error}")
        raise SystemExit(2) from None
    sys.stdout.flush()
    raise SystemExit(0 if is_clean else 1)
