"""What the demo runs on: its own folder and its own fake PAC, never what the environment of the process says."""

import ipaddress
import os
import secrets
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.alanube.fake.engine import DEFAULT_TOKEN
from bootstrap.failures import DemoRefusedError
from bootstrap.settings import Settings, load_settings

HOST = "127.0.0.1"
PAC_VARIABLE = "ISTMO_PAC_BASE_URL"


def refuse_beside_a_real_pac(environment: Mapping[str, str]) -> None:
    """Raises DemoRefusedError where the environment names a PAC beyond this machine: that is no place for a demo."""
    address = environment.get(PAC_VARIABLE, "").strip()
    if address and not _is_loopback(address):
        raise DemoRefusedError(why=f"{PAC_VARIABLE} names a PAC", why_es=f"{PAC_VARIABLE} nombra un PAC")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """Where everything of one demo lies. ``is_kept``: somebody named it, so it stays."""

    path: Path
    is_kept: bool


@contextmanager
def demo_folder(named: Path | None) -> Iterator[DemoFolder]:
    """An empty folder; without a name a temporary one, which goes at the end.

    Raises DemoRefusedError for a folder with something in it: the demo overwrites and reuses nothing.
    """
    if named is None:
        with tempfile.TemporaryDirectory(prefix="istmo-demo-") as made:
            yield DemoFolder(path=Path(made), is_kept=False)
        return
    if named.exists() and (not named.is_dir() or any(named.iterdir())):
        raise DemoRefusedError(why=f"{named} is not an empty folder", why_es=f"{named} no es una carpeta vacía")
    named.mkdir(parents=True, exist_ok=True)
    yield DemoFolder(path=named.resolve(), is_kept=True)


def demo_settings(folder: Path, *, port: int, pac_url: str) -> Settings:
    """The settings of the demo, as if nothing else were set. Everything lies below ``folder``."""
    told = {
        "ISTMO_DATABASE_URL": f"sqlite:///{folder / 'istmo.db'}",
        "ISTMO_FILE_STORE_URL": str(folder / "files"),
        "ISTMO_HIGH_WATER_URL": str(folder / "marks"),
        "ISTMO_SECRETS_KEY": b64encode(secrets.token_bytes(32)).decode(),
        PAC_VARIABLE: pac_url,
        "ISTMO_PAC_KEY": DEFAULT_TOKEN,
        "ISTMO_PAC_PLAIN_HTTP_HOSTS": HOST,
        "ISTMO_PAC_DOWNLOAD_HOSTS": HOST,
        "ISTMO_HOST": HOST,
        "ISTMO_PORT": str(port),
        "ISTMO_PUBLIC_URL": f"http://{HOST}:{port}",
        "ISTMO_EXPLORER": "true",
        "ISTMO_SWEEP_SECONDS": "0.2",
        "ISTMO_LOG_LEVEL": "WARNING",
    }
    with _only(told):
        return load_settings()


@contextmanager
def _only(told: Mapping[str, str]) -> Iterator[None]:
    """The process's environment with these ISTMO_ variables and no other, for as long as settings are loaded."""
    before = {name: value for name, value in os.environ.items() if name.startswith("ISTMO_")}
    for name in before:
        del os.environ[name]
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]
        os.environ.update(before)


def _is_loopback(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
