"""`istmo` as people run it: in this process, where that is the same, or as a process."""

import io
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bootstrap.cli import main

ISTMO = Path(sys.executable).parent / "istmo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def plain_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these ISTMO_ variables and no other."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")} | dict(settings)


class CommandLine:
    """Runs commands in a folder of their own. Logging is as before afterwards."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def run(self, *arguments: str, settings: Mapping[str, str], given: str = "") -> Done:
        """One command with ``given`` on standard input. A bug raises here as it would there."""
        root = logging.getLogger()
        handlers, level, structured = root.handlers[:], root.level, structlog.get_config()
        self._capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ISTMO_")]:
                patch.delenv(name)
            for name, value in settings.items():
                patch.setenv(name, value)
            patch.chdir(self._folder)
            patch.setattr(sys, "argv", ["istmo", *arguments])
            patch.setattr(sys, "stdin", io.StringIO(given))
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            finally:
                logging.captureWarnings(capture=False)
                root.handlers[:] = handlers
                root.setLevel(level)
                structlog.configure(**structured)
        out, err = self._capsys.readouterr()
        return Done(returncode=code, stdout=out, stderr=err)
