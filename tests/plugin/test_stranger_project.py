"""The plugin in a stranger's project, which has a ``core`` and ``adapters`` of its own and nothing of Istmo."""

import re
import shutil
from pathlib import Path

import pytest

from tests.plugin.strangers import ISTMO, PLUGIN, ROOT, StrangersPython, finished

NAMED = {"PYTEST_ISTMO_COMMAND": str(ISTMO)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the example, somewhere else."""
    return Path(shutil.copytree(PLUGIN / "example", tmp_path / "shop"))


def configure(project: Path, *lines: str) -> None:
    with (project / "pytest.ini").open("a", encoding="utf-8") as settings:
        settings.writelines(f"{line}\n" for line in lines)


def test_five_lines_are_enough(stranger: StrangersPython, project: Path) -> None:
    text = (project / "tests" / "test_first_invoice.py").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) == 5
    run = stranger.run("-m", "pytest", "-q", "tests/test_first_invoice.py", folder=project, environment=NAMED)
    finished(run)
    assert re.search(r"^1 passed", run.stdout, re.MULTILINE), run.stdout


def test_clock_faults_settings_and_reset_work_from_outside(stranger: StrangersPython, project: Path) -> None:
    run = stranger.run("-m", "pytest", "-q", "tests/test_bad_days.py", folder=project, environment=NAMED)
    finished(run)
    assert re.search(r"^7 passed", run.stdout, re.MULTILINE), run.stdout


def test_every_fixture_and_call_works_from_outside(stranger: StrangersPython, tmp_path: Path) -> None:
    tests = shutil.copytree(PLUGIN / "tests", tmp_path / "tests")
    run = stranger.run("-m", "pytest", "-q", "-W", "error", str(tests), folder=tmp_path, environment=NAMED)
    finished(run)
    assert re.search(r"^10 passed", run.stdout, re.MULTILINE), run.stdout


def test_nothing_of_istmo_is_in_the_environment_and_core_is_the_strangers(
    stranger: StrangersPython, project: Path
) -> None:
    absent = "import importlib.util as u; print([n for n in ('bootstrap', 'litestar', 'httpx') if u.find_spec(n)])"
    assert stranger.run("-c", absent, folder=project).stdout.strip() == "[]"
    whose = "import core, adapters, pytest_istmo; print(core.OWNER, core.__file__, adapters.__file__)"
    told = stranger.run("-c", whose, folder=project)
    finished(told)
    assert told.stdout.startswith("a stranger ")
    assert told.stdout.count(str(project)) == 2
    assert str(ROOT) not in told.stdout


def test_a_pythonpath_of_the_project_does_not_reach_istmo(stranger: StrangersPython, project: Path) -> None:
    environment = {**NAMED, "PYTHONPATH": str(project)}
    run = stranger.run("-m", "pytest", "-q", "tests/test_first_invoice.py", folder=project, environment=environment)
    finished(run)


def test_istmo_is_found_on_the_path(stranger: StrangersPython, project: Path) -> None:
    environment = {"PATH": f"{ISTMO.parent}:/usr/bin:/bin"}
    run = stranger.run("-m", "pytest", "-q", "tests/test_first_invoice.py", folder=project, environment=environment)
    finished(run)


def test_istmo_can_be_named_in_pytests_configuration(stranger: StrangersPython, project: Path) -> None:
    configure(project, f"istmo_command = {ISTMO}", "istmo_fake_pac_args = --seed 7 --dgi-seconds 0")
    (project / "tests" / "test_settings.py").write_text(
        "from pytest_istmo import an_invoice\n\n\n"
        "def test_the_dgi_is_quick(fake_pac):\n"
        "    made = fake_pac.call('POST', '/invoices', an_invoice()).json()['document']['id']\n"
        "    shown = fake_pac.call('GET', f'/invoices/{made}', documents='pdf').json()['document']\n"
        "    assert shown['legalStatus'] == 'DGI_AUTHORIZED'\n"
    )
    run = stranger.run("-m", "pytest", "-q", "tests/test_settings.py", folder=project, environment={"PATH": "/usr/bin"})
    finished(run)


def test_without_istmo_the_error_says_what_to_do(stranger: StrangersPython, project: Path) -> None:
    run = stranger.run("-m", "pytest", "-q", "tests", folder=project, environment={"PATH": "/usr/bin:/bin"})
    assert run.returncode == 1
    assert "'istmo' was not found" in run.stdout
    assert "PYTEST_ISTMO_COMMAND" in run.stdout
    assert "istmo_command = /opt/istmo/bin/istmo" in run.stdout
    assert "Traceback" not in run.stdout
    assert re.search(r"1 passed, 7 errors", run.stdout), run.stdout


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/istmo", "which PYTEST_ISTMO_COMMAND or istmo_command names, was not found"),
        ("/bin/sh -c 'echo no licence today; exit 3'", "it ended with exit code 3"),
        ("/bin/sh -c 'echo no licence today; exit 3'", "no licence today"),
    ],
)
def test_a_command_that_does_not_work_is_told_with_its_own_words(
    stranger: StrangersPython, project: Path, command: str, words: str
) -> None:
    environment = {"PYTEST_ISTMO_COMMAND": command}
    run = stranger.run("-m", "pytest", "-q", "tests/test_first_invoice.py", folder=project, environment=environment)
    assert run.returncode == 1
    assert words in run.stdout, run.stdout


def test_a_fake_that_never_listens_is_given_up_and_ended(stranger: StrangersPython, project: Path) -> None:
    configure(project, "istmo_start_seconds = 0.2")
    environment = {"PYTEST_ISTMO_COMMAND": "/bin/sh -c 'exec sleep 600'"}
    run = stranger.run("-m", "pytest", "-q", "tests/test_first_invoice.py", folder=project, environment=environment)
    assert run.returncode == 1
    assert "did not say where it listens in time" in run.stdout
