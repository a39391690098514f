"""Real processes that are killed and started again: `istmo serve`, `istmo worker` and the fake PAC."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import redis.asyncio

from tests.integration.processes import ISTMO

START_SECONDS = 240.0  # a bound against hanging, on any machine


class Member:
    """One process of the fleet, under the same name and on the same port however often it is started."""

    def __init__(self, name: str, arguments: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it; it is not waited for."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                str(ISTMO), *self._arguments, env=plain | dict(self._environment), stdout=output, stderr=output
            )

    async def kill(self) -> int:
        """SIGKILL, and gone when this returns; the process's id."""
        assert self._process is not None
        assert self.is_running, f"{self.name} ended by itself:\n{self.end_of_log()}"
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        return self._process.pid

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        if self.is_running:
            self._process.terminate()
        try:
            async with asyncio.timeout(30):
                return await self._process.wait()
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()

    async def is_ready(self) -> bool:
        """Whether it does its work."""
        return self.is_running

    async def until_ready(self) -> None:
        """Fails with the end of its log when it ends, or after some minutes."""
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self.is_ready():
                    assert self.is_running, f"{self.name} ended by itself:\n{self.end_of_log()}"
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{self.name} does not become ready:\n{self.end_of_log()}") from None

    def end_of_log(self) -> str:
        """What it said last."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


class WebMember(Member):
    """A process that answers HTTP at ``ready_path`` when it is ready."""

    def __init__(
        self,
        name: str,
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        log: Path,
        *,
        base_url: str,
        ready_path: str,
    ) -> None:
        super().__init__(name, arguments, environment, log)
        self.base_url = base_url
        self._ready_path = ready_path
        self.http = httpx.AsyncClient(base_url=base_url, timeout=15, trust_env=False)

    async def is_ready(self) -> bool:
        try:
            return (await self.http.get(self._ready_path)).status_code == 200
        except httpx.TransportError:
            return False


class WorkerMember(Member):
    """A worker that shows in Redis that it listens."""

    def __init__(
        self, name: str, environment: Mapping[str, str], log: Path, *, redis_url: str, queue_name: str
    ) -> None:
        super().__init__(name, ("worker",), environment, log)
        self._redis_url = redis_url
        self._queue_name = queue_name

    async def is_ready(self) -> bool:
        async with redis.asyncio.Redis.from_url(self._redis_url) as client:
            return bool(await client.keys(f"{self._queue_name}:health:*:{self.pid}"))


@asynccontextmanager
async def running(members: list[Member]) -> AsyncIterator[None]:
    """All of them started and ready; killed at the end where they still run."""
    async with AsyncExitStack() as leaving:
        for member in members:
            await member.start()
            leaving.push_async_callback(_end, member)
        await asyncio.gather(*(member.until_ready() for member in members))
        yield


async def _end(member: Member) -> None:
    if member.is_running:
        await member.kill()
    if isinstance(member, WebMember):
        await member.http.aclose()
