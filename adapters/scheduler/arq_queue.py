"""The doorbell on Redis, through arq."""

import os
from asyncio import timeout
from dataclasses import dataclass, field

import structlog
from arq.connections import ArqRedis
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from adapters.scheduler.ring_wire import decode_ring, encode_ring
from core.ports.clock import Clock
from core.ports.job_queue import Job, JobQueue

log = structlog.get_logger("istmo.scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArqSettings:
    """What web processes and workers share. ``queue_name`` keeps two installations on one Redis apart."""

    redis_url: str = field(repr=False)  # it may hold a password
    queue_name: str = "istmo:rings"
    connections_max: int = 16
    ring_timeout_seconds: float = 0.5  # a mutation waits no longer than this for Redis
    silence_seconds: float = 2.0  # after a failure no mutation waits at all for this long
    ring_expires_seconds: float = 60.0  # an older ring is noise: the sweep has found its work
    waiting_max: int = 10_000


def connect(settings: ArqSettings, *, reply_timeout_seconds: float) -> ArqRedis:
    """A lazy client: it connects with its first command. Raises ValueError for an address that is none."""
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=settings.connections_max,
        timeout=reply_timeout_seconds,
        socket_connect_timeout=settings.ring_timeout_seconds,
        socket_timeout=reply_timeout_seconds,
        health_check_interval=30,
    )
    return ArqRedis(
        pool_or_conn=pool,
        job_serializer=encode_ring,
        job_deserializer=decode_ring,
        default_queue_name=settings.queue_name,
        expires_extra_ms=int(settings.ring_expires_seconds * 1000),
    )


async def forget_old_rings(redis: ArqRedis, queue_name: str, *, older_than_epoch_seconds: float) -> None:
    """Drop the names of rings whose body has expired; arq would meet and report each of them.

    Raises RedisError or OSError when Redis is away.
    """
    await redis.zremrangebyscore(queue_name, "-inf", older_than_epoch_seconds * 1000)


class ArqJobQueue(JobQueue):
    """Rings over Redis. Lost, refused or late rings are logged and counted, never raised.

    Every ring has a name of its own: arq refuses a name while a job of that name waits or runs, and would so swallow
    a ring that came while its document was being worked on.
    """

    def __init__(self, settings: ArqSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._redis = connect(settings, reply_timeout_seconds=settings.ring_timeout_seconds)
        self._silent_until = 0.0
        self.rung = 0
        self.dropped = 0

    async def ring(self, job: Job) -> None:
        if self._clock.monotonic() < self._silent_until:
            self.dropped += 1
            return
        try:
            async with timeout(self._settings.ring_timeout_seconds):
                await self._enqueue(job)
        except (RedisError, OSError) as error:  # asyncio's time-out is an OSError too
            self.dropped += 1
            self._silent_until = self._clock.monotonic() + self._settings.silence_seconds
            log.warning("redis_is_away", error=type(error).__name__, silence_seconds=self._settings.silence_seconds)
        except Exception:
            self.dropped += 1
            log.exception("ring_dropped", kind=job.kind.value)

    async def _enqueue(self, job: Job) -> None:
        waiting = await self._redis.zcard(self._settings.queue_name)
        if waiting >= self._settings.waiting_max:
            self.dropped += 1
            log.warning("ring_dropped", kind=job.kind.value, waiting=waiting)
            oldest = self._clock.now().timestamp() - self._settings.ring_expires_seconds
            await forget_old_rings(self._redis, self._settings.queue_name, older_than_epoch_seconds=oldest)
            return
        name = f"{self._settings.queue_name}:{os.urandom(16).hex()}"
        await self._redis.enqueue_job(job.kind.value, job.tenant_id, job.subject_id, _job_id=name)
        self.rung += 1

    async def close(self) -> None:
        """Give the connections back. A ring after it connects again."""
        await self._redis.aclose(close_connection_pool=True)
