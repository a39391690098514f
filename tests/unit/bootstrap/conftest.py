"""An environment that makes a working installation."""

import os
from base64 import b64encode
from pathlib import Path

import pytest

from tests.unit.bootstrap.command_line import CommandLine


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    """The variables without a default, and everything below the test's folder."""
    return {
        "ISTMO_SECRETS_KEY": b64encode(bytes(range(32))).decode(),
        "ISTMO_PAC_BASE_URL": "https://pac.example.com",
        "ISTMO_PAC_KEY": "canary-pac-key",
        "ISTMO_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'istmo.db'}",
        "ISTMO_FILE_STORE_URL": str(tmp_path / "files"),
        "ISTMO_HIGH_WATER_URL": str(tmp_path / "marks"),
    }


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, complete: dict[str, str]) -> pytest.MonkeyPatch:
    """This process with the complete environment; a test changes what it is about."""
    for name in [name for name in os.environ if name.startswith("ISTMO_")]:
        monkeypatch.delenv(name)
    for name, value in complete.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Commands of this process, in the test's folder."""
    return CommandLine(tmp_path, capsys)


@pytest.fixture
def tenant(complete: dict[str, str], line: CommandLine) -> str:
    """The id of a taxpayer in a migrated installation."""
    assert line.run("migrate", settings=complete).returncode == 0
    made = line.run(
        *("tenant", "create", "--name", "Ferretería", "--ruc", "155000001-2-2020", "--type", "2", "--dv", "40"),
        settings=complete,
    )
    return made.stdout.strip()
