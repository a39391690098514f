"""Making and using a stranger's virtual environment: pytest and the plugin, nothing of Istmo."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "plugins" / "pytest-istmo"
ISTMO = Path(sysconfig.get_path("scripts")) / "istmo"
PYTEST_AND_WHAT_IT_NEEDS = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
PATIENCE_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class StrangersPython:
    """The interpreter of the environment."""

    python: Path

    def run(
        self, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in a project, with nothing of this run's settings but what is given."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "ISTMO"))}
        return subprocess.run(
            [self.python, *arguments],
            cwd=folder,
            env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )


def finished(process: subprocess.CompletedProcess[str]) -> None:
    """The process must have succeeded."""
    assert process.returncode == 0, process.stdout + process.stderr


def here(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run this environment's own Python."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def link_pytest(made: StrangersPython, folder: Path) -> None:
    """Lend the environment the pytest of this one, with what it needs."""
    told = made.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder)
    finished(told)
    ours, theirs = Path(sysconfig.get_path("purelib")), Path(told.stdout.strip())
    for name in PYTEST_AND_WHAT_IT_NEEDS:
        files = distribution(name).files or ()
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            (theirs / top).symlink_to(ours / top)
