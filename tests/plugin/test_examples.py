"""The examples in other languages run against a real ``istmo fake-pac``."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugin.fake_pac_process import RunningFake, running_fake
from tests.plugin.strangers import ISTMO, PATIENCE_SECONDS, ROOT

EXAMPLES = ROOT / "examples" / "fake-pac"
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFake]:
    with running_fake(tmp_path_factory.mktemp("fake")) as running:
        yield running


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@needs_curl
def test_the_curl_example_goes_all_the_way(fake: RunningFake, tmp_path: Path) -> None:
    script = str(EXAMPLES / "curl.sh")
    done = run(["sh", script], tmp_path, FAKE=fake.base_url, TOKEN=fake.token, http_proxy="http://127.0.0.1:1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line[:4] for line in done.stdout.splitlines()] == ["ok  "] * 8
    assert done.stderr == ""


@needs_curl
def test_the_curl_example_fails_when_it_should(fake: RunningFake, tmp_path: Path) -> None:
    done = run(["sh", str(EXAMPLES / "curl.sh")], tmp_path, FAKE=fake.base_url, TOKEN="wrong")
    assert done.returncode == 1
    assert "FAIL" in done.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
def test_the_node_example_passes(tmp_path: Path) -> None:
    done = run(["node", "--test", str(EXAMPLES / "node" / "invoices.test.mjs")], tmp_path, ISTMO_COMMAND=str(ISTMO))
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass 3$|pass 3", done.stdout, re.MULTILINE), done.stdout
