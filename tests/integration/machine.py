"""One machine's disks: what is lost with each, and `istmo` run on them."""

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from adapters.persistence.stores import open_stores
from core.identifiers import TenantId
from tests.services import PostgresRoles
from tests.unit.bootstrap.command_line import ISTMO, CommandLine, Done, plain_environment
from tests.world import World

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine's disk: the database on one, the marks on another, backups on a third."""

    folder: Path
    line: CommandLine
    server: PostgresRoles | None = None  # the database of a server, in the place of the file

    @property
    def database(self) -> Path:
        return self.folder / "data" / "istmo.db"

    @property
    def files(self) -> Path:
        return self.folder / "data" / "files"

    @property
    def marks(self) -> Path:
        return self.folder / "other-disk" / "marks"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}" if self.server is None else self.server.application_url

    @property
    def _settings(self) -> dict[str, str]:
        owners = {} if self.server is None else {"ISTMO_OWNER_DATABASE_URL": self.server.owner_url}
        return owners | {
            "ISTMO_DATABASE_URL": self.url,
            "ISTMO_FILE_STORE_URL": str(self.files),
            "ISTMO_HIGH_WATER_URL": str(self.marks),
            "ISTMO_SECRETS_KEY": base64.b64encode(KEY).decode(),
            "ISTMO_PAC_BASE_URL": "https://pac.invalid",
            "ISTMO_PAC_KEY": "never-used-here",
        }

    async def istmo(self, *command: str) -> Done:
        """One command in this process, beside the event loop of the test."""
        return await asyncio.to_thread(self.line.run, *command, settings=self._settings)

    async def istmo_process(self, *command: str) -> Done:
        """One command as a process of its own, where that is what a test is about."""
        process = await asyncio.create_subprocess_exec(
            str(ISTMO),
            *command,
            env=plain_environment(self._settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Done(returncode=process.returncode or 0, stdout=out.decode(), stderr=err.decode())

    @asynccontextmanager
    async def world(self, before: World | None = None) -> AsyncIterator[World]:
        """The service on this disk; ``before`` gives the PAC and the clock that go on without it."""
        stores = await open_stores(self.url, secrets_key=KEY, files_folder=self.files, marks_folder=self.marks)
        try:
            if before is None:
                yield World(stores=stores)
            else:
                yield World(stores=stores, clock=before.clock, gateway=InMemoryPacGateway(before.engine))
        finally:
            await stores.close()

    def lose(self) -> None:
        """The disk of the database and the files."""
        shutil.rmtree(self.database.parent)

    def missing(self, tenant_id: TenantId, digest: str) -> Path:
        """Where the file store has a file."""
        return self.files / tenant_id / digest[:2] / digest
