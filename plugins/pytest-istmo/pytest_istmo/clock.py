"""The fake's clock: deadlines of hours and days pass at once."""

from datetime import datetime, timedelta

from pytest_istmo.wire import Wire


class FakePacClock:
    """The time at the fake PAC. It ticks like the machine's unless frozen, and only moves forward."""

    def __init__(self, wire: Wire) -> None:
        """``wire`` leads to the fake."""
        self._wire = wire

    def now(self) -> datetime:
        """The fake's time, aware UTC."""
        return datetime.fromisoformat(self._wire.script("GET", "/clock")["now"])

    def next_due_at(self) -> datetime | None:
        """When something next happens by itself (a decision of the DGI, a webhook); None: nothing is waiting."""
        due = self._wire.script("GET", "/clock")["nextDueAt"]
        return None if due is None else datetime.fromisoformat(due)

    def advance(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Jump by a timedelta, or by its parts: ``advance(hours=182)``. What became due has happened afterwards.

        Gives the new time. Raises FakePacCallError for a step back.
        """
        step = by if by is not None else timedelta(**parts)
        moved = self._wire.script("POST", "/clock/advance", {"seconds": step.total_seconds()})
        return datetime.fromisoformat(moved["now"])

    def advance_to(self, moment: datetime) -> datetime:
        """Jump to an aware moment. Raises FakePacCallError when it is past."""
        moved = self._wire.script("POST", "/clock/advance", {"until": moment.isoformat()})
        return datetime.fromisoformat(moved["now"])

    def freeze(self) -> datetime:
        """Stand still until ``release``; gives the moment. Jumps still move it."""
        return datetime.fromisoformat(self._wire.script("POST", "/clock/freeze")["now"])

    def release(self) -> datetime:
        """Tick again from where it stands."""
        return datetime.fromisoformat(self._wire.script("POST", "/clock/release")["now"])
