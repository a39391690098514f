"""Commands as people run them: results, failures in words, exit codes, and no secret on any line."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.bootstrap.command_line import ISTMO, CommandLine, Done, plain_environment

CANARY = "canary-pw"


@pytest.fixture
def migrated(complete: dict[str, str], line: CommandLine) -> dict[str, str]:
    done = line.run("migrate", settings=complete)
    assert (done.returncode, done.stderr) == (0, "")
    return complete


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def failure_of(done: Done, code: str) -> str:
    """The message of a command that failed as it should."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    first, *rest = done.stderr.splitlines()
    assert first.startswith(f"error {code}: "), done.stderr
    assert rest, "a hint says what to do"
    return done.stderr


def test_settings_that_are_complete_are_said_to_be(complete: dict[str, str], line: CommandLine) -> None:
    done = line.run("config", "check", settings=complete)
    assert (done.returncode, done.stdout, done.stderr) == (0, "settings are complete\n", "")


def test_config_check_says_all_that_is_wrong_and_names_slips_of_the_pen(
    complete: dict[str, str], line: CommandLine
) -> None:
    wrong = complete | {"ISTMO_PORT": "http", "ISTMO_LAESE_SECONDS": "90", "ISTMO_SECRETS_KEY": CANARY}
    del wrong["ISTMO_PAC_KEY"]
    done = line.run("config", "check", settings=wrong)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert {line.partition(" ")[0] for line in lines} == {
        *("ISTMO_PORT", "ISTMO_SECRETS_KEY", "ISTMO_PAC_KEY", "ISTMO_LAESE_SECONDS"),
    }
    assert CANARY not in done.stderr


def test_config_show_lists_every_variable_and_no_secret(complete: dict[str, str], line: CommandLine) -> None:
    secret = {"ISTMO_DATABASE_URL": f"postgresql://u:{CANARY}@h/d", "ISTMO_REDIS_URL": f"redis://:{CANARY}@h/0"}
    done = line.run("config", "show", settings=complete | secret)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {len(row) for row in rows} == {4}
    shown = {variable: value for variable, value, _, _ in rows}
    assert shown["ISTMO_PAC_BASE_URL"] == "https://pac.example.com"
    assert shown["ISTMO_DATABASE_URL"] == shown["ISTMO_REDIS_URL"] == shown["ISTMO_PAC_KEY"] == "(set)"
    assert [
        hidden for hidden in (CANARY, complete["ISTMO_SECRETS_KEY"], "canary-pac-key") if hidden in done.stdout
    ] == []
    assert all(meaning for _, _, _, meaning in rows)


def test_a_new_key_is_32_bytes_and_never_the_same(line: CommandLine) -> None:
    first, second = (line.run("config", "new-key", settings={}) for _ in range(2))
    assert len(base64.b64decode(first.stdout.strip(), validate=True)) == 32
    assert first.stdout != second.stdout


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "tenant list"])
def test_without_settings_every_command_says_which_are_missing(command: str, line: CommandLine) -> None:
    told = failure_of(line.run(*command.split(), settings={}), "settings")
    for variable in ("ISTMO_SECRETS_KEY", "ISTMO_PAC_BASE_URL", "ISTMO_PAC_KEY"):
        assert f"error settings: {variable} is not set" in told
    assert "istmo config show" in told


@pytest.mark.parametrize("command", ["serve", "worker", "tenant list"])
def test_on_a_database_that_was_never_migrated_it_says_to_migrate_and_makes_nothing(
    command: str, complete: dict[str, str], tmp_path: Path, line: CommandLine
) -> None:
    told = failure_of(line.run(*command.split(), settings=complete), "schema_out_of_date")
    assert "Run `istmo migrate`." in told
    assert not (tmp_path / "data").exists()


def test_migrate_makes_the_folder_and_may_be_run_again(
    migrated: dict[str, str], tmp_path: Path, line: CommandLine
) -> None:
    again = line.run("migrate", settings=migrated)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("schema 0")
    assert (tmp_path / "data" / "istmo.db").stat().st_size > 0


def test_a_database_that_cannot_be_reached_is_told_with_its_cause_and_without_its_password(
    complete: dict[str, str], line: CommandLine
) -> None:
    away = complete | {"ISTMO_DATABASE_URL": f"postgresql://istmo:{CANARY}@127.0.0.1:1/istmo"}
    told = failure_of(line.run("tenant", "list", settings=away), "store_unavailable")
    assert "cause: " in told
    assert "127.0.0.1" in told
    assert CANARY not in told


def test_serve_says_in_words_that_its_port_is_taken(
    migrated: dict[str, str], line: CommandLine, taken_port: int
) -> None:
    busy = migrated | {"ISTMO_PORT": str(taken_port)}
    told = failure_of(line.run("serve", settings=busy), "port")
    assert f"cannot listen on 127.0.0.1:{taken_port}: Address already in use" in told
    assert "ISTMO_PORT" in told


def test_serve_says_in_words_that_its_address_is_not_this_machines(migrated: dict[str, str], line: CommandLine) -> None:
    told = failure_of(line.run("serve", settings=migrated | {"ISTMO_HOST": "192.0.2.1"}), "port")
    assert "cannot listen on 192.0.2.1:8080" in told


def test_the_fake_pac_says_in_words_that_its_port_is_taken(line: CommandLine, taken_port: int) -> None:
    told = failure_of(line.run("fake-pac", "--port", str(taken_port), settings={}), "port")
    assert "--port" in told


def test_the_fake_pac_says_where_it_is_and_stops_at_sigterm(tmp_path: Path) -> None:
    with subprocess.Popen(
        [str(ISTMO), "fake-pac", "--port", "0", "--company-id", "01JDEM0F3RR3T3R1A0000000AA"],
        env=plain_environment({"PYTHONUNBUFFERED": "1"}),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("fake PAC at http://127.0.0.1:")
        assert "01JDEM0F3RR3T3R1A0000000AA" in line
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["serve", "extra"],
        ["tenant", "create"],
        ["tenant", "create", "--name", "A", "--ruc", "8-1-1", "--type", "3", "--dv", "11"],
        ["tenant", "create", "--name", "A", "--ruc", "8-1-1", "--type", "two", "--dv", "11"],
        ["apikey", "create", "T", "--name", "caja", "--role", "king"],
        ["series", "set", "T", "--billing-point", "001", "--next", "0", "--reason", "r"],
        ["series", "set", "T", "--billing-point", "001", "--next", "10000000000", "--reason", "r"],
        ["series", "set", "T", "--billing-point", "001", "--next", "5", "--type", "99", "--reason", "r"],
        ["fake-pac", "--port", "65536"],
        ["fake-pac", "--port", "http"],
        ["fake-pac", "--dgi-seconds", "-1"],
        ["fake-pac", "--webhook-url", "http://127.0.0.1/x"],
    ],
    ids=" ".join,
)
def test_misuse_exits_with_2_and_a_message(arguments: list[str], complete: dict[str, str], line: CommandLine) -> None:
    done = line.run(*arguments, settings=complete)
    assert done.returncode == 2, done
    assert done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


NOBODY = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
OFFICE = ["--address", "Calle 1", "--coordinates", "+8.9892,-79.5201", "--location", "8-8-7", "--telephone", "200-0101"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["office", "create", NOBODY, "--code", "0000", *OFFICE],
        ["office", "list", NOBODY],
        ["apikey", "create", NOBODY, "--name", "caja 1"],
        ["apikey", "list", NOBODY],
        ["tenant", "webhook-secret", NOBODY],
        ["tenant", "pac-key", NOBODY],
        ["series", "set", NOBODY, "--billing-point", "001", "--next", "5", "--reason", "r"],
        ["series", "show", NOBODY, "--billing-point", "001"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_an_unknown_tenant_is_told_and_nothing_is_done(
    arguments: list[str], migrated: dict[str, str], line: CommandLine
) -> None:
    done = line.run(*arguments, settings=migrated, given="a secret of enough letters\n")
    told = failure_of(done, "tenant_not_found")
    assert "istmo tenant list" in told


def test_a_tenant_gets_a_key_that_is_shown_once_and_can_be_revoked(migrated: dict[str, str], line: CommandLine) -> None:
    def istmo(*arguments: str, given: str = "") -> Done:
        done = line.run(*arguments, settings=migrated, given=given)
        assert done.returncode == 0, done
        return done

    tenant = istmo(
        *("tenant", "create", "--name", "Ferretería", "--ruc", "155000001-2-2020", "--type", "2", "--dv", "40")
    ).stdout.strip()
    assert tenant in istmo("tenant", "list").stdout
    secret = istmo("tenant", "webhook-secret", tenant, given="canary canary canary\n")
    assert (secret.stdout, secret.stderr) == ("stored\n", "")
    made = istmo("apikey", "create", tenant, "--name", "caja 1", "--role", "viewer")
    key = made.stdout.strip()
    assert key.startswith("istmo_")
    assert key not in made.stderr
    listed = istmo("apikey", "list", tenant).stdout
    key_id, name, role, _, revoked = listed.strip().split("\t")
    assert (name, role, revoked) == ("caja 1", "viewer", "-")
    assert key not in listed
    istmo("apikey", "revoke", tenant, key_id)
    assert not istmo("apikey", "list", tenant).stdout.strip().endswith("\t-")
    istmo("series", "set", tenant, "--billing-point", "001", "--next", "452", "--reason", "other PAC stopped at 451")
    assert "next 0000000452" in istmo("series", "show", tenant, "--billing-point", "001").stdout
    back = line.run(
        *("series", "set", tenant, "--billing-point", "001", "--next", "451", "--reason", "back"),
        settings=migrated,
    )
    failure_of(back, "series_not_forward")
    events = [json.loads(each) for each in istmo("admin", "events", "--json").stdout.splitlines()]
    assert [(each["kind"], each["outcome"]) for each in reversed(events)] == [
        (kind, outcome)
        for kind, end in (
            ("TENANT_CREATED", "DONE"),
            ("SECRET_SET", "DONE"),
            ("API_KEY_CREATED", "DONE"),
            ("API_KEY_REVOKED", "DONE"),
            ("SERIES_SET", "DONE"),
            ("SERIES_SET", "REFUSED"),
        )
        for outcome in ("ASKED", end)
    ]
    assert {each["actor"].partition(":")[0] for each in events} == {"operator"}
    assert events[0]["facts"] == {"code": "series_not_forward"}
    assert "canary" not in str(events)
    assert key not in str(events)
    shown = istmo("admin", "events", "--kind", "SECRET_SET", "--limit", "1")
    assert shown.stdout.split("\t")[3:5] == ["SECRET_SET", "DONE"]
    assert "there are more: --before" in shown.stderr


def test_commands_start_without_what_they_do_not_need(tmp_path: Path) -> None:
    program = "import sys, bootstrap.cli as c; c.build_cli(); print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=os.environ, check=True)
    heavy = {
        "sqlalchemy",
        "litestar",
        "dishka",
        "graphql",
        "arq",
        "redis",
        "httpx",
        "reportlab",
        "pydantic",
        "structlog",
    }
    assert heavy & set(done.stdout.split()) == set()


def test_the_wiring_of_a_command_leaves_the_web_the_doorbell_and_the_fake_alone() -> None:
    program = "import sys, bootstrap.container, bootstrap.schema_check; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"litestar", "arq", "redis", "uvicorn", "reportlab", "ariadne"} & loaded == set()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["config", "new-key"], 0), (["config", "check"], 1), (["bogus"], 2), ([], 0)]
)
def test_the_installed_command_ends_with_the_same_codes(arguments: list[str], code: int, tmp_path: Path) -> None:
    environment = plain_environment({})
    done = subprocess.run([str(ISTMO), *arguments], env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == code
