"""The worker process: it answers rings from Redis and sweeps, whether Redis is there or not."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.typing import WorkerCoroutine
from arq.worker import Function, Worker, func
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from adapters.scheduler.arq_queue import ArqSettings, connect, forget_old_rings
from adapters.scheduler.guarded_handling import handle_guarded
from adapters.scheduler.periodic_sweep import PeriodicSweep, Sweep, SweepPace
from adapters.scheduler.ring_wire import decode_ring, encode_nothing
from adapters.scheduler.task_lifetimes import end_within, rest_unless
from core.identifiers import TenantId
from core.ports.clock import Chance, Clock
from core.ports.job_queue import Job, JobHandler, JobKind

log = structlog.get_logger("istmo.scheduler")

_AWAY = (RedisConnectionError, RedisTimeoutError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """What one worker process takes on."""

    jobs_max: int = 16
    job_timeout_seconds: float = 60.0
    poll_seconds: float = 0.05  # arq's own 0.5 s costs a quarter of a second per ring
    reply_timeout_seconds: float = 5.0
    reconnect_seconds: float = 2.0
    health_seconds: float = 5.0
    stop_seconds: float = 20.0


def arq_functions(handler: JobHandler, limits: WorkerLimits) -> list[Function]:
    """One arq function for each kind of job. None raises, none is tried twice, none leaves a result."""
    return [
        func(
            _arq_coroutine(kind, handler, limits.job_timeout_seconds),
            name=kind.value,
            timeout=limits.job_timeout_seconds + 1,  # behind our own limit, which logs what it cut off
            max_tries=1,
            keep_result=0,
        )
        for kind in JobKind
    ]


def _arq_coroutine(kind: JobKind, handler: JobHandler, seconds: float) -> WorkerCoroutine:
    async def answer(ctx: dict[Any, Any], *ids: Any, **_: Any) -> None:  # noqa: ARG001  arq passes it by position
        tenant_id, subject_id = ids  # decode_ring lets nothing else through
        await handle_guarded(handler, Job(kind=kind, tenant_id=TenantId(tenant_id), subject_id=subject_id), seconds)

    return answer


def build_bell(redis: ArqRedis, handler: JobHandler, settings: ArqSettings, limits: WorkerLimits, name: str) -> Worker:
    """arq's worker with every default that bites replaced (pickle, kept results, retries, slow polls, hooks).

    It has no hooks at all: one that raises ends the whole worker.
    """
    options: dict[str, Any] = {
        "functions": arq_functions(handler, limits),
        "queue_name": settings.queue_name,
        "redis_pool": redis,
        "handle_signals": False,
        "max_jobs": limits.jobs_max,
        "job_timeout": limits.job_timeout_seconds + 1,
        "keep_result": 0,
        "max_tries": 1,
        "retry_jobs": False,
        "poll_delay": limits.poll_seconds,
        "health_check_interval": limits.health_seconds,
        "health_check_key": health_key(settings, name),
        "job_serializer": encode_nothing,
        "job_deserializer": decode_ring,
        "log_results": False,
    }
    return Worker(**options)


def health_key(settings: ArqSettings, worker_name: str) -> str:
    """The key in Redis that exists while the worker of this name hears the bell."""
    return f"{settings.queue_name}:health:{worker_name}"


class ArqWorker:
    """Answers rings and sweeps until it is stopped.

    The sweep is a task of this process and not arq's cron, which lives in Redis: with Redis away, emptied or
    poisoned the work goes on within a sweep. The bell is hung up again whenever arq's loop dies.
    """

    def __init__(
        self,
        *,
        handler: JobHandler,
        sweep: Sweep,
        clock: Clock,
        chance: Chance,
        settings: ArqSettings,
        name: str,
        pace: SweepPace,
        limits: WorkerLimits = WorkerLimits(),
    ) -> None:
        self._handler = handler
        self._clock = clock
        self._settings = settings
        self._name = name
        self._limits = limits
        self._sweep = PeriodicSweep(sweep=sweep, clock=clock, chance=chance, pace=pace)
        self._stopping = asyncio.Event()
        self._bell: Worker | None = None
        self.bell_failures = 0

    @property
    def is_alive(self) -> bool:
        """Whether the sweep turns: without it a lost ring stays lost."""
        return self._sweep.is_alive

    @property
    def hears_the_bell(self) -> bool:
        """Whether arq's loop runs; without it work waits for the sweep."""
        return self._bell is not None and not self._stopping.is_set()

    @property
    def last_sweep_at(self) -> datetime | None:
        """When a sweep last ended well, aware UTC."""
        return self._sweep.last_sweep_at

    def stop(self) -> None:
        """Take no more jobs; ``run`` returns when those that run have ended or ``stop_seconds`` have passed."""
        self._stopping.set()
        if self._bell is not None:
            # so arq ends by itself: a cancellation of its loop now and then got lost (arq 0.28 on redis-py 5.3.1)
            self._bell.allow_pick_jobs = False
            self._bell.max_burst_jobs = 0
            self._bell.burst = True

    async def run_until_signalled(self) -> None:
        """``run``, stopped gently by SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, self.stop)
        try:
            await self.run()
        finally:
            for signum in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(signum)

    async def run(self) -> None:
        """Work until ``stop``. Redis may come and go."""
        self._sweep.start()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._keep_listening())
                both.create_task(self._sweep_until_stopped())
        finally:
            await self._sweep.stop(0.0)
            log.info("worker_stopped", bell_failures=self.bell_failures)

    async def _sweep_until_stopped(self) -> None:
        await self._stopping.wait()
        await self._sweep.stop(self._limits.stop_seconds)

    async def _keep_listening(self) -> None:
        while not self._stopping.is_set():
            await self._listen_once()
            await rest_unless(self._stopping, self._clock, self._limits.reconnect_seconds)

    async def _listen_once(self) -> None:
        redis = connect(self._settings, reply_timeout_seconds=self._limits.reply_timeout_seconds)
        bell = build_bell(redis, self._handler, self._settings, self._limits, self._name)
        listening = asyncio.create_task(self._listen(redis, bell))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                # the jobs that run do not need Redis and may use all their time; meanwhile the sweep does the rest
                unfinished = asyncio.ensure_future(asyncio.gather(*bell.tasks.values(), return_exceptions=True))
                await asyncio.wait([unfinished, stopping], return_when=asyncio.FIRST_COMPLETED)
            late = await end_within({listening, *bell.tasks.values()}, self._limits.stop_seconds)
            if late:
                log.warning("jobs_cut_off", tasks=late)
        finally:
            stopping.cancel()
            await end_within({listening, *bell.tasks.values()}, 0.0)
            with suppress(RedisError, OSError):
                await redis.delete(health_key(self._settings, self._name))
            await redis.aclose(close_connection_pool=True)

    async def _listen(self, redis: ArqRedis, bell: Worker) -> None:
        """Until cancelled, or until arq's loop dies: Redis is away, or holds something that arq chokes on."""
        try:
            oldest = self._clock.now().timestamp() - self._settings.ring_expires_seconds
            await forget_old_rings(redis, self._settings.queue_name, older_than_epoch_seconds=oldest)
            self._bell = bell
            await bell.main()
        except _AWAY as error:
            self.bell_failures += 1
            log.warning("redis_is_away", error=type(error).__name__)
        except Exception:
            self.bell_failures += 1
            log.exception("bell_choked")
            # the queue holds nothing but rings, so emptying it loses nothing, and the poison goes with it
            with suppress(RedisError, OSError):
                await redis.delete(self._settings.queue_name)
        finally:
            self._bell = None
