"""One machine's disks: what is lost with each, and `istmo` run on them."""

import asyncio
import base64
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from adapters.persistence.stores import open_stores
from core.identifiers import TenantId
from tests.world import World

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine's disk: the database on one, the marks on another, backups on a third."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "data" / "istmo.db"

    @property
    def files(self) -> Path:
        return self.folder / "data" / "files"

    @property
    def marks(self) -> Path:
        return self.folder / "other-disk" / "marks"

    async def istmo(self, *command: str) -> Said:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")},
            "ISTMO_DATABASE_URL": f"sqlite:///{self.database}",
            "ISTMO_FILE_STORE_URL": str(self.files),
            "ISTMO_HIGH_WATER_URL": str(self.marks),
            "ISTMO_SECRETS_KEY": base64.b64encode(KEY).decode(),
            "ISTMO_PAC_BASE_URL": "https://pac.invalid",
            "ISTMO_PAC_KEY": "never-used-here",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from bootstrap.cli import main; main()",
            *command,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())

    @asynccontextmanager
    async def world(self, before: World | None = None) -> AsyncIterator[World]:
        """The service on this disk; ``before`` gives the PAC and the clock that go on without it."""
        stores = await open_stores(
            f"sqlite:///{self.database}", secrets_key=KEY, files_folder=self.files, marks_folder=self.marks
        )
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
