"""A PEP 517 backend for one pure package: it needs nothing but the standard library, so it builds without a network.

It reads ``pyproject.toml`` and packs ``pytest_istmo``. ``pip install`` and ``python -m build`` both drive it.
"""

import base64
import hashlib
import io
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "pytest_istmo"
LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same sources give the same bytes
Settings = Mapping[str, object] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Nothing."""
    return []


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """Nothing."""
    return []


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Write the wheel and give its name."""
    project = _project()
    stem = f"{PACKAGE}-{project['version']}"
    details = f"{stem}.dist-info"
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in _modules()}
    files[f"{details}/METADATA"] = _metadata(project).encode()
    files[f"{details}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: wheel_backend\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{details}/entry_points.txt"] = _entry_points(project).encode()
    files[f"{details}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    record = [f"{name},{_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{details}/RECORD"] = "\n".join([*record, f"{details}/RECORD,,", ""]).encode()
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for place, content in files.items():
            wheel.writestr(zipfile.ZipInfo(place, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Write the source archive and give its name."""
    project = _project()
    stem = f"{PACKAGE}-{project['version']}"
    kept = [ROOT / "pyproject.toml", ROOT / "README.md", ROOT / "LICENSE", Path(__file__), *_modules()]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in kept}
    files["PKG-INFO"] = _metadata(project).encode()
    name = f"{stem}.tar.gz"
    with tarfile.open(Path(sdist_directory) / name, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for place, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{stem}/{place}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return name


def _project() -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def _modules() -> list[Path]:
    return sorted([*(ROOT / PACKAGE).glob("*.py"), ROOT / PACKAGE / "py.typed"])


def _metadata(project: Mapping[str, object]) -> str:
    lists = (("Requires-Dist", project["dependencies"]), ("Classifier", project["classifiers"]))
    headers = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"License: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"{header}: {value}" for header, values in lists if isinstance(values, list) for value in values),
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join([*headers, "", (ROOT / "README.md").read_text(encoding="utf-8")])


def _entry_points(project: Mapping[str, object]) -> str:
    groups = project["entry-points"]
    if not isinstance(groups, dict):
        message = "project.entry-points must be a table"
        raise TypeError(message)
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {goal}\n" for name, goal in names.items())
        for group, names in groups.items()
    ]
    return "\n".join(lines)


def _digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
