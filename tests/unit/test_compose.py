"""compose.yaml fits the program: variables and commands exist, its parts refer to each other, no secret is in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.cli import build_cli
from bootstrap.settings import CONCERNS, variable_of

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KNOWN = {"build", "image", "restart", "environment", "volumes", "depends_on", "command", "entrypoint", "healthcheck"}
KNOWN |= {"ports", "profiles", "stop_grace_period"}
CONDITIONS = {"service_healthy", "service_completed_successfully", "service_started"}
OURS = [name for name, service in SERVICES.items() if service["image"] == "istmo:local"]


def test_it_runs_two_of_each_process_behind_three_stores() -> None:
    commands = [service["command"] for service in (SERVICES[name] for name in OURS)]
    assert commands.count(["serve"]) == commands.count(["worker"]) == 2
    assert {"postgres", "redis", "objects"} <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_only_what_compose_knows(name: str) -> None:
    assert set(SERVICES[name]) <= KNOWN
    depends = SERVICES[name].get("depends_on", [])
    assert set(depends) <= set(SERVICES)
    if isinstance(depends, dict):
        for other, how in depends.items():
            assert how["condition"] in CONDITIONS
            assert ("healthcheck" in SERVICES[other]) or how["condition"] != "service_healthy"
    for volume in SERVICES[name].get("volumes", []):
        assert volume.split(":")[0] in COMPOSE["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_our_variables_and_commands_exist(name: str) -> None:
    known = {variable_of(concern, field) for concern in CONCERNS.values() for field in concern.model_fields}
    assert set(SERVICES[name].get("environment", {})) <= known
    assert SERVICES[name]["command"][0] in set(build_cli())


def test_only_the_fake_needs_to_be_asked_for() -> None:
    assert {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service} == {
        "fake-pac": ["fake-pac"]
    }


def test_every_secret_must_be_given() -> None:
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "KEY")) or "@" in value:
                assert ":?" in value, name


def test_web_processes_and_workers_share_one_folder_of_marks() -> None:
    for name in (name for name in OURS if SERVICES[name]["command"] in (["serve"], ["worker"])):
        assert SERVICES[name]["volumes"] == ["marks:" + SERVICES[name]["environment"]["ISTMO_HIGH_WATER_URL"]]


def test_the_image_installs_the_pinned_versions_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "-c constraints.txt ." in lines
    assert "USER istmo" in lines
    kept_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        part
        for line in lines.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for part in line.split()[1:-1]
    ]
    assert kept_out[0] == "*"
    assert {f"!{part}" for part in copied} <= set(kept_out)
