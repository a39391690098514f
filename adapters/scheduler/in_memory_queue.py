"""A doorbell for unit tests: it remembers who rang, and a test decides when anyone answers."""

from collections import deque

from adapters.scheduler.guarded_handling import handle_guarded
from core.ports.job_queue import Job, JobHandler, JobQueue

_HANDLING_SECONDS = 60.0


class InMemoryJobQueue(JobQueue):
    """``rings`` holds every ring ever, in order; ``failed`` the jobs whose handler raised (it is logged)."""

    def __init__(self) -> None:
        self.rings: list[Job] = []
        self.failed: list[Job] = []
        self._waiting: deque[Job] = deque()

    async def ring(self, job: Job) -> None:
        self.rings.append(job)
        self._waiting.append(job)

    @property
    def waiting(self) -> tuple[Job, ...]:
        """The rings that nobody answered yet, in order."""
        return tuple(self._waiting)

    async def drain(self, handler: JobHandler, *, jobs_max: int = 1_000) -> int:
        """Answer what waits, in order, and what those jobs ring in turn. Says how many jobs ran.

        Raises RuntimeError after ``jobs_max`` jobs: then they ring for each other without end.
        """
        ran = 0
        while self._waiting:
            if ran == jobs_max:
                raise RuntimeError(f"still ringing after {jobs_max} jobs")
            job = self._waiting.popleft()
            ran += 1
            if not await handle_guarded(handler, job, _HANDLING_SECONDS):
                self.failed.append(job)
        return ran

    def lose_everything(self) -> None:
        """Forget the waiting rings, as a queue does that loses its memory."""
        self._waiting.clear()
