"""The demo runs on what it brings, and never beside a real PAC or over anything that is there."""

import os
from pathlib import Path

import pytest

from bootstrap.demo.environment import demo_folder, demo_settings, refuse_beside_a_real_pac
from bootstrap.failures import DemoRefusedError
from tests.architecture.source_tree import SHIPPED, sources
from tests.unit.bootstrap.command_line import CommandLine

ITS_OWN = "bootstrap.demo"
PAC = "http://127.0.0.1:9"


@pytest.fixture
def command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)


@pytest.mark.parametrize(
    "address",
    [
        *("https://api.alanube.co", "https://sandbox.alanube.co/", "http://10.0.0.5:8090", "http://pac.internal"),
        *("api.alanube.co", "https://127.0.0.1.example.com", "https://localhost.example.com", "nonsense"),
    ],
)
def test_it_refuses_where_a_pac_is_named(address: str, command_line: CommandLine) -> None:
    with pytest.raises(DemoRefusedError):
        refuse_beside_a_real_pac({"ISTMO_PAC_BASE_URL": address})
    done = command_line.run("serve", "--demo", "--port", "0", settings={"ISTMO_PAC_BASE_URL": address})
    assert done.returncode == 1
    assert "demo_refused" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("address", ["", " ", "http://127.0.0.1:8090", "http://localhost:8090", "http://[::1]:8090"])
def test_a_fake_pac_of_this_machine_is_no_reason(address: str) -> None:
    refuse_beside_a_real_pac({"ISTMO_PAC_BASE_URL": address})
    refuse_beside_a_real_pac({})


def test_it_reads_nothing_of_the_environment_and_leaves_it_as_it_was(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("ISTMO_DATABASE_URL", "postgresql://istmo@db.example/production")
    environment.setenv("ISTMO_REDIS_URL", "redis://redis.example/0")
    environment.setenv("ISTMO_HOST", "0.0.0.0")  # noqa: S104 - what must not be taken over
    before = dict(os.environ)
    settings = demo_settings(tmp_path, port=1234, pac_url=PAC)
    assert settings.store.database_url.get_secret_value() == f"sqlite:///{tmp_path / 'istmo.db'}"
    assert settings.work.redis_url is None
    assert (settings.web.host, settings.web.port, settings.pac.base_url) == ("127.0.0.1", 1234, PAC)
    assert settings.web.explorer
    assert dict(os.environ) == before


def test_each_demo_has_a_key_of_its_own(tmp_path: Path) -> None:
    one, other = (demo_settings(tmp_path, port=1, pac_url=PAC).store.secrets_key for _ in range(2))
    assert one.get_secret_value() != other.get_secret_value()


def test_a_temporary_folder_goes_and_a_named_one_stays(tmp_path: Path) -> None:
    with demo_folder(None) as made:
        assert made.path.is_dir()
        assert not made.is_kept
    assert not made.path.exists()
    with demo_folder(tmp_path / "new" / "folder") as named:
        assert named.is_kept
    assert named.path.is_dir()


@pytest.mark.parametrize("what", ["a file in it", "is a file"])
def test_it_writes_over_nothing(what: str, tmp_path: Path, command_line: CommandLine) -> None:
    folder = tmp_path / "used"
    if what == "is a file":
        folder.write_text("mine")
    else:
        folder.mkdir()
        (folder / "istmo.db").write_text("mine")
    done = command_line.run("serve", "--demo", "--port", "0", "--folder", str(folder), settings={})
    assert done.returncode == 1
    assert "is not an empty folder" in done.stderr


@pytest.mark.parametrize("option", [("--folder", "x"), ("--port", "0")])
def test_its_options_mean_nothing_without_it(option: tuple[str, str], command_line: CommandLine) -> None:
    done = command_line.run("serve", *option, settings={})
    assert (done.returncode, done.stdout) == (2, "")
    assert "belong to --demo" in done.stderr


def test_nothing_starts_it_but_its_command() -> None:
    users = {
        source.module
        for source in sources(*SHIPPED)
        if not source.is_in(ITS_OWN) and any(name.startswith(ITS_OWN) for name, _ in source.imported)
    }
    assert users == {"bootstrap.commands.processes"}
