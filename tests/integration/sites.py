"""An installation that is saved and brought back with the real tools of its database."""

import asyncio
from pathlib import Path
from typing import Protocol

from tests.integration.machine import Machine
from tests.unit.bootstrap.command_line import Done


class Site(Protocol):
    """What is saved, and brought back later."""

    machine: Machine

    async def save(self) -> None:
        """As the installation is now."""

    async def bring_back(self, *, without: tuple[str, ...] = ()) -> Done:
        """Everything but marks and departures as it was saved, and recovered. ``without``: folders beside the marks
        that were lost as well."""


class SqliteSite(Site):
    """`istmo backup` and `istmo restore`."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._saved = machine.folder / "backups" / "monday"

    async def save(self) -> None:
        """See Site."""
        said = await self.machine.istmo("backup", str(self._saved))
        assert said.returncode == 0, said.stderr

    async def bring_back(self, *, without: tuple[str, ...] = ()) -> Done:
        """See Site."""
        self.machine.lose()
        _lose(self.machine, without)
        return await self.machine.istmo("restore", str(self._saved))


class PostgresSite(Site):
    """pg_dump, psql and `istmo recover`."""

    def __init__(self, machine: Machine) -> None:
        assert machine.server is not None
        self.machine = machine
        self._url = machine.server.superuser_url
        self._saved = machine.folder / "monday.sql"

    async def save(self) -> None:
        """See Site."""
        await _run("pg_dump", "--clean", "--if-exists", "-f", str(self._saved), self._url)

    async def bring_back(self, *, without: tuple[str, ...] = ()) -> Done:
        """See Site."""
        _lose(self.machine, without)
        await _run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(self._saved), self._url)
        return await self.machine.istmo("recover")


def _lose(machine: Machine, names: tuple[str, ...]) -> None:
    for name in names:
        for path in sorted(Path(machine.marks / name).glob("*")):
            path.unlink()


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0, command
