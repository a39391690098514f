"""A stranger's virtual environment, made once."""

import pytest

from tests.plugin.strangers import PLUGIN, StrangersPython, finished, here, link_pytest


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> StrangersPython:
    """Made without a network: pip builds and installs the plugin, pytest is linked from this environment."""
    folder = tmp_path_factory.mktemp("stranger")
    finished(here("-m", "venv", "--without-pip", str(folder / "venv")))
    made = StrangersPython(python=folder / "venv" / "bin" / "python")
    link_pytest(made, folder)
    finished(
        here(
            *("-m", "pip", "--python", str(made.python), "install", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", str(PLUGIN)),
        )
    )
    return made
