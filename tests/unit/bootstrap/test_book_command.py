"""`istmo book` as an accountant runs it: the exit code says whether the month is final, the words say why not."""

from pathlib import Path

from tests.unit.bootstrap.command_line import CommandLine


def test_a_month_that_has_not_ended_says_so_and_when_it_ends(
    complete: dict[str, str], line: CommandLine, tenant: str
) -> None:
    done = line.run("book", "--tenant", tenant, "--month", "2199-03", settings=complete)
    assert done.returncode == 3
    assert "NOT final (MONTH_RUNNING): The month has not ended in Panama" in done.stderr
    assert "2199-04-01T00:00:00-05:00" in done.stderr


def test_a_month_that_is_over_and_empty_is_final(
    complete: dict[str, str], line: CommandLine, tenant: str, tmp_path: Path
) -> None:
    done = line.run("book", "--tenant", tenant, "--month", "2020-03", "--csv", "march.csv", settings=complete)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("sales book 2020-03: 0 documents, 0 void, 0 open")
    assert "may_change" in (tmp_path / "march.csv").read_text(encoding="utf-8")
