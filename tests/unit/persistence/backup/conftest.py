"""The installation, and where its backup goes."""

from pathlib import Path

import pytest

from tests.unit.persistence.backup.small_site import Site


@pytest.fixture
async def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    await site.set_up()
    return site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"
