"""A Redis server of one test's own, which may be emptied, stopped and started again."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis

from tests.contract.job_queue_fixtures import until_true


class PrivateRedis:
    """``redis-server`` on a free loopback port, without persistence."""

    def __init__(self, program: str, folder: str) -> None:
        self._program = program
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        """Start and wait until it answers, ten seconds at most."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", self._folder]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)  # noqa: ASYNC220
        await until_true(self._answers)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def kill(self) -> None:
        """End it at once; everything in it is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None


@contextmanager
def private_redis() -> Iterator[PrivateRedis]:
    """Not started yet. Skips where there is no ``redis-server``, or fails when ISTMO_REQUIRE_SERVICES is 1."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("ISTMO_REQUIRE_SERVICES") == "1":
            pytest.fail("no redis-server on the path")
        pytest.skip("no redis-server on the path")
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateRedis(program, folder)
        try:
            yield server
        finally:
            server.kill()
