"""Starts and stops what the demo needs: the fake PAC and Istmo, each a real process on loopback."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START_SECONDS = 60.0
STOP_SECONDS = 15.0
COMMAND_SECONDS = 60.0
COMPANY = "01JDEM0F3RR3T3R1A0000000AA"
ISSUER_RUC, ISSUER_DV, ISSUER_NAME = "155000001-2-2020", "40", "Ferretería El Istmo, S.A."


class DemoFailedError(Exception):
    """What went wrong, and what to do about it."""

    def __init__(self, problem: str, advice: str) -> None:
        """``advice`` is one line for whoever ran the demo."""
        super().__init__(problem)
        self.advice = advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where everything runs. The key is an operator's, for the one tenant."""

    api_url: str
    fake_url: str
    webhook_path: str
    api_key: str
    folder: Path


@contextmanager
def running_installation(folder: Path) -> Iterator[Installation]:
    """A fresh installation below ``folder``: SQLite file, local file store, embedded runner, fake PAC beside it.

    Raises DemoFailedError when a part does not come up.
    """
    _make_empty(folder)
    secret = secrets.token_hex(24)
    port, fake_port = _free_port(), _free_port()
    webhook_path = f"/webhooks/pac/{COMPANY}"
    environment = _environment(folder, port, fake_port)
    fake = [
        *("fake-pac", "--port", str(fake_port), "--company-id", COMPANY, "--ruc", ISSUER_RUC, "--name", ISSUER_NAME),
        *("--webhook-url", f"http://127.0.0.1:{port}{webhook_path}", "--webhook-secret", secret),
    ]
    with _process(fake, folder / "fake-pac.log", environment) as fake_pac:
        run_istmo(["migrate"], environment)
        with _process(["serve"], folder / "istmo.log", environment) as istmo:
            _wait_until_ready(fake_pac, f"http://127.0.0.1:{fake_port}/_fake/state")
            api_key = _onboard(environment, secret)  # while the server starts
            _wait_until_ready(istmo, f"http://127.0.0.1:{port}/health/ready")
            yield Installation(
                api_url=f"http://127.0.0.1:{port}",
                fake_url=f"http://127.0.0.1:{fake_port}",
                webhook_path=webhook_path,
                api_key=api_key,
                folder=folder,
            )


def _make_empty(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise DemoFailedError(
            f"{folder} cannot be made empty: {error.strerror or error}",
            f"Remove {folder} by hand, and run the demo in a folder that you may write to.",
        ) from error


def _onboard(environment: dict[str, str], webhook_secret: str) -> str:
    """A tenant with its webhook secret and office, and an operator's key."""
    tenant = run_istmo(
        [
            *("tenant", "create", "--name", ISSUER_NAME, "--ruc", ISSUER_RUC, "--type", "2", "--dv", ISSUER_DV),
            *("--pac-company-id", COMPANY),
        ],
        environment,
    )
    run_istmo(["tenant", "webhook-secret", tenant], environment, given=webhook_secret)
    office = ("--address", "Avenida Balboa, local 4", "--coordinates", "+8.9892,-79.5201", "--location", "8-8-7")
    run_istmo(["office", "create", tenant, "--code", "0000", *office, "--telephone", "200-0101"], environment)
    return run_istmo(["apikey", "create", tenant, "--name", "demo", "--role", "operator"], environment)


def run_istmo(arguments: list[str], environment: dict[str, str], given: str = "") -> str:
    """One ``istmo`` command; its standard output without the last line end. Raises DemoFailedError."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [_istmo(), *arguments],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DemoFailedError(
            f"`istmo {' '.join(arguments[:2])}` took longer than {COMMAND_SECONDS:g} s",
            "Run `make demo` again when the machine has less to do.",
        ) from None
    if done.returncode != 0:
        raise DemoFailedError(
            f"`istmo {' '.join(arguments[:2])}` failed:\n{done.stderr.strip()}",
            "Run `make clean-demo demo`; if it fails again, the message above is a bug worth reporting.",
        )
    return done.stdout.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Started:
    name: str
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def _process(arguments: list[str], log: Path, environment: dict[str, str]) -> Iterator[_Started]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
            [_istmo(), *arguments], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield _Started(name=arguments[0], log=log, process=process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(started: _Started, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and started.process.poll() is None:
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.05)
    raise DemoFailedError(
        f"`istmo {started.name}` did not come up; the end of {started.log}:\n{_tail(started.log)}",
        f"Read {started.log}, mend what it says, and run `make demo` again.",
    )


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def _environment(folder: Path, port: int, fake_port: int) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ISTMO_")}
    return plain | {
        "ISTMO_DATABASE_URL": f"sqlite:///{folder.resolve() / 'istmo.db'}",
        "ISTMO_FILE_STORE_URL": str(folder.resolve() / "files"),
        "ISTMO_HIGH_WATER_URL": str(folder.resolve() / "marks"),
        "ISTMO_SECRETS_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "ISTMO_PAC_BASE_URL": f"http://127.0.0.1:{fake_port}",
        "ISTMO_PAC_KEY": "fake-pac-token",
        "ISTMO_PAC_PLAIN_HTTP_HOSTS": "127.0.0.1",
        "ISTMO_PAC_DOWNLOAD_HOSTS": "127.0.0.1",
        "ISTMO_PORT": str(port),
        "ISTMO_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _istmo() -> str:
    beside = Path(sys.executable).parent / "istmo"
    if not beside.exists():
        raise DemoFailedError("the command `istmo` is not installed", "Run `make demo`, which installs it.")
    return str(beside)
