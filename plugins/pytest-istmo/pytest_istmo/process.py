"""``istmo fake-pac`` as a process of its own: found, started on a free port, stopped."""

import os
import queue
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

DEFAULT_COMMAND = "istmo"
COMMAND_VARIABLE = "PYTEST_ISTMO_COMMAND"
COMMAND_OPTION = "istmo_command"
LINES_KEPT = 40
STOP_SECONDS = 5.0
_ADDRESS = re.compile(r"http://[0-9A-Za-z.:\[\]-]+?:[0-9]+")


class IstmoNotFoundError(Exception):
    """There is no command to start the fake with; the message says how to name one."""


class FakePacStartError(Exception):
    """The command ran but no fake came up; the message holds what it said."""


def find_istmo(named: str, folder: Path) -> list[str]:
    """The command as arguments. ``named`` may hold arguments; a relative path counts from ``folder``.

    Raises IstmoNotFoundError.
    """
    words = shlex.split(named) if named else [DEFAULT_COMMAND]
    program = words[0]
    found = shutil.which(program) or shutil.which(folder / program)
    if found is None:
        said = f"{program!r}, which {COMMAND_VARIABLE} or {COMMAND_OPTION} names," if named else f"{program!r}"
        raise IstmoNotFoundError(
            f"pytest-istmo: {said} was not found. The fake PAC is the command `istmo fake-pac`. Install Istmo, in an"
            f" environment of its own if you like, and put its `istmo` on the PATH, or name it: set {COMMAND_VARIABLE}"
            f" in the environment or {COMMAND_OPTION} in pytest's configuration, such as"
            f" {COMMAND_OPTION} = /opt/istmo/bin/istmo"
        )
    return [str(Path(found).absolute()), *words[1:]]


class FakePacProcess:
    """A running fake. ``base_url`` is scheme, host and port."""

    def __init__(
        self, command: Sequence[str], *, arguments: Sequence[str], token: str, folder: Path, start_seconds: float
    ) -> None:
        """Start and wait until it listens. ``folder`` is where it runs. Raises FakePacStartError."""
        self._command = [*command, "fake-pac", "--port", "0", f"--token={token}", *arguments]
        self._said: deque[str] = deque(maxlen=LINES_KEPT)
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=folder,
            env=_environment(),
        )
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        try:
            self.base_url = self._wait_for_address(time.monotonic() + start_seconds)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(STOP_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self, output: IO[str]) -> None:
        for line in output:
            self._said.append(line.rstrip())
            self._lines.put(line)
        self._lines.put(None)

    def _wait_for_address(self, deadline: float) -> str:
        while True:
            try:
                line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                raise self._failed("it did not say where it listens in time") from None
            if line is None:
                raise self._failed(f"it ended with exit code {self._process.wait()}")
            if (address := _ADDRESS.search(line)) is not None:
                return address[0]

    def _failed(self, why: str) -> FakePacStartError:
        said = "\n".join(self._said) or "(it said nothing)"
        return FakePacStartError(
            f"pytest-istmo: the fake PAC did not start: {why}.\n$ {shlex.join(self._command)}\n{said}"
        )


def _environment() -> dict[str, str]:
    """The machine's, without what would make Istmo's own Python import the packages of the project under test."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return {**kept, "PYTHONUNBUFFERED": "1"}
