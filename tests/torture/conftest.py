"""A small disk that can be filled."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of its own below ``folder``."""

    folder: Path

    def fill(self) -> None:
        """Take every byte that is left."""
        descriptor = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            for size in (1 << 20, 1 << 12, 1):
                self._fill_by(descriptor, size)
        finally:
            os.close(descriptor)

    def make_room(self) -> None:
        """Give it all back."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    @staticmethod
    def _fill_by(descriptor: int, size: int) -> None:
        while True:
            try:
                if os.write(descriptor, b"\0" * size) < size:
                    return
            except OSError:
                return


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """24 MiB. Skipped where this user may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
