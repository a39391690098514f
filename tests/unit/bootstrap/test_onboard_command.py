"""`istmo onboard` as a person runs it, on the file that the guide shows, against the fake PAC over HTTP."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.http_server import running_fake_pac
from tests.docs.marked_places import DOCS
from tests.unit.bootstrap.command_line import CommandLine, Done
from tests.unit.onboarding.certificates import PASSWORD, RUC, a_p12

TOKEN = "token-of-the-installation"
NOW = datetime.now(UTC)


def a_current_p12(**changes: Any) -> bytes:
    return a_p12(**({"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=20)} | changes))


def the_guides_file() -> dict[str, Any]:
    page = (DOCS / "onboarding.md").read_text(encoding="utf-8")
    block = re.search(r"```json onboarding\n(.*?)```", page, re.DOTALL)
    assert block is not None
    found: dict[str, Any] = json.loads(block[1])
    return found


class FakePac:
    """The fake PAC in a thread of its own."""

    def __init__(self) -> None:
        self.engine = FakePacEngine(clock=lambda: datetime.now(UTC), seed=7)
        self.engine.register_token(TOKEN)
        self.engine.behave(affiliation_accepted_after=timedelta(days=1))
        self.base_url = ""
        self._listening = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._live)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listening.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(60)

    def _live(self) -> None:
        async def serve() -> None:
            async with running_fake_pac(self.engine) as running:
                self.base_url = running
                self._listening.set()
                await self._ended.wait()

        self._loop.run_until_complete(serve())
        self._loop.close()


@pytest.fixture
def pac() -> Iterator[FakePac]:
    with FakePac() as running:
        yield running


@pytest.fixture
def installation(complete: dict[str, str], pac: FakePac, line: CommandLine, tmp_path: Path) -> dict[str, str]:
    settings = complete | {
        "ISTMO_PAC_BASE_URL": pac.base_url,
        "ISTMO_PAC_KEY": TOKEN,
        "ISTMO_PAC_PLAIN_HTTP_HOSTS": "127.0.0.1",
        "AUTHENTICATION_PASSWORD": PASSWORD,
    }
    assert line.run("migrate", settings=settings).returncode == 0
    (tmp_path / "taxpayer.json").write_text(json.dumps(the_guides_file()), encoding="utf-8")
    (tmp_path / "signature.p12").write_bytes(a_current_p12())
    (tmp_path / "authentication.p12").write_bytes(a_current_p12())
    (tmp_path / "signature.password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    return settings


def test_the_guides_file_brings_a_taxpayer_to_its_first_document(
    installation: dict[str, str], pac: FakePac, line: CommandLine
) -> None:
    def run(*arguments: str, given: str = "") -> Done:
        done = line.run(*arguments, settings=installation, given=given)
        assert PASSWORD not in done.stdout + done.stderr
        return done

    first = run("onboard", "taxpayer.json")
    assert first.returncode == 3, first.stderr
    tenant = first.stdout.strip()
    assert "accepts the affiliation in eTax" in first.stderr
    listed = run("onboard", "status")
    assert [tenant, RUC, "Ferretería Uno, S.A."] == listed.stdout.strip().split("\t")[:3]
    assert "certificate ends within 30 days" in listed.stdout
    pac.engine.companies[0].affiliated = "SUBSCRIBED"
    done = run("onboard", "continue", tenant)
    assert (done.returncode, done.stdout.strip()) == (0, tenant), done.stderr
    again = run("onboard", "taxpayer.json")
    assert (again.returncode, again.stdout.strip()) == (0, tenant)
    assert len(pac.engine.companies) == 1
    told = run("onboard", "status", tenant).stdout
    assert told.count("[x]") == 6, told
    assert "nothing: it may issue" in told
    assert run("office", "list", tenant).stdout.split("\t")[1] == "0000"
    before = dict(pac.engine.companies[0].certificates)
    replaced = run("onboard", "certificate", tenant, "--signature", "signature.p12", given=f"{PASSWORD}\n")
    assert replaced.returncode == 0, replaced.stderr
    assert set(before) == set(pac.engine.companies[0].certificates)
    wrong = run("onboard", "certificate", tenant, "--signature", "signature.p12", given="wrong\n")
    assert (wrong.returncode, "certificate_password_wrong" in wrong.stderr) == (1, True)


def test_the_doctor_says_that_a_certificate_ends(installation: dict[str, str], line: CommandLine) -> None:
    assert line.run("onboard", "taxpayer.json", settings=installation).returncode == 3
    told = line.run("doctor", settings=installation).stdout
    assert told.count("certificate: ends on") == 2, told
    assert told.splitlines()[-1] == "healthy"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rucType": 3}, "rucType: one of 1, 2"),
        ({"rucType": True}, "rucType: one of"),
        ({"dv": 40}, "dv: a text is needed"),
        ({"colour": "red"}, "colour: is not known"),
        ({"office": "here"}, "office: an object is needed"),
        ({"environment": "LIVE"}, "environment: one of TEST, PRODUCTION"),
        ({"certificates": {"signature": {"file": "gone.p12"}}}, "cannot read"),
        ({"certificates": {"signature": {"file": "signature.p12", "passwordVariable": "UNSET"}}}, "UNSET is not set"),
    ],
)
def test_a_file_that_is_not_understood_is_misuse(
    complete: dict[str, str], line: CommandLine, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    (tmp_path / "signature.p12").write_bytes(b"x")
    (tmp_path / "taxpayer.json").write_text(json.dumps(the_guides_file() | change), encoding="utf-8")
    (tmp_path / "signature.password").write_text("x", encoding="utf-8")
    settings = complete | {"AUTHENTICATION_PASSWORD": "x"}
    (tmp_path / "authentication.p12").write_bytes(b"x")
    done = line.run("onboard", "taxpayer.json", settings=settings)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_answers_on_the_terminal_say_the_same_as_the_file(
    installation: dict[str, str], pac: FakePac, line: CommandLine
) -> None:
    answers = [
        *(RUC, "2", "40", "Ferretería Uno, S.A.", "", "", "", "", "signature.p12", ""),
        *("", "Avenida Central 1", "+8.9892,-79.5201", "8-8-7", "200-0101", PASSWORD, PASSWORD),
    ]
    done = line.run("onboard", settings=installation, given="".join(f"{answer}\n" for answer in answers))
    assert done.returncode == 3, done.stderr
    (company,) = pac.engine.companies
    assert (company.ruc, company.kind, company.trade_name) == (RUC, "associated", "Ferretería Uno, S.A.")
    assert line.run("onboard", settings=installation, given="").returncode == 2


def test_an_unknown_taxpayer_is_told(installation: dict[str, str], line: CommandLine) -> None:
    for command in ("status", "continue"):
        done = line.run("onboard", command, "nobody", settings=installation)
        assert (done.returncode, "onboarding_not_found" in done.stderr) == (1, True)
