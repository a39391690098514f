"""``istmo fake-pac`` as the plugin starts it, for tests that speak to it in other languages."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.plugin.strangers import ISTMO, PLUGIN

TOKEN = "-a-token-that-looks-like-an-option"


@dataclass(frozen=True, kw_only=True)
class RunningFake:
    """Where it is."""

    base_url: str
    token: str


@contextmanager
def running_fake(folder: Path) -> Iterator[RunningFake]:
    """One process, stopped at the end."""
    process = _plugin_module("process").FakePacProcess(
        [str(ISTMO)], arguments=(), token=TOKEN, folder=folder, start_seconds=120.0
    )
    try:
        yield RunningFake(base_url=process.base_url, token=TOKEN)
    finally:
        process.stop()


def _plugin_module(name: str) -> ModuleType:
    """A module of the plugin from the checkout: it is not installed here."""
    place = PLUGIN / "pytest_istmo" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"checkout_pytest_istmo_{name}", place)
    if spec is None or spec.loader is None:
        raise ImportError(str(place))
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module
