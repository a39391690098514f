"""``istmo doctor`` as a process: what it prints and how it exits."""

import base64
import json
import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.invariants.faults import Fault
from tests.integration.busy_installation import KEY, Installation, busy_installation, copy_of
from tests.integration.damages import lose_pdf


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with busy_installation(request.param, tmp_path_factory.mktemp("busy")) as made:
        yield made


@pytest.fixture
def installation(busy: Installation, tmp_path: Path) -> Iterator[Installation]:
    with copy_of(busy, tmp_path) as copied:
        yield copied


async def istmo_doctor(installation: Installation, *options: str, **more: str) -> tuple[int, str, str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")},
        "ISTMO_DATABASE_URL": installation.database_url,
        "ISTMO_FILE_STORE_URL": str(installation.files),
        "ISTMO_HIGH_WATER_URL": str(installation.marks),
        "ISTMO_SECRETS_KEY": base64.b64encode(KEY).decode(),
        "ISTMO_PAC_BASE_URL": "https://pac.invalid",
        "ISTMO_PAC_KEY": "never-used-here",
        **more,
    }
    process = await create_subprocess_exec(
        *(sys.executable, "-c", "from bootstrap.cli import main; main()", "doctor", *options),
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_exits_with_0_when_healthy_and_1_with_findings(installation: Installation) -> None:
    code, out, err = await istmo_doctor(installation, "--stopped")
    assert (code, err) == (0, ""), out
    assert out.endswith("healthy\n")
    installation.run("UPDATE document_events SET actor = 'somebody' WHERE document_id = :settled AND sequence = 2")
    code, out, _ = await istmo_doctor(installation, "--stopped")
    assert code == 1
    assert f"document {installation.names['settled']}" in out
    assert Fault.CHAIN_BROKEN.advice in out


async def test_the_command_speaks_json(installation: Installation) -> None:
    lose_pdf(installation)
    code, out, _ = await istmo_doctor(installation, "--json", "--stopped", "--tenant", installation.names["tenant"])
    told = json.loads(out)
    assert (code, told["healthy"]) == (1, False)
    assert [fault["code"] for fault in told["faults"]] == ["file_missing"]
    assert told["findings"][0]["tenant"] == installation.names["tenant"]


async def test_the_command_exits_with_2_when_it_cannot_look(installation: Installation) -> None:
    nowhere = {"ISTMO_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/nothing"}
    code, out, err = await istmo_doctor(installation, **nowhere)
    assert (code, out) == (2, "")
    assert err.startswith("error ")
    code, _, err = await istmo_doctor(installation, ISTMO_SECRETS_KEY="short")
    assert code == 2
    assert "ISTMO_SECRETS_KEY" in err
