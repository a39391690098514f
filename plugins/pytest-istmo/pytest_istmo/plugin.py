"""The fixtures. One process a session; a fresh fake for each test that asks for it."""

import os
import secrets
from collections.abc import Iterator

import pytest

from pytest_istmo.clock import FakePacClock
from pytest_istmo.faults import FakePacFaults
from pytest_istmo.process import (
    COMMAND_OPTION,
    COMMAND_VARIABLE,
    FakePacProcess,
    FakePacStartError,
    IstmoNotFoundError,
    find_istmo,
)
from pytest_istmo.scripting import FakePac

ARGUMENTS_OPTION = "istmo_fake_pac_args"
START_OPTION = "istmo_start_seconds"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings of pytest's configuration."""
    parser.addini(COMMAND_OPTION, f"the istmo command; {COMMAND_VARIABLE} in the environment comes first", default="")
    parser.addini(ARGUMENTS_OPTION, "more arguments of istmo fake-pac, such as --seed 7", type="args", default=[])
    parser.addini(START_OPTION, "how long the fake may take to start", default="60")


@pytest.fixture(scope="session")
def fake_pac_session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakePac]:
    """The process, shared by the session's tests. Use ``fake_pac``, which starts each test afresh."""
    config = request.config
    token = secrets.token_hex(16)  # never begins with a dash, which a command line would take for an option
    try:
        named = os.environ.get(COMMAND_VARIABLE) or str(config.getini(COMMAND_OPTION))
        process = FakePacProcess(
            find_istmo(named, config.rootpath),
            arguments=config.getini(ARGUMENTS_OPTION),
            token=token,
            folder=tmp_path_factory.mktemp("istmo"),
            start_seconds=float(config.getini(START_OPTION)),
        )
    except (IstmoNotFoundError, FakePacStartError) as error:
        pytest.fail(str(error), pytrace=False)
    yield FakePac(process.base_url, token)
    process.stop()


@pytest.fixture
def fake_pac(fake_pac_session: FakePac) -> FakePac:
    """A fake PAC with one company that may issue and nothing else: no documents, no faults, the machine's time."""
    fake_pac_session.reset()
    return fake_pac_session


@pytest.fixture
def fake_pac_clock(fake_pac: FakePac) -> FakePacClock:
    """Its clock."""
    return FakePacClock(fake_pac.wire)


@pytest.fixture
def fake_pac_faults(fake_pac: FakePac) -> FakePacFaults:
    """Its faults: none until planned."""
    return FakePacFaults(fake_pac.wire)
