"""`istmo archive` and `istmo evidence` as an accountant runs them."""

import zipfile
from pathlib import Path

import pytest

from tests.unit.bootstrap.command_line import CommandLine


@pytest.fixture
def tenant(complete: dict[str, str], line: CommandLine) -> str:
    assert line.run("migrate", settings=complete).returncode == 0
    made = line.run(
        *("tenant", "create", "--name", "Ferretería", "--ruc", "155000001-2-2020", "--type", "2", "--dv", "40"),
        settings=complete,
    )
    assert made.returncode == 0, made
    return made.stdout.strip()


def test_an_empty_month_is_an_archive_with_an_empty_index(
    complete: dict[str, str], line: CommandLine, tenant: str, tmp_path: Path
) -> None:
    done = line.run("archive", "--tenant", tenant, "--month", "2026-03", "--to", "march.zip", settings=complete)
    assert (done.returncode, done.stdout) == (0, "march.zip: 2 files\n")
    with zipfile.ZipFile(tmp_path / "march.zip") as archive:
        assert sorted(archive.namelist()) == ["authorizations.csv", "index.csv"]
    again = line.run("archive", "--tenant", tenant, "--month", "2026-03", "--to", "march.zip", settings=complete)
    assert again.returncode == 1
    assert again.stderr.startswith("error bundle_exists: march.zip is there already.")


def test_a_month_that_is_none_and_a_tenant_that_is_none_are_said(
    complete: dict[str, str], line: CommandLine, tenant: str, tmp_path: Path
) -> None:
    wrong_month = line.run("archive", "--tenant", tenant, "--month", "2026-3", settings=complete)
    assert "2026-03" in wrong_month.stderr
    nobody = line.run("archive", "--tenant", "01NOBODY", "--month", "2026-03", settings=complete)
    assert nobody.stderr.startswith("error tenant_not_found")
    assert list(tmp_path.glob("*.zip")) == []


def test_evidence_of_a_document_that_is_not_there_is_said(
    complete: dict[str, str], line: CommandLine, tenant: str
) -> None:
    done = line.run("evidence", "01NOTHING", "--tenant", tenant, settings=complete)
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "error document_not_found")


def test_what_is_no_bundle_does_not_verify(complete: dict[str, str], line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no zip")
    done = line.run("evidence", "verify", "no.zip", settings={})
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "error bundle_unreadable")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    other = line.run("evidence", "verify", "other.zip", settings={})
    assert other.returncode == 1
    assert "WRONG  the manifest" in other.stderr
