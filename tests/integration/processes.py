"""`istmo` as real processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import redis.asyncio

from bootstrap.settings import Settings
from tests.integration.customer import until

ISTMO = Path(sys.executable).parent / "istmo"
STOP_SECONDS = 60.0


class IstmoProcess:
    """One long-running command. Its log is JSON, one event a line, in ``log``."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        self._process.kill()

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    async def exit_code(self) -> int:
        """Once it has ended; minus the signal when one killed it. Fails after a minute."""
        async with asyncio.timeout(STOP_SECONDS):
            return await self._process.wait()


@asynccontextmanager
async def running_istmo(command: str, environment: Mapping[str, str], log: Path) -> AsyncIterator[IstmoProcess]:
    """Started, and killed at the end if it still runs. It does not wait until it answers: see ``until_ready``."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            str(ISTMO), command, env=plain | dict(environment), stdout=output, stderr=output
        )
    started = IstmoProcess(process, log)
    try:
        yield started
    finally:
        if started.is_running:
            process.kill()
        await process.wait()


async def until_ready(process: IstmoProcess, http: httpx.AsyncClient) -> None:
    """Wait until /health/ready says so. Fails with the log when the process ends first."""

    async def status() -> int:
        assert process.is_running, process.log.read_text()
        try:
            return (await http.get("/health/ready")).status_code
        except httpx.TransportError:
            return 0

    await until(status, lambda code: code == 200)


async def until_heard(worker: IstmoProcess, settings: Settings) -> None:
    """Wait until the worker hears the doorbell. Fails with the log when the process ends first."""
    assert settings.work.redis_url is not None
    async with redis.asyncio.Redis.from_url(settings.work.redis_url.get_secret_value()) as client:

        async def hears() -> bool:
            assert worker.is_running, worker.log.read_text()
            return bool(await client.keys(f"{settings.work.queue_name}:health:*"))

        await until(hears, bool)
