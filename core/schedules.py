"""Every delay of the protocol, as data. All in seconds unless the name says otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """When things are tried again. Tables are walked entry by entry and stay at their last one for ever."""

    record_grace: float = 3.0  # a recorded document becomes due for the sweep after this, if nobody sent it
    submission_backoff: tuple[float, ...] = (2, 5, 15, 30, 60, 120, 300, 600)
    misconfigured_backoff: float = 300.0
    throttle_min: float = 1.0
    throttle_max: float = 600.0
    lease: float = 90.0  # longer than the POST's total deadline plus the margin; checked at start-up
    lease_margin: float = 15.0
    status_checks: tuple[float, ...] = (2, 3, 5, 8, 15, 30, 60, 120, 300, 600, 1800, 3600)
    file_retries: tuple[float, ...] = (2, 5, 15, 60, 300, 900, 3600)
    hint_retries: tuple[float, ...] = (2, 5, 15, 60, 300, 900)
    void_repeats: tuple[float, ...] = (900, 1800, 3600, 7200, 21600)  # of a DELETE whose answer was lost
    sibling_checks: int = 36  # of another id of a document that is finished, walked like status_checks: about a day
    doubt_deadline: float = 24 * 3600.0  # IN_DOUBT without evidence becomes QUARANTINED, policy park
    settling: float = 900.0  # from the end of the lease; longer than the PAC's latest accept
    resends_max: int = 3  # of the identical bytes, policy resend
    overdue_after: float = 24 * 3600.0  # a document that still waits for something counts as overdue
    circuit_failures: int = 5  # attempts in a row without an answer that open a tenant's circuit
    circuit_probes: tuple[float, ...] = (30, 60, 120, 300, 600)
    circuit_spread: float = 60.0  # documents of an open circuit come due again over this time
    poison_backoff: tuple[float, ...] = (60, 120, 300, 600, 1800, 3600)  # a document whose handling raised
    repeat_check_min: float = 5.0  # a repeated webhook brings the next check forward to this from now

    def submission_delay(self, attempts: int) -> timedelta:
        """After the ``attempts``-th attempt that did not leave."""
        return _step(self.submission_backoff, attempts - 1)

    def throttle_delay(self, retry_after_seconds: float | None) -> timedelta:
        """Retry-After within bounds; without one, the lower bound's first back-off."""
        asked = self.submission_backoff[-1] if retry_after_seconds is None else retry_after_seconds
        return timedelta(seconds=min(max(asked, self.throttle_min), self.throttle_max))

    def status_delay(self, checks: int, fraction: float) -> timedelta:
        """After ``checks`` status checks without news, spread by up to a tenth."""
        return _step(self.status_checks, checks) * (1 + fraction / 10)

    def file_delay(self, checks: int, fraction: float) -> timedelta:
        """After ``checks`` vain attempts to get a file of an authorised document."""
        return _step(self.file_retries, checks) * (1 + fraction / 10)

    def hint_delay(self, checks: int) -> timedelta:
        """After ``checks`` look-ups of a hinted id that proved nothing."""
        return _step(self.hint_retries, checks)

    def poison_delay(self, checks: int) -> timedelta:
        """After a document's handling raised, ``checks`` vain looks after the last news."""
        return _step(self.poison_backoff, checks)

    def void_delay(self, attempts: int) -> timedelta:
        """Before a void in doubt is asked for once more, after ``attempts`` DELETEs."""
        return _step(self.void_repeats, attempts - 1)

    def probe_delay(self, openings: int) -> timedelta:
        """Before an open circuit lets one document try, after it opened or failed to close ``openings`` times."""
        return _step(self.circuit_probes, openings - 1)

    @property
    def longest_probe_delay(self) -> timedelta:
        """Within this an open circuit is asked again, if anything waits for it."""
        return timedelta(seconds=self.circuit_probes[-1])

    def sends_within(self, deadline_seconds: float) -> float:
        """How long after its claim a request of at most ``deadline_seconds`` may begin, so that the lease outlives it.

        Raises ValueError when no lease is long enough.
        """
        left = self.lease - self.lease_margin - deadline_seconds
        if left <= 0:
            raise ValueError("The lease must be longer than a request's total deadline plus the margin")
        return left

    def settled_at(self, attempt_ends_at: datetime) -> datetime:
        """From when on an attempt that was not answered can no longer be accepted late."""
        return attempt_ends_at + timedelta(seconds=self.settling)

    def doubt_ends_at(self, since: datetime) -> datetime:
        """When waiting for evidence ends."""
        return since + timedelta(seconds=self.doubt_deadline)


def _step(table: tuple[float, ...], place: int) -> timedelta:
    return timedelta(seconds=table[min(max(place, 0), len(table) - 1)])
