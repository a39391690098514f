"""What the plugin's distribution is: one package, the standard library and pytest, the project's licence."""

import ast
import email
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.plugin.strangers import PLUGIN, ROOT, finished, here

MODULES = sorted((PLUGIN / "pytest_istmo").glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_imports_pytest_and_the_standard_library_alone(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imports = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imports |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    foreign = {name.partition(".")[0] for name in imports} - sys.stdlib_module_names
    assert foreign <= {"pytest", "pytest_istmo"}


def test_modules_are_short() -> None:
    assert [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_the_licence_is_the_projects() -> None:
    assert (PLUGIN / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_holds_the_package_its_entry_point_and_its_licence(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        wheel = ("-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", str(PLUGIN), "-w", str(tmp_path / folder))
        finished(here(*wheel))
    (first,), (second,) = ((tmp_path / folder).glob("*.whl") for folder in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = set(archive.namelist())
        about = email.message_from_bytes(archive.read("pytest_istmo-0.1.0.dist-info/METADATA"))
        entry_points = archive.read("pytest_istmo-0.1.0.dist-info/entry_points.txt").decode()
    assert {f"pytest_istmo/{path.name}" for path in MODULES} | {"pytest_istmo/py.typed"} <= names
    assert "pytest_istmo-0.1.0.dist-info/licenses/LICENSE" in names
    assert about.get_all("Requires-Dist") == ["pytest>=8"]
    assert about["License"] == "Apache-2.0"
    assert entry_points == "[pytest11]\nistmo = pytest_istmo.plugin\n"


def test_the_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    source = (
        "import sys; sys.path.insert(0, 'build_backend'); import wheel_backend as w; print(w.build_sdist(sys.argv[1]))"
    )
    told = here("-c", source, str(tmp_path), folder=PLUGIN)
    finished(told)
    with tarfile.open(tmp_path / told.stdout.strip()) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / told.stdout.strip().removesuffix(".tar.gz")
    for tree, folder in ((unpacked, "from_source"), (PLUGIN, "from_checkout")):
        finished(
            here(
                *("-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", str(tree), "-w", str(tmp_path / folder)),
            )
        )
    (one,), (other,) = ((tmp_path / folder).glob("*.whl") for folder in ("from_source", "from_checkout"))
    assert one.read_bytes() == other.read_bytes()
