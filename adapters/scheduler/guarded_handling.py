"""One job run so that nothing it does reaches whoever runs jobs."""

import asyncio

import structlog

from core.ports.job_queue import Job, JobHandler

log = structlog.get_logger("istmo.scheduler")


async def handle_guarded(handler: JobHandler, job: Job, timeout_seconds: float) -> bool:
    """Run the handler within its time and say whether it ended well.

    A failure is logged and forgotten: the due time in the database is the only retry. Raises CancelledError when the
    caller itself is cancelled, nothing else.
    """
    names = {"kind": job.kind.value, "tenant_id": job.tenant_id, "subject_id": job.subject_id}
    limit = asyncio.timeout(timeout_seconds)
    try:
        async with limit:
            await handler(job)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        log.warning("job_cancelled_itself", **names)
        return False
    except TimeoutError:
        if limit.expired():
            log.warning("job_ran_out_of_time", timeout_seconds=timeout_seconds, **names)
        else:
            log.exception("job_failed", **names)
        return False
    except Exception:
        log.exception("job_failed", **names)
        return False
    return True
