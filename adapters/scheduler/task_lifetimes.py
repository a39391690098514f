"""How background tasks pause and end."""

import asyncio
from collections.abc import Iterable

from core.ports.clock import Clock

_CANCELLATIONS = 10  # one may get lost in a library (seen under arq)
_CANCELLATION_SECONDS = 0.2


async def end_within(tasks: Iterable["asyncio.Task[None]"], seconds: float) -> int:
    """Wait for the tasks, cancel those that are not done after ``seconds``, and say how many those were.

    Their exceptions are swallowed here: whoever started them has logged them. A task that ignores ten
    cancellations is left behind after two seconds.
    """
    waiting = set(tasks)
    if not waiting:
        return 0
    done, late = await asyncio.wait(waiting, timeout=max(0.0, seconds))
    left = late
    for _ in range(_CANCELLATIONS):
        if not left:
            break
        for task in left:
            task.cancel()
        ended, left = await asyncio.wait(left, timeout=_CANCELLATION_SECONDS)
        done |= ended
    await asyncio.gather(*done, return_exceptions=True)
    return len(late)


async def rest_unless(stopping: asyncio.Event, clock: Clock, seconds: float) -> None:
    """Sleep on the clock, but no longer than until ``stopping`` is set."""
    nap = asyncio.ensure_future(clock.sleep(seconds))
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({nap, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        nap.cancel()
        stop.cancel()
        await asyncio.gather(nap, stop, return_exceptions=True)
