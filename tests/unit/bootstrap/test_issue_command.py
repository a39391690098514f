"""`istmo issue` as a person runs it: every line has its result, a repeat repeats nothing."""

import json
from pathlib import Path

from tests.unit.bootstrap.command_line import CommandLine, Done

CSV = "idempotency_key,description,quantity,unit_price\na,Martillo,1,12.50\nb,Taladro,-1,40\n"


def test_a_file_is_checked_without_issuing_anything(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(CSV + "c,Clavo,uno,1\n", encoding="utf-8")
    done = line.run("issue", "--check", "sales.csv", "--tenant", "T", settings={})
    assert (done.returncode, done.stdout) == (1, "2 bad, 1 readable\n")
    assert [row.split(": ")[0] for row in done.stderr.splitlines()] == [
        "3\tb\tbad\tlines.0.quantity",
        "4\tc\tbad\tlines.0.quantity",
    ]


def test_drafts_are_kept_once_however_often_the_file_is_run(
    complete: dict[str, str], line: CommandLine, tenant: str, tmp_path: Path
) -> None:
    (tmp_path / "sales.csv").write_text(CSV, encoding="utf-8")

    def run() -> Done:
        return line.run(
            *("issue", "sales.csv", "--tenant", tenant, "--mode", "proform", "--results", "out.jsonl"),
            settings=complete,
        )

    first, second = run(), run()
    assert first.returncode == second.returncode == 1
    results = [json.loads(entry) for entry in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [result["idempotencyKey"] for result in results].count("a") == 2
    bad = [result for result in results if result["state"] == "bad"]
    assert {result["idempotencyKey"] for result in bad} >= {"b"}


def test_what_cannot_be_read_is_misuse(complete: dict[str, str], line: CommandLine, tenant: str) -> None:
    assert line.run("issue", "nowhere.csv", "--tenant", tenant, settings=complete).returncode == 2
    assert line.run("issue", "--tenant", tenant, settings=complete).returncode == 2
