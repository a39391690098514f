"""`istmo` run as people run it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ISTMO = Path(sys.executable).parent / "istmo"
SECONDS_MAX = 60


def plain_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these ISTMO_ variables and no other."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")} | dict(settings)


def run_istmo(
    *arguments: str, settings: Mapping[str, str], folder: Path, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """One command in its own folder, with ``given`` on standard input."""
    environment = plain_environment(settings)
    return subprocess.run(
        [str(ISTMO), *arguments],
        env=environment,
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
